"""A worker that lives but no longer works is found out."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from foundation.jobs import queries, watchdog
from foundation.jobs.actions import Outcome, run
from foundation.jobs.models import Job
from foundation.jobs.registry import forget_kind
from tests.foundation.jobs.conftest import MakeKind, add, make_due


@pytest.mark.django_db
def test_work_is_stalled_when_it_is_due_and_nobody_is_at_any(make_kind: MakeKind) -> None:
    now = timezone.now()
    assert queries.stalled_for(now=now) == timedelta(0)
    kind = make_kind()
    waiting, running = add(kind, dedupe="waiting"), add(kind, dedupe="running")
    Job.objects.filter(pk=waiting.pk).update(run_after=now - timedelta(minutes=9))
    assert queries.stalled_for(now=now) == timedelta(minutes=9)
    Job.objects.filter(pk=running.pk).update(
        state="running", lease_token=uuid.uuid4(), lease_until=now + timedelta(minutes=1)
    )
    assert queries.stalled_for(now=now) == timedelta(0)


@pytest.mark.django_db
def test_work_that_this_code_cannot_do_is_not_held_against_it(make_kind: MakeKind) -> None:
    make_due(add(make_kind(name="tests.newer")))
    forget_kind("tests.newer")
    assert queries.stalled_for(now=timezone.now()) == timedelta(0)


@pytest.mark.django_db
def test_many_short_jobs_are_no_stall_although_nobody_is_seen_at_them(make_kind: MakeKind) -> None:
    now = timezone.now()
    kind = make_kind()
    make_due(add(kind, dedupe="still waiting"))
    assert run(add(kind, dedupe="just done").pk) is Outcome.DONE
    assert queries.stalled_for(now=timezone.now()) < timedelta(seconds=30)
    assert queries.stalled_for(now=now + timedelta(minutes=3)) > timedelta(minutes=2)


@pytest.mark.django_db(transaction=True)
def test_a_worker_ends_itself_once_work_has_stalled_and_not_before(make_kind: MakeKind) -> None:
    ended = threading.Event()
    job = add(make_kind(), run_after=timezone.now() + timedelta(hours=1))
    over = watchdog.start(stalled_after=timedelta(seconds=0.2), give_up=ended.set)
    assert not ended.wait(1)
    make_due(job)
    assert ended.wait(10)
    over.set()


@pytest.mark.django_db(transaction=True)
def test_what_waited_before_the_worker_came_is_not_held_against_it(make_kind: MakeKind) -> None:
    ended = threading.Event()
    make_due(add(make_kind()))
    over = watchdog.start(stalled_after=timedelta(seconds=2), give_up=ended.set)
    assert not ended.wait(1)
    over.set()
