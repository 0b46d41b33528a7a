"""Work that comes back by the clock: one job per time slot, however many schedulers tick."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from foundation.jobs.actions import Outcome, run
from foundation.jobs.job_kinds import KEPT
from foundation.jobs.models import Job
from foundation.jobs.registry import Claimed
from foundation.jobs.schedule import Schedule, enqueue_due, every, forget_schedule
from tests.foundation.jobs.conftest import MakeKind, add

NOON = datetime(2026, 3, 1, 12, 0, 30, tzinfo=UTC)


@pytest.fixture
def quarterly() -> Iterator[list[str]]:
    """A schedule that is due every quarter of an hour; the refs that it ran for."""
    ran: list[str] = []

    @every(minutes=15, name="tests.quarterly")
    def note(job: Claimed) -> None:
        ran.append(job.ref)

    yield ran
    forget_schedule("tests.quarterly")


def slots() -> list[str]:
    return list(Job.objects.filter(kind="tests.quarterly").order_by("id").values_list("ref", flat=True))


@pytest.mark.django_db
def test_two_schedulers_and_many_ticks_make_one_job_per_slot(quarterly: list[str]) -> None:
    for minutes in (0, 0, 1, 14):
        enqueue_due(now=NOON + timedelta(minutes=minutes))
    enqueue_due(now=NOON + timedelta(minutes=15))
    assert slots() == ["2026-03-01T12:00:00+00:00", "2026-03-01T12:15:00+00:00"]


@pytest.mark.django_db
def test_slots_missed_while_nothing_ran_are_not_made_up(quarterly: list[str]) -> None:
    enqueue_due(now=NOON)
    enqueue_due(now=NOON + timedelta(days=2))
    assert slots() == ["2026-03-01T12:00:00+00:00", "2026-03-03T12:00:00+00:00"]


@pytest.mark.django_db
def test_a_slot_runs_like_any_job(quarterly: list[str]) -> None:
    enqueue_due(now=NOON)
    job = Job.objects.get(kind="tests.quarterly")
    assert [run(job.pk), run(job.pk)] == [Outcome.DONE, Outcome.NOT_DUE]
    assert quarterly == ["2026-03-01T12:00:00+00:00"]


def test_a_slot_begins_at_its_offset_from_midnight() -> None:
    daily = Schedule(name="daily", period=timedelta(days=1), offset=timedelta(hours=3))
    assert daily.slot(datetime(2026, 3, 1, 2, 59, tzinfo=UTC)) == datetime(2026, 2, 28, 3, 0, tzinfo=UTC)
    assert daily.slot(datetime(2026, 3, 1, 3, 0, tzinfo=UTC)) == datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
    assert daily.dedupe(datetime(2026, 3, 1, 9, 0, tzinfo=UTC)) == "every:daily:2026-03-01T03:00Z"


@pytest.mark.django_db
def test_finished_slots_are_forgotten_after_a_month_and_nothing_else_is(make_kind: MakeKind) -> None:
    kind = make_kind()
    old, now = timezone.now() - KEPT - timedelta(hours=1), timezone.now()
    for dedupe, state, finished in [
        ("every:x:old", "done", old),
        ("every:x:new", "done", now),
        ("every:x:dead", "dead", old),
        ("evidence:REV-00001", "done", old),
    ]:
        Job.objects.filter(pk=add(kind, dedupe=dedupe).pk).update(state=state, finished_at=finished)
    housekeeping = add("jobs.forget_old_slots", dedupe="housekeeping")
    assert run(housekeeping.pk) is Outcome.DONE
    assert sorted(Job.objects.exclude(pk=housekeeping.pk).values_list("dedupe", flat=True)) == [
        "every:x:dead",
        "every:x:new",
        "evidence:REV-00001",
    ]
