"""The sweeper heals a lost broker, a killed worker and a missed message."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from celery import current_app
from django.utils import timezone

from foundation.jobs import actions, doorbell, queries
from foundation.jobs.actions import sweep
from foundation.jobs.models import Job
from tests.foundation.jobs.conftest import MakeKind, add, make_due

pytestmark = pytest.mark.django_db


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ids that the broker was told."""
    told: list[int] = []

    def ring(job_id: int, *, expires: float | None = None) -> bool:
        told.append(job_id)
        return True

    monkeypatch.setattr(actions, "ring", ring)
    return told


def test_it_rings_for_due_and_abandoned_jobs_and_no_others(make_kind: MakeKind, rung: list[int]) -> None:
    kind = make_kind()
    hour = timedelta(hours=1)
    due, abandoned, working, done = (add(kind, dedupe=name) for name in ("due", "abandoned", "working", "done"))
    add(kind, dedupe="later", run_after=timezone.now() + hour)
    make_due(due)
    for job, until in ((abandoned, timezone.now() - hour), (working, timezone.now() + hour)):
        Job.objects.filter(pk=job.pk).update(state="running", lease_token=uuid.uuid4(), lease_until=until, rung_at=None)
    Job.objects.filter(pk=done.pk).update(state="done", finished_at=timezone.now(), rung_at=None)
    assert sweep() == 2
    assert sorted(rung) == sorted([due.pk, abandoned.pk])


def test_a_backlog_is_not_told_again_at_every_sweep(make_kind: MakeKind, rung: list[int]) -> None:
    job = add(make_kind())
    assert sweep() == 0  # enqueue told the broker just now
    Job.objects.filter(pk=job.pk).update(rung_at=timezone.now() - timedelta(minutes=1))
    assert [sweep(), sweep()] == [1, 0]
    assert rung == [job.pk]


def test_it_stops_asking_a_broker_that_is_away(make_kind: MakeKind, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def send_task(name: str, **_: object) -> None:
        asked.append(name)
        raise ConnectionError("no broker here")

    monkeypatch.setattr(current_app, "send_task", send_task)
    kind = make_kind()
    for number in range(3):
        make_due(add(kind, dedupe=str(number)))
    assert sweep() == 0
    assert asked == [doorbell.RUN_TASK]
    assert Job.objects.filter(state="queued").count() == 3


def test_a_commit_survives_a_broker_that_is_away(make_kind: MakeKind, monkeypatch: pytest.MonkeyPatch) -> None:
    def send_task(name: str, **_: object) -> None:
        raise ConnectionError("no broker here")

    monkeypatch.setattr(current_app, "send_task", send_task)
    assert doorbell.ring(add(make_kind()).pk) is False


def test_queries_tell_the_backlog_and_the_dead(make_kind: MakeKind) -> None:
    now = timezone.now()
    assert queries.oldest_due_age(now=now) == timedelta(0)
    kind = make_kind()
    old, dead = add(kind, dedupe="old"), add(kind, dedupe="dead", ref="REV-00001")
    Job.objects.filter(pk=old.pk).update(run_after=now - timedelta(minutes=7))
    Job.objects.filter(pk=dead.pk).update(state="dead", finished_at=now)
    assert queries.oldest_due_age(now=now) == timedelta(minutes=7)
    assert list(queries.dead_jobs()) == [dead]
    assert queries.dead_count() == 1
    assert queries.counts() == {"queued": 1, "running": 0, "done": 0, "dead": 1}
    assert list(queries.jobs_about("REV-00001")) == [dead]
    Job.objects.filter(pk=old.pk).update(
        state="running", lease_token=uuid.uuid4(), lease_until=now - timedelta(minutes=9)
    )
    assert queries.oldest_due_age(now=now) == timedelta(minutes=9)
