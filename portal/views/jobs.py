"""Jobs that gave up: people see them, and can start them again."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from foundation.accounts.access import person_of
from foundation.accounts.actors import actor_for
from foundation.accounts.models import User
from foundation.accounts.policy import Allowed, Decision, Refused, require
from foundation.accounts.queries import has_role
from foundation.accounts.roles import Role
from foundation.jobs.actions import JobError, retry_dead
from foundation.jobs.models import Job
from foundation.jobs.queries import counts, dead_jobs

SHOWN = 100


def may_see_jobs(person: User) -> Decision:
    if has_role(person, Role.ADMINISTRATOR):
        return Allowed()
    return Refused(_("Jobs are for administrators."))


@login_required
@require_GET
def job_list(request: HttpRequest) -> HttpResponse:
    require(may_see_jobs(person_of(request)))
    waiting = Job.objects.filter(state__in=["queued", "running"]).order_by("run_after")[:SHOWN]
    return render(request, "portal/jobs.html", {"dead": dead_jobs()[:SHOWN], "waiting": waiting, "counts": counts()})


@login_required
@require_POST
def retry(request: HttpRequest, key: int) -> HttpResponse:
    require(may_see_jobs(person_of(request)))
    job = Job.objects.filter(pk=key).first()
    if job is None:
        raise Http404
    try:
        retry_dead(job=job, actor=actor_for(person_of(request)))
    except JobError as error:  # somebody else was quicker
        messages.error(request, str(error))
    else:
        messages.success(request, _("The job starts again."))
    return redirect("portal:jobs")
