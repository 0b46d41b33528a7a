"""Processes of the bench's own, and what Linux says of them. Each is gone when the bench is."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from portal.supervisor import die_with_parent

REPOSITORY = Path(__file__).resolve().parent.parent
WORKERS = 2
TICKS = os.sysconf("SC_CLK_TCK")


class CannotRun(Exception):  # noqa: N818 - reads as the sentence that it carries
    """Something that keeps a part of the bench from running."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(true: Callable[[], object], *, seconds: float, what: str, log: Path | None = None) -> None:
    """Wait for it, or say what did not happen with the last lines of the log."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]) if log else ""
            raise CannotRun(f"Waited {seconds:g} s for {what}.\n{tail}")
        time.sleep(0.05)


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def start(
    command: Sequence[str], *, env: Mapping[str, str], log: Path, user: str | None = None
) -> subprocess.Popen[bytes]:
    """Start a process that dies with this one."""
    parent = os.getpid()
    with log.open("ab") as output:
        return subprocess.Popen(
            list(command),
            env=dict(env),
            cwd=REPOSITORY,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            user=user,
            group=user,
            extra_groups=[] if user else None,
            preexec_fn=lambda: die_with_parent(parent),
        )


def stop(process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGTERM) -> None:
    """End it, with force where asking is not enough."""
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(timeout=10)


@contextmanager
def running(
    command: Sequence[str], *, env: Mapping[str, str], log: Path, user: str | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    process = start(command, env=env, log=log, user=user)
    try:
        yield process
    finally:
        stop(process)


def run(command: Sequence[str], *, env: Mapping[str, str]) -> str:
    """Run a program to its end; its output, or why it failed."""
    done = subprocess.run(list(command), env=dict(env), cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotRun(f"{' '.join(command)} failed:\n{(done.stdout + done.stderr)[-3000:]}")
    return done.stdout


@dataclass
class Web:
    """A gunicorn with its workers."""

    process: subprocess.Popen[bytes]
    port: int

    def workers(self) -> list[int]:
        return children(self.process.pid)

    def cpu_seconds(self) -> float:
        """What the workers have used, user and system, since they began."""
        return sum(cpu_seconds(pid) for pid in self.workers())

    def memory(self) -> tuple[float, float]:
        """Resident and proportional memory of the largest worker, in MB."""
        sizes = [memory(pid) for pid in self.workers()]
        return max(rss for rss, _ in sizes), max(pss for _, pss in sizes)


@contextmanager
def gunicorn(*arguments: str, env: Mapping[str, str], log: Path) -> Iterator[Web]:
    """Serve on a free port of this machine only."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", *arguments]
    with running(command, env=env, log=log) as process:
        web = Web(process, port)
        wait_until(
            lambda: process.poll() is not None or (answers(port) and len(web.workers()) >= WORKERS),
            seconds=60,
            what=f"gunicorn {arguments[-1]}",
            log=log,
        )
        if process.poll() is not None:
            raise CannotRun(f"gunicorn {arguments[-1]} ended:\n{log.read_text(encoding='utf-8')[-3000:]}")
        yield web


def children(pid: int) -> list[int]:
    """The processes that this one started."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def below(pid: int) -> list[int]:
    """Every process below this one."""
    found: list[int] = []
    for child in children(pid):
        found += [child, *below(child)]
    return found


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def peak() -> float:
    """The most that this process has had in memory, in MB. getrusage would count what its parent had."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def memory(pid: int) -> tuple[float, float]:
    """Resident and proportional set size in MB; the latter counts shared pages by their share."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    sizes = {line.split(":")[0]: int(line.split()[1]) for line in lines if line.endswith("kB")}
    return sizes["Rss"] / 1024, sizes["Pss"] / 1024
