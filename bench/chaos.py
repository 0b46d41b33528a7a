"""Kill workers, Redis and PostgreSQL while work comes in, and count what is left of what was acknowledged.

Everything is real but the rendering: the job table, the doorbell, Celery's workers and its scheduler. Each process of
the bench measures one back end, because Django reads its settings once: `python -m bench.chaos sqlite FOLDER`.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from bench.databases import OwnPostgres, own_postgres, own_redis, redis_program
from bench.figures import table
from bench.processes import CannotRun, below, free_port, running, stop

CLIENTS = 4
PAUSE = 0.25  # seconds between two submissions of a client: about what two workers can do
LONGEST_DRAIN = 90.0
CELERY = [sys.executable, "-W", "ignore", "-m", "celery", "-A", "bench.chaos_work", "--quiet"]
WORKER = [*CELERY, "worker", "--concurrency", "2", "--loglevel", "WARNING"]
BEAT = [*CELERY, "beat", "--pidfile=", "--loglevel", "WARNING"]


def main(arguments: list[str]) -> int:
    """0 when it ran to its end, whatever was lost; the table says that."""
    parser = argparse.ArgumentParser(prog="python -m bench.chaos", description=__doc__)
    parser.add_argument("backend", choices=["sqlite", "postgresql"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=10.0)
    options = parser.parse_args(arguments)
    try:
        with ExitStack() as stack:
            kill_and_count(options.backend, options.folder, options.seconds, stack)
    except CannotRun as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def kill_and_count(backend: str, folder: Path, seconds: float, stack: ExitStack) -> None:
    """Set everything up, make trouble, wait for the rest to be done, and print what was found."""
    if redis_program() is None:
        raise CannotRun("Redis is not installed here.")
    server = stack.enter_context(own_postgres(folder)) if backend == "postgresql" else None
    if server:
        os.environ["DATABASE_URL"] = server.address
    port = free_port()
    os.environ["REDIS_URL"] = f"redis://127.0.0.1:{port}/0"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from bench import chaos_work

    stack.callback(connections.close_all)
    call_command("migrate", interactive=False, verbosity=0)
    chaos_work.register()
    stage = Stage(folder, port, server)
    stack.callback(stage.close)
    stage.start()
    clients = Clients()
    clients.start()
    stage.make_trouble(seconds)
    clients.stop()
    began = time.monotonic()
    while time.monotonic() - began < LONGEST_DRAIN and jobs_left():
        stage.replace_the_dead()
        time.sleep(0.1)
    drain = time.monotonic() - began
    print(result(backend, stage, clients, drain), end="\n\n", flush=True)


class Stage:
    """The processes around the database, and how often each was killed."""

    def __init__(self, folder: Path, port: int, server: OwnPostgres | None) -> None:
        self.folder = folder
        self.port = port
        self.server = server
        self.kills: Counter[str] = Counter()
        self.choose = random.Random(2026)

    def start(self) -> None:
        self._start_redis()
        self._start_worker()
        self._beat = running(BEAT, env=os.environ, log=self.folder / "beat.log")
        self.beat = self._beat.__enter__()

    def close(self) -> None:
        self._kill_worker()
        stop(self.beat, signal.SIGKILL)
        self._redis.__exit__(None, None, None)

    def make_trouble(self, seconds: float) -> None:
        """SIGKILL in turn: the pool's processes, Redis, the whole worker, PostgreSQL."""
        troubles = [self.kill_worker, self.kill_redis, self.kill_pool_process]
        if self.server:
            troubles.append(self.kill_postgres)
        deadline = time.monotonic() + seconds
        for trouble in itertools.cycle(troubles):
            time.sleep(max(0.0, min(self.choose.uniform(1.0, 2.0), deadline - time.monotonic())))
            if time.monotonic() >= deadline:
                return
            trouble()
            self.replace_the_dead()

    def replace_the_dead(self) -> None:
        """What the supervisor does: a worker that ended is started again."""
        if self.worker.poll() is not None:
            self._start_worker()

    def kill_worker(self) -> None:
        self._kill_worker()
        self.kills["worker"] += 1

    def kill_pool_process(self) -> None:
        pool = below(self.worker.pid)
        if pool:
            os.kill(self.choose.choice(pool), signal.SIGKILL)
            self.kills["pool process"] += 1

    def kill_redis(self) -> None:
        """It remembers nothing, and comes back empty at the same address."""
        stop(self.redis, signal.SIGKILL)
        self._redis.__exit__(None, None, None)
        self.kills["Redis"] += 1
        time.sleep(0.3)
        self._start_redis()

    def kill_postgres(self) -> None:
        if self.server:
            self.server.kill()
            self.kills["PostgreSQL"] += 1
            time.sleep(0.3)
            self.server.start()

    def _kill_worker(self) -> None:
        """Worker and pool in one blow, as when a container is killed."""
        pool = below(self.worker.pid)
        stop(self.worker, signal.SIGKILL)
        for pid in pool:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue  # it died with its parent

    def _start_redis(self) -> None:
        self._redis = own_redis(self.port, self.folder / "redis.log")
        self.redis = self._redis.__enter__()

    def _start_worker(self) -> None:
        self._worker = running(WORKER, env=os.environ, log=self.folder / "worker.log")
        self.worker = self._worker.__enter__()


