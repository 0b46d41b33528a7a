"""Starting and killing real processes, and saying plainly which one a machine lacks."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
import redis
from django.db import connection

from portal.supervisor import die_with_parent

REPOSITORY = Path(__file__).resolve().parent.parent.parent


def need(program: str) -> str:
    """The path of a program; the test is skipped where it is absent, or fails where REQUIRE_SERVICES is set."""
    found = shutil.which(program)
    if found is None:
        sentence = f"{program} is not installed here, so this cannot be tried."
        if os.environ.get("REQUIRE_SERVICES"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(true: Callable[[], object], *, seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"Waited {seconds} s for {what}."
        time.sleep(0.1)


def alive(pid: int) -> bool:
    """Whether the process runs; one that only waits to be reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] not in {"Z", "X"}
    except (FileNotFoundError, ProcessLookupError):
        return False


def own_children(pid: int) -> set[int]:
    """The processes that this one started."""
    try:
        lists = [path.read_text(encoding="utf-8") for path in Path(f"/proc/{pid}/task").glob("*/children")]
    except (FileNotFoundError, ProcessLookupError):  # it ended while we looked
        return set()
    return {int(child) for line in lists for child in line.split()}


def children(pid: int) -> set[int]:
    """Every process below this one."""
    direct = own_children(pid)
    return direct.union(*map(children, direct))


def kill(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL, as the machine's out-of-memory killer sends it."""
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=10)


@contextmanager
def started(command: list[str], *, env: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is gone when the test is, whatever happens to the test."""
    parent = os.getpid()
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            env=env,
            cwd=REPOSITORY,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=lambda: die_with_parent(parent),
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            kill(process)


def database_url() -> str:
    """The address of the test database that this test runs in."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    secret = f":{quote(settings['PASSWORD'])}" if settings["PASSWORD"] else ""
    host = f"{settings['HOST'] or '127.0.0.1'}:{settings['PORT'] or 5432}"
    return f"postgresql://{quote(settings['USER'])}{secret}@{host}/{settings['NAME']}"


def celery_command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "celery", "-A", "tests.services.fast_portal:app", *arguments]


@contextmanager
def own_redis(port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A Redis of the test's own that remembers nothing when it dies."""
    command = [need("redis-server"), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with started(command, env=dict(os.environ), log=log) as process:
        with redis.Redis(port=port) as client:
            wait_until(lambda: _answers(client), seconds=10, what="Redis")
        yield process


def _answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False
