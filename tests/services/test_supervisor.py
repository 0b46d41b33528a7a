"""The supervisor restarts what dies, and leaves nothing behind however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.services.processes import alive, children, free_port, kill, started, wait_until

pytestmark = pytest.mark.services

STAND_IN = """
import pathlib, sys
from portal.supervisor import Program, Supervisor

folder = sys.argv[1]
note = f"import pathlib; pathlib.Path({folder!r}, %r).open('a').write('x');"
sleep = "import signal, time; time.sleep(600)"
deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
programs = [
    Program(name="steady", command=[sys.executable, "-c", sleep]),
    Program(name="stubborn", command=[sys.executable, "-c", deaf]),
    Program(name="brittle", command=[sys.executable, "-c", note % "starts" + "raise SystemExit(3)"]),
    Program(name="once", command=[sys.executable, "-c", note % "once"], once=True),
]
Supervisor(programs, env={}, cwd=pathlib.Path.cwd(), say=lambda line: print(line, flush=True)).run()
"""


@contextmanager
def supervisor(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    with started([sys.executable, "-c", STAND_IN, str(folder)], env=dict(os.environ), log=folder / "log") as process:
        wait_until(lambda: (folder / "starts").exists() and len(children(process.pid)) >= 2, seconds=20, what="a start")
        yield process


def size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def test_it_starts_again_what_dies_and_waits_longer_each_time(tmp_path: Path) -> None:
    with supervisor(tmp_path):
        wait_until(lambda: size(tmp_path / "starts") >= 4, seconds=30, what="three restarts")
        log = (tmp_path / "log").read_text(encoding="utf-8")
        assert size(tmp_path / "once") == 1
    waits = [
        line.rpartition(" in ")[2] for line in log.splitlines() if line.startswith("brittle stopped (exit code 3)")
    ]
    assert waits[:3] == ["0.5 s.", "1.0 s.", "2.0 s."]


def test_a_killed_program_comes_back(tmp_path: Path) -> None:
    with supervisor(tmp_path) as process:
        before = children(process.pid)
        steady = next(pid for pid in before if b"time.sleep(600)" in Path(f"/proc/{pid}/cmdline").read_bytes())
        os.kill(steady, signal.SIGKILL)
        wait_until(lambda: not alive(steady), seconds=5, what="the kill")
        wait_until(lambda: "SIGKILL" in (tmp_path / "log").read_text(encoding="utf-8"), seconds=5, what="the notice")
        wait_until(lambda: len(children(process.pid)) >= 2, seconds=10, what="the restart")


def test_killing_the_supervisor_itself_leaves_no_process(tmp_path: Path) -> None:
    with supervisor(tmp_path) as process:
        below = children(process.pid)
        kill(process)
        wait_until(lambda: not any(map(alive, below)), seconds=5, what="its programs to die with it")


def test_asking_it_to_stop_stops_everything_and_asking_twice_stops_it_at_once(tmp_path: Path) -> None:
    with supervisor(tmp_path) as process:
        below = children(process.pid)
        process.terminate()
        wait_until(lambda: sum(map(alive, below)) == 1, seconds=10, what="all but the stubborn one to stop")
        process.terminate()
        assert process.wait(timeout=10) == 0
        assert not any(map(alive, below))


def test_the_workers_of_a_killed_gunicorn_die_with_it(tmp_path: Path) -> None:
    application = "def application(environ, start_response):\n    start_response('200 OK', [])\n    return [b'ok']\n"
    (tmp_path / "small_site.py").write_text(application, encoding="utf-8")
    command = [
        sys.executable, "-m", "gunicorn", "--config", "python:portal.gunicorn_conf", "--pythonpath", str(tmp_path),
        "--bind", f"127.0.0.1:{free_port()}", "small_site:application",
    ]  # fmt: skip
    with started(command, env={**os.environ, "WEB_WORKERS": "2"}, log=tmp_path / "log") as process:
        wait_until(lambda: len(children(process.pid)) == 2, seconds=20, what="two workers")
        below = children(process.pid)
        kill(process)
        wait_until(lambda: not any(map(alive, below)), seconds=5, what="the workers to die with their master")
