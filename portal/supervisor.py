"""Keeps a few programs running: restarts what dies, stops all together, and leaves no orphan when it is killed itself.

Only the standard library, and no Django: this process has to outlive every mistake of the others.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

FIRST_WAIT = 0.5  # seconds before the first restart; doubles at each further death
LONGEST_WAIT = 30.0
STEADY_AFTER = 60.0  # a program that ran this long starts again with the first wait
GRACE = 30.0  # seconds between SIGTERM and SIGKILL
PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int) -> None:
    """Ask Linux to kill this process when its parent dies, however it dies; elsewhere this does nothing.

    Called in a new child. The parent may have died before we asked: then there is nothing left to live for.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)


@dataclass(frozen=True, kw_only=True)
class Program:
    """One program to keep running, or to run once. `delay` lets another have the processor first."""

    name: str
    command: Sequence[str]
    once: bool = False
    delay: float = 0.0


@dataclass
class _Seat:
    """A program's place: the process in it now, and when the next one may start."""

    program: Program
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_after: float = 0.0
    wait: float = FIRST_WAIT


class Supervisor:
    """Runs programs until it is told to stop by SIGTERM or SIGINT."""

    def __init__(
        self,
        programs: Sequence[Program],
        *,
        env: Mapping[str, str],
        cwd: Path,
        say: Callable[[str], None],
        each_turn: Callable[[], None] = lambda: None,
    ) -> None:
        now = time.monotonic()
        self._seats = [_Seat(program, start_after=now + program.delay) for program in programs]
        self._env = dict(env)
        self._cwd = cwd
        self._say = say
        self._each_turn = each_turn
        self._stops_asked = 0

    def run(self) -> int:
        """Start everything, keep it running, and return after all of it has stopped."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)
        while not self._stops_asked:
            for seat in self._seats:
                self._tend(seat)
            self._each_turn()
            time.sleep(0.2)
        self._stop_all()
        return 0

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stops_asked += 1

    def _tend(self, seat: _Seat) -> None:
        now = time.monotonic()
        if seat.process is None:
            if now >= seat.start_after:
                self._start(seat, now)
            return
        code = seat.process.poll()
        if code is None:
            return
        _kill_group(seat.process)  # what it left behind
        seat.process = None
        if seat.program.once:
            seat.start_after = float("inf")
            return
        if now - seat.started_at > STEADY_AFTER:
            seat.wait = FIRST_WAIT
        self._say(f"{seat.program.name} stopped ({_how(code)}); starting it again in {seat.wait:.1f} s.")
        seat.start_after = now + seat.wait
        seat.wait = min(seat.wait * 2, LONGEST_WAIT)

    def _start(self, seat: _Seat, now: float) -> None:
        parent = os.getpid()
        # A session of its own: Ctrl-C in the terminal reaches this process alone, which then stops the others in order.
        seat.process = subprocess.Popen(  # noqa: S603 - our own programs
            list(seat.program.command),
            env=self._env,
            cwd=self._cwd,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=lambda: die_with_parent(parent),
        )
        seat.started_at = now

    def _stop_all(self) -> None:
        """SIGTERM to all at once, then SIGKILL to what has not gone in time, or at the second asking."""
        asked = self._stops_asked
        running = [seat.process for seat in self._seats if seat.process is not None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + GRACE
        while any(process.poll() is None for process in running):
            if time.monotonic() > deadline or self._stops_asked > asked:
                break
            time.sleep(0.1)
        for process in running:
            _kill_group(process)
            process.wait()


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return  # nobody of it is left


def _how(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name
