"""Rivals over one job, each with a database connection of its own."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar

import pytest
from django.db import connection
from django.utils import timezone

from foundation.jobs.actions import Outcome, run
from foundation.jobs.models import Job
from foundation.jobs.registry import Claimed, Finish
from foundation.jobs.schedule import enqueue_due
from tests.foundation.jobs.conftest import MakeKind, add, make_due

pytestmark = pytest.mark.django_db(transaction=True)

T = TypeVar("T")


def at_once(number: int, act: Callable[[], T]) -> list[T]:
    """Call `act` from so many threads that start together."""
    ready = threading.Barrier(number)

    def start() -> T:
        try:
            ready.wait(timeout=20)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return [future.result(timeout=60) for future in [pool.submit(start) for _ in range(number)]]


def test_of_eight_workers_told_of_one_job_one_runs_it(make_kind: MakeKind) -> None:
    ran: list[int] = []

    def work(claimed: Claimed) -> None:
        ran.append(claimed.attempt)
        time.sleep(0.05)

    job = add(make_kind(work))
    outcomes = at_once(8, lambda: run(job.pk))
    assert sorted(outcomes) == sorted([Outcome.DONE] + [Outcome.NOT_DUE] * 7)
    assert ran == [1]


def test_of_eight_workers_that_find_an_abandoned_job_one_takes_it_over(make_kind: MakeKind) -> None:
    ran: list[int] = []
    job = add(make_kind(lambda claimed: ran.append(claimed.attempt)))
    Job.objects.filter(pk=job.pk).update(
        state="running", attempts=1, lease_token=uuid.uuid4(), lease_until=timezone.now() - timedelta(seconds=1)
    )
    assert sorted(at_once(8, lambda: run(job.pk))).count(Outcome.DONE) == 1
    assert ran == [2]


def test_eight_callers_with_one_dedupe_key_get_one_job(make_kind: MakeKind) -> None:
    kind = make_kind()
    jobs = at_once(8, lambda: add(kind, dedupe="the same").pk)
    assert len(set(jobs)) == 1
    assert Job.objects.count() == 1


def test_eight_schedulers_that_tick_together_make_one_job_per_slot() -> None:
    now = timezone.now()
    at_once(8, lambda: enqueue_due(now=now))
    slots = list(Job.objects.filter(dedupe__startswith="every:").values_list("dedupe", flat=True))
    assert slots
    assert len(slots) == len(set(slots))


def test_a_slow_worker_whose_job_was_taken_over_commits_nothing(make_kind: MakeKind) -> None:
    """The first worker sleeps past its lease without a heartbeat, as a suspended machine would; the second finishes."""
    begun, taken_over = threading.Event(), threading.Event()
    written: list[int] = []

    def work(claimed: Claimed) -> Finish:
        if claimed.attempt == 1:
            make_due(Job.objects.get(pk=claimed.id))
            begun.set()
            assert taken_over.wait(20)
        return lambda: written.append(claimed.attempt)

    job = add(make_kind(work))

    def first() -> Outcome:
        try:
            return run(job.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(first)
        assert begun.wait(20)
        assert run(job.pk) is Outcome.DONE
        taken_over.set()
        assert slow.result(timeout=20) is Outcome.FENCED_OUT
    assert written == [2]
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 2)


def test_a_long_job_keeps_its_lease_while_its_worker_lives(make_kind: MakeKind) -> None:
    leases: list[object] = []

    def work(claimed: Claimed) -> None:
        for _ in range(2):
            leases.append(Job.objects.get(pk=claimed.id).lease_until)
            time.sleep(1.2)
            assert run(claimed.id) is Outcome.NOT_DUE

    job = add(make_kind(work, lease=timedelta(seconds=1)))
    assert run(job.pk) is Outcome.DONE
    assert leases[1] > leases[0]  # type: ignore[operator]
