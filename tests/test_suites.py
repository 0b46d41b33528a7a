"""bin/test runs two suites at once: readable output, the right exit code, nothing left behind when it is stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

BIN = Path(__file__).resolve().parent.parent / "bin"

# In place of pytest: each says where its data is, waits until the other has begun, and ends with a code.
SUITE = """
import os, pathlib, sys, time
name, other, code, folder = sys.argv[1], sys.argv[2], int(sys.argv[3]), pathlib.Path(sys.argv[4])
print(name, "begins", flush=True)
try:
    (folder / name).write_text(os.environ["DATA_DIR"] + " " + str(os.getpid()))
    for _ in range(200):
        if (folder / other).exists():
            break
        time.sleep(0.05)
    else:
        sys.exit(99)
    if code < 0:
        time.sleep(60)
    print(name, "ends", flush=True)
except KeyboardInterrupt:
    (folder / (name + " put away")).touch()
    raise SystemExit(2)
sys.exit(code)
"""

DRIVER = """
import sys
sys.path.insert(0, {bin!r})
import _runs, _suites, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGTERM, _suites.asked_to_stop)
fake = (sys.executable, "-c", {suite!r})
runs = [_runs.Run(one, [one, other, code, {folder!r}], command=fake) for one, other, code in {runs!r}]
try:
    results = _runs.at_once(*runs)
except KeyboardInterrupt:
    sys.exit(_suites.INTERRUPTED)
sys.exit(_suites.report(results, [], narrowed=False, required=[]))
"""


def driver(folder: Path, first: int, second: int) -> list[str]:
    runs = [("first", "second", str(first)), ("second", "first", str(second))]
    return [sys.executable, "-c", DRIVER.format(bin=str(BIN), suite=SUITE, folder=str(folder), runs=runs)]


def ended(folder: Path, first: int = 0, second: int = 0) -> subprocess.CompletedProcess[str]:
    return subprocess.run(driver(folder, first, second), capture_output=True, text=True, timeout=60)


def test_both_suites_run_at_the_same_time_and_one_is_printed_after_the_other(tmp_path: Path) -> None:
    done = ended(tmp_path)  # each would end with 99 if it waited for the other in vain
    assert done.returncode == 0, done.stdout + done.stderr
    lines = [line for line in done.stdout.splitlines() if "begins" in line or "ends" in line]
    assert lines == ["first begins", "first ends", "second begins", "second ends"]
    assert done.stdout.index("== first") < done.stdout.index("first begins")
    assert done.stdout.index("first ends") < done.stdout.index("== second") < done.stdout.index("second begins")


@pytest.mark.parametrize(("first", "second"), [(1, 0), (0, 1), (1, 1)])
def test_one_suite_that_fails_fails_all_of_it_and_the_other_is_finished(
    tmp_path: Path, first: int, second: int
) -> None:
    done = ended(tmp_path, first, second)
    assert done.returncode == 1
    assert "first ends" in done.stdout
    assert "second ends" in done.stdout
    assert done.stdout.count("FAILED (1)") == first + second
    assert done.stdout.count("passed") == 2 - first - second


def test_the_suites_share_no_data_folder_and_leave_none(tmp_path: Path) -> None:
    ended(tmp_path)
    folders = {(tmp_path / name).read_text().split()[0] for name in ("first", "second")}
    assert len(folders) == 2
    assert not any(Path(folder).exists() for folder in folders)


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_both_and_lets_them_put_their_things_away(tmp_path: Path, asked: signal.Signals) -> None:
    process = start_waiting(tmp_path)
    process.send_signal(asked)
    assert process.wait(timeout=30) == 130
    assert {path.name for path in tmp_path.glob("* put away")} == {"first put away", "second put away"}
    for name in ("first", "second"):
        folder, pid = (tmp_path / name).read_text().split()
        assert not Path(folder).exists()
        assert not is_alive(int(pid))


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone ends children with their parent.")
def test_no_suite_outlives_the_program_that_is_killed(tmp_path: Path) -> None:
    process = start_waiting(tmp_path)
    process.kill()
    process.wait(timeout=30)
    pids = [int((tmp_path / name).read_text().split()[1]) for name in ("first", "second")]
    deadline = time.monotonic() + 10
    while any(map(is_alive, pids)):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def start_waiting(folder: Path) -> subprocess.Popen[bytes]:
    """Two suites that would go on for a minute; both have begun."""
    process = subprocess.Popen(
        driver(folder, -1, -1), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    deadline = time.monotonic() + 30
    while not all((folder / name).exists() and (folder / name).read_text() for name in ("first", "second")):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return process


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except OSError:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        return sys.platform != "linux"