class Clients:
    """Threads that enqueue work as actions do, every key twice, and note what was acknowledged."""

    def __init__(self) -> None:
        self.acknowledged: set[str] = set()
        self.refused = 0
        self._over = threading.Event()
        self._numbers = itertools.count(1)
        self._threads = [threading.Thread(target=self._submit, daemon=True) for _ in range(CLIENTS)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _submit(self) -> None:
        from django.db import DatabaseError, connection, transaction

        from bench.chaos_work import KIND
        from foundation.jobs.actions import enqueue

        while not self._over.wait(PAUSE):
            ref = f"BEN-{next(self._numbers):05d}"
            for _ in range(2):
                try:
                    with transaction.atomic():
                        enqueue(kind=KIND, dedupe=f"bench:{ref}", ref=ref)
                    self.acknowledged.add(ref)
                except DatabaseError:
                    self.refused += 1  # nobody was told that this work is taken on
                    connection.close()
        connection.close()


def jobs_left() -> bool:
    from django.db import DatabaseError, connection

    from bench.chaos_work import KIND
    from foundation.jobs.models import Job

    try:
        return Job.objects.filter(kind=KIND, state__in=["queued", "running"]).exists()
    except DatabaseError:
        connection.close()
        return True


def result(backend: str, stage: Stage, clients: Clients, drain: float) -> str:
    """What was acknowledged, and what became of it."""
    from bench.chaos_work import KIND, content
    from foundation.audit.kinds import Kind
    from foundation.audit.models import Event
    from foundation.audit.verify import verify_chain
    from foundation.files import store
    from foundation.files.errors import DamagedFile, FileError
    from foundation.jobs.models import Job

    evidence = Counter(Event.objects.filter(kind=Kind.EVIDENCE_BUILT).values_list("subject", flat=True))
    missing = clients.acknowledged - set(evidence)
    duplicates = sum(number - 1 for number in evidence.values())
    bad = 0
    for ref in evidence:
        try:
            store.read(hashlib.sha256(content(ref)).hexdigest())
        except (DamagedFile, FileError):
            bad += 1
    jobs = Job.objects.filter(kind=KIND)
    head = [
        "chaos",
        "kill -9",
        "acknowledged",
        "missing",
        "evidence",
        "duplicate",
        "bad file",
        "retried",
        "dead",
        "drain",
        "log",
    ]
    kills = ", ".join(f"{name} {number}" for name, number in stage.kills.items())
    verified = verify_chain()
    row = [
        f"{'SQLite' if backend == 'sqlite' else 'PostgreSQL'} / Redis no persistence",
        kills,
        *map(str, (len(clients.acknowledged), len(missing), sum(evidence.values()), duplicates, bad)),
        str(jobs.filter(attempts__gt=1).count()),
        str(jobs.filter(state="dead").count()),
        f"{drain:.0f} s",
        "verifies" if verified.ok else f"BROKEN: {verified.sentence}",
    ]
    return table(head, [row])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
