"""Job kinds that exist for one test only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from foundation.jobs.actions import enqueue
from foundation.jobs.models import Job
from foundation.jobs.registry import Handler, forget_kind, job_kind

MakeKind = Callable[..., str]


@pytest.fixture
def make_kind() -> Iterator[MakeKind]:
    """Register a handler under a name of its own, and take it out again afterwards."""
    made: list[str] = []

    def make(
        handler: Handler = lambda job: None,
        *,
        name: str = "tests.work",
        lease: timedelta = timedelta(minutes=1),
        max_attempts: int = 3,
    ) -> str:
        job_kind(name, lease=lease, max_attempts=max_attempts)(handler)
        made.append(name)
        return name

    yield make
    for name in made:
        forget_kind(name)


def add(kind: str, *, dedupe: str = "one", **more: object) -> Job:
    """Enqueue in a transaction of its own."""
    with transaction.atomic():
        return enqueue(kind=kind, dedupe=dedupe, **more)  # type: ignore[arg-type]


def make_due(job: Job) -> None:
    """Move a job's due time, or its lease, into the past."""
    past = timezone.now() - timedelta(minutes=5)
    Job.objects.filter(pk=job.pk, state="queued").update(run_after=past, rung_at=None)
    Job.objects.filter(pk=job.pk, state="running").update(lease_until=past, rung_at=None)
