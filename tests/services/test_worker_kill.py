"""Losing a worker, one of its processes or the broker loses no work and doubles none. Everything here is real."""

from __future__ import annotations

import os
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import transaction

from foundation.audit.models import Event
from foundation.jobs import actions
from foundation.jobs.models import Job
from foundation.jobs.registry import forget_kind, job_kind
from tests.services.processes import (
    alive,
    celery_command,
    children,
    database_url,
    free_port,
    kill,
    own_children,
    own_redis,
    started,
    wait_until,
)

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

NUMBER = 12
WORKER = ["worker", "--concurrency", "2", "--loglevel", "INFO"]
SUPERVISED = """
import os, pathlib, sys
from portal.supervisor import Program, Supervisor
programs = [Program(name="worker", command=sys.argv[1:])]
Supervisor(programs, env=dict(os.environ), cwd=pathlib.Path.cwd(), say=lambda line: print(line, flush=True)).run()
"""
FOLDER_WORKER = [*WORKER, "--without-gossip", "--without-mingle", "--without-heartbeat"]


@dataclass
class Desk:
    """A database with slow work queued, and the processes around it."""

    folder: Path
    env: dict[str, str]
    stack: ExitStack

    @contextmanager
    def supervised_worker(self) -> Iterator[int]:
        """A worker under a supervisor, as bin/serve has it; the supervisor's pid."""
        flags = WORKER if self.env["REDIS_URL"] else FOLDER_WORKER
        command = [sys.executable, "-c", SUPERVISED, *celery_command(*flags)]
        with started(command, env=self.env, log=self.folder / "worker.log") as supervisor:
            yield supervisor.pid
            below = children(supervisor.pid)
            kill(supervisor)
            wait_until(lambda: not any(map(alive, below)), seconds=5, what="the pool to die with its supervisor")

    def begun(self) -> int:
        return len(list(self.folder.glob("run-*")))

    def done(self) -> int:
        return Job.objects.filter(kind="tests.slow_work", state="done").count()

    def wait_for_some(self) -> None:
        wait_until(lambda: self.done() >= 2 and self.begun() > self.done(), seconds=60, what="work in hand")

    def wait_for_all(self) -> None:
        wait_until(lambda: self.done() == NUMBER, seconds=90, what="all work to be done")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """Twelve jobs, of which the broker was told nothing, and a scheduler. The broker is a folder unless a test says."""
    job_kind("tests.slow_work")(lambda job: None)  # known here so that it can be enqueued; the worker has the real one
    monkeypatch.setattr(actions, "ring", lambda job_id, expires=None: False)
    env = {**os.environ, "DATABASE_URL": database_url(), "DATA_DIR": str(tmp_path), "REDIS_URL": ""}
    with transaction.atomic():
        for number in range(NUMBER):
            actions.enqueue(kind="tests.slow_work", dedupe=f"slow {number}", ref=f"REV-{number:05d}")
    with ExitStack() as stack:
        yield Desk(tmp_path, env, stack)
    forget_kind("tests.slow_work")


def start_scheduler(desk: Desk) -> None:
    desk.stack.enter_context(started(celery_command("beat", "--pidfile="), env=desk.env, log=desk.folder / "beat.log"))


def each_took_effect_once() -> None:
    effects = Counter(Event.objects.filter(kind="job.retried").values_list("subject", flat=True))
    assert effects == {f"REV-{number:05d}": 1 for number in range(NUMBER)}


def test_a_killed_worker_loses_no_work_and_doubles_none(desk: Desk) -> None:
    start_scheduler(desk)
    with desk.supervised_worker() as supervisor:
        desk.wait_for_some()
        (worker,) = own_children(supervisor)
        pool = own_children(worker)
        os.kill(worker, signal.SIGKILL)
        wait_until(lambda: not any(map(alive, pool)), seconds=5, what="the pool to die with its worker")
        assert desk.done() < NUMBER
        desk.wait_for_all()
    each_took_effect_once()
    assert Job.objects.filter(attempts__gt=1).exists(), "the kill hit no running job, so nothing was shown"


def test_killed_pool_processes_lose_no_work_and_double_none(desk: Desk) -> None:
    start_scheduler(desk)
    with desk.supervised_worker() as supervisor:
        desk.wait_for_some()
        (worker,) = own_children(supervisor)
        for process in own_children(worker):
            os.kill(process, signal.SIGKILL)
        desk.wait_for_all()
    each_took_effect_once()
    assert Job.objects.filter(attempts__gt=1).exists(), "the kill hit no running job, so nothing was shown"


def test_a_killed_redis_with_work_queued_loses_no_work_and_doubles_none(desk: Desk) -> None:
    port, log = free_port(), desk.folder / "redis.log"
    desk.env["REDIS_URL"] = f"redis://127.0.0.1:{port}/0"
    with own_redis(port, log) as first:
        start_scheduler(desk)
        with desk.supervised_worker():
            desk.wait_for_some()
            kill(first)
            with own_redis(port, log):  # empty: every queued message is gone
                desk.wait_for_all()
    each_took_effect_once()
