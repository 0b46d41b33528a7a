"""What a load balancer is told: up, ready, or not ready and why."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import RequestFactory
from django.utils import timezone

from foundation.audit import triggers
from foundation.jobs.models import Job
from portal.views.health import healthz, readyz


def ask() -> tuple[int, dict[str, Any]]:
    response = readyz(RequestFactory().get("/readyz"))
    return response.status_code, json.loads(response.content)


def a_job(**more: Any) -> Job:
    now = timezone.now()
    return Job.objects.create(kind="x", dedupe="x", **{"run_after": now, "created_at": now, **more})


def test_the_process_says_that_it_is_up_without_asking_anything_else() -> None:
    response = healthz(RequestFactory().get("/healthz"))
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_it_is_ready_when_nothing_is_wrong() -> None:
    assert ask() == (200, {"ready": True, "reasons": [], "warnings": [], "jobs": {"oldest_due_seconds": 0, "dead": 0}})


@pytest.mark.django_db
def test_it_is_not_ready_while_work_waits_for_a_worker() -> None:
    a_job(run_after=timezone.now() - timedelta(minutes=11))
    status, body = ask()
    assert status == 503
    assert body["reasons"] == ["Work has been due for 11 minutes: check that a worker and the scheduler run."]


@pytest.mark.django_db
def test_dead_jobs_are_a_warning_and_do_not_take_the_portal_away() -> None:
    a_job(state="dead", finished_at=timezone.now())
    status, body = ask()
    assert (status, body["jobs"]["dead"]) == (200, 1)
    assert "given up on" in body["warnings"][0]


@pytest.mark.django_db
def test_it_is_not_ready_when_the_log_has_lost_a_trigger() -> None:
    triggers.remove(connection)
    status, body = ask()
    assert status == 503
    assert "protect_audit" in body["reasons"][0]


@pytest.mark.django_db
def test_it_is_not_ready_on_a_database_that_is_older_than_the_code() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'jobs'")
    assert ask()[1]["reasons"] == ["The database is older than this code: run manage.py migrate."]


@pytest.mark.django_db
def test_it_says_so_when_the_database_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", refuse)
    status, body = ask()
    assert (status, body["reasons"]) == (503, ["The database does not answer."])
