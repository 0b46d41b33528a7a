"""Reads of the work table: what is dead, how old the backlog is, how much there is."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q, QuerySet

from foundation.jobs.clock import Moment
from foundation.jobs.models import Job
from foundation.jobs.registry import kind_names


def due(now: Moment) -> Q:
    """Queued and due, or running under a lease that ran out because its worker died."""
    return Q(state=Job.State.QUEUED, run_after__lte=now) | Q(state=Job.State.RUNNING, lease_until__lte=now)


def dead_jobs() -> QuerySet[Job]:
    """Jobs that were given up on, the latest first."""
    return Job.objects.filter(state=Job.State.DEAD).order_by("-finished_at", "-id")


def dead_count() -> int:
    """How many jobs were given up on and wait for a person."""
    return Job.objects.filter(state=Job.State.DEAD).count()


def oldest_due_age(*, now: datetime) -> timedelta:
    """How long the oldest due job has waited; zero when nothing waits. A growing age means that no worker works."""
    waiting = Job.objects.filter(state=Job.State.QUEUED, run_after__lte=now).aggregate(since=Min("run_after"))["since"]
    abandoned = Job.objects.filter(state=Job.State.RUNNING, lease_until__lte=now).aggregate(since=Min("lease_until"))[
        "since"
    ]
    return max((now - since for since in (waiting, abandoned) if since), default=timedelta(0))


def stalled_for(*, now: datetime) -> timedelta:
    """How long work that this code can do has been due while nobody took up any; zero while a worker is at some."""
    if Job.objects.filter(state=Job.State.RUNNING, lease_until__gt=now).exists():
        return timedelta(0)
    since = Job.objects.filter(due(now), kind__in=kind_names()).aggregate(since=Min("run_after"))["since"]
    if since is None:
        return timedelta(0)
    last_claim: datetime | None = Job.objects.aggregate(last=Max("claimed_at"))["last"]
    waited: timedelta = now - since
    return min(waited, now - last_claim) if last_claim else waited


def counts() -> dict[str, int]:
    """The number of jobs in each state, zero included."""
    found = {row["state"]: row["number"] for row in Job.objects.values("state").annotate(number=Count("id")).order_by()}
    return {state: found.get(state, 0) for state in Job.State.values}


def jobs_about(ref: str) -> QuerySet[Job]:
    """Every job about one thing, the latest first."""
    return Job.objects.filter(ref=ref).order_by("-id")
