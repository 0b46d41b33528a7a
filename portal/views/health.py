"""Whether the process is up, and whether the portal can do its work. For load balancers, monitors and bin/serve."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from foundation.audit import triggers
from foundation.jobs import queries
from foundation.keys.health import key_problems

OLDEST_DUE_JOB = timedelta(minutes=10)


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers. Touches nothing else, so that an absent database does not restart the web servers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the portal can do its work, else 503; both say what was looked at, and what is wrong in sentences."""
    reasons: list[str] = []
    warnings: list[str] = []
    jobs: dict[str, int] = {}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        for check in (_migrations, _triggers):
            reasons += check()
        if not reasons:
            jobs = _jobs(reasons, warnings)
    except DatabaseError:
        reasons.append("The database does not answer.")
    for problem in key_problems():
        (reasons if problem.serious else warnings).append(problem.sentence)
    body = {"ready": not reasons, "reasons": reasons, "warnings": warnings, "jobs": jobs}
    return JsonResponse(body, status=503 if reasons else 200)


def _jobs(reasons: list[str], warnings: list[str]) -> dict[str, int]:
    """The backlog: an old one means that no worker works. A dead job waits for a person but stops nothing."""
    age, dead = queries.oldest_due_age(now=timezone.now()), queries.dead_count()
    if age > OLDEST_DUE_JOB:
        minutes = age // timedelta(minutes=1)
        reasons.append(f"Work has been due for {minutes} minutes: check that a worker and the scheduler run.")
    if dead:
        warnings.append(f"{dead} jobs were given up on: look at them on the page of dead jobs.")
    return {"oldest_due_seconds": int(age.total_seconds()), "dead": dead}


def _triggers() -> Iterator[str]:
    """The triggers that keep the log append-only; without them it is only a table."""
    if absent := triggers.missing(connection):
        yield f"The log is not protected: {', '.join(absent)} missing or changed. Run manage.py protect_audit."


def _migrations() -> Iterator[str]:
    """Migrations that this code needs and the database has not had."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield "The database is older than this code: run manage.py migrate."
