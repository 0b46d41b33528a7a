"""Runs of pytest, one after the other or two at once with their output one after the other. Used by _suites.py.

Only the standard library and psycopg: this has to end what it started whatever becomes of it.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit, urlunsplit

import psycopg

REPOSITORY = Path(__file__).resolve().parent.parent
OWN_VARIABLES = ("DATABASE_URL", "REDIS_URL", "PRODUCTION", "DEMO", "DEBUG", "SECRET_KEY", "KEY_SECRET")
GRACE = 20.0  # seconds for pytest to put its fixtures away before it is killed
ENDS_BY_ITSELF = 5.0  # seconds for a run in the foreground, which had the Ctrl-C of the terminal already
LOOK_EVERY = 0.2
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Services:
    """PostgreSQL and Redis, and the file that keeps another run off the same Redis database."""

    database_url: str
    redis_url: str
    held: object


@dataclass(frozen=True)
class Result:
    """One run of pytest: what it ran on, how it ended, how long it took."""

    name: str
    code: int
    seconds: float


@dataclass
class Run:
    """One run of pytest with a data folder and a test database of its own."""

    name: str
    arguments: Sequence[str]
    services: Services | None = None
    more: dict[str, str] = field(default_factory=dict)
    command: Sequence[str] = (sys.executable, "-m", "pytest")
    _process: subprocess.Popen[bytes] | None = None
    _apart: bool = False
    _database: str = ""
    _folder: Path | None = None
    _began: float = 0.0
    _took: float = 0.0

    def start(self, output: IO[bytes] | None = None) -> None:
        """Begin. With `output` it writes there, asks nobody anything, and a Ctrl-C reaches it through stop() only."""
        self._folder = Path(tempfile.mkdtemp(prefix="licence-desk-test-"))
        self._database = f"licence_desk_{os.getpid()}_{secrets.token_hex(3)}"
        self._began = time.monotonic()
        parent, apart = os.getpid(), output is not None
        self._apart = apart
        self._process = subprocess.Popen(  # noqa: S603 - our own tests
            [*self.command, *self.arguments],
            env=self._environment(),
            cwd=REPOSITORY,
            stdin=subprocess.DEVNULL if apart else None,
            stdout=output,
            stderr=subprocess.STDOUT if apart else None,
            process_group=0 if apart else None,
            preexec_fn=lambda: _die_with_parent(parent),
        )

    @property
    def is_running(self) -> bool:
        if self._process is None or self._process.poll() is not None:
            self._took = self._took or time.monotonic() - self._began
            return False
        return True

    def result(self) -> Result:
        """Wait for its end, and clear away what it had for itself."""
        assert self._process is not None
        code = self._process.wait()
        self._took = self._took or time.monotonic() - self._began
        self._clear_away()
        return Result(self.name, code, self._took)

    def ask_to_stop(self) -> None:
        """As Ctrl-C does: once, since a second time pytest would leave its fixtures where they are."""
        if self._process is not None and self._process.poll() is None:
            if not self._apart:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._process.wait(ENDS_BY_ITSELF)
            self._process.send_signal(signal.SIGINT)

    def stop(self) -> None:
        """Wait until it ends, which it was asked to, or end it."""
        if self._process is not None:
            try:
                self._process.wait(GRACE)
            except subprocess.TimeoutExpired:
                self._kill()
                self._process.wait()
        self._clear_away()

    def _kill(self) -> None:
        """With everything that it started, where it has a group of its own: kill tests run servers."""
        assert self._process is not None
        if self._apart:
            os.killpg(self._process.pid, signal.SIGKILL)
        else:
            self._process.kill()

    def _environment(self) -> dict[str, str]:
        environment = {**os.environ, "DATA_DIR": str(self._folder), **self.more}
        if self._apart and sys.stdout.isatty():  # what it writes goes to this terminal in the end
            environment |= {"PY_COLORS": "1", "COLUMNS": str(shutil.get_terminal_size().columns)}
        for variable in OWN_VARIABLES:
            environment.pop(variable, None)
        if self.services:
            url = urlsplit(self.services.database_url)._replace(path=f"/{self._database}")
            environment |= {"DATABASE_URL": urlunsplit(url), "REDIS_URL": self.services.redis_url}
        return environment

    def _clear_away(self) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            if self.services:
                with contextlib.suppress(psycopg.OperationalError):  # it may be gone, and the report still counts
                    drop(self.services.database_url, f"test_{self._database}")
        self._folder = None


def one(run: Run) -> Result:
    """A run in the foreground: it has the terminal, so a debugger works."""
    say(f"\n== {run.name}")
    run.start()
    try:
        return run.result()
    finally:
        _end(run)


def at_once(first: Run, second: Run) -> list[Result]:
    """Both together. The output of the first is shown as it comes, then all of the second's, then how that goes on."""
    with tempfile.TemporaryDirectory(prefix="licence-desk-output-") as folder:
        runs = [(run, Path(folder) / str(number)) for number, run in enumerate((first, second))]
        try:
            for run, file in runs:
                with file.open("wb") as output:
                    run.start(output)
            results = []
            for place, (run, file) in enumerate(runs):
                beside = f" ({second.name} at the same time: its output follows)" if place == 0 else ""
                say(f"\n== {run.name}{beside}")
                _follow(run, file)
                results.append(run.result())
            return results
        finally:
            _end(first, second)


def _end(*runs: Run) -> None:
    """End what still runs, all at once. Asked once more meanwhile it does nothing: something would be left behind."""
    asks = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {one: signal.signal(one, signal.SIG_IGN) for one in asks}
    try:
        for run in runs:
            run.ask_to_stop()
        for run in runs:
            run.stop()
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _follow(run: Run, file: Path) -> None:
    """Print what the run writes until it has ended."""
    with file.open("rb") as written:
        while True:
            running = run.is_running
            while piece := written.read(64 * 1024):
                sys.stdout.buffer.write(piece)
                sys.stdout.flush()
            if not running:
                return
            time.sleep(LOOK_EVERY)


def _die_with_parent(parent: int) -> None:
    """As portal.supervisor has it, which this program cannot import: runs end with whoever waits for them."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)


def drop(database_url: str, name: str) -> None:
    """Remove the test database of a run that was cut short; after a whole run there is nothing left to remove."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - this is a program that a person runs
