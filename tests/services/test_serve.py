"""bin/serve: what it refuses in a sentence, and that nothing of it is left when it is killed."""

from __future__ import annotations

import os
import socket
import stat
import sys
import urllib.request
from pathlib import Path

import pytest

from portal.secret_key import kept_key, made_key
from portal.serve import CannotServe, check_port, is_loopback, only_one, parse, where_mail_goes
from portal.serve import environment as environment_of
from tests.services.processes import alive, children, free_port, kill, started, wait_until


def test_a_port_in_use_is_named_in_a_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CannotServe, match=f"Port {port} on 127.0.0.1 cannot be used"):
            check_port("127.0.0.1", port)
    check_port("127.0.0.1", port)


def test_a_host_that_is_not_ours_is_named_in_a_sentence() -> None:
    with pytest.raises(CannotServe, match="not an address of this machine"):
        check_port("nowhere.invalid", 8000)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_a_loopback_host_counts_as_this_machine_alone(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "desk.example.com"])  # noqa: S104 - compared, not bound
def test_any_other_host_does_not(host: str) -> None:
    assert not is_loopback(host)


def test_the_key_of_an_installation_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    assert kept_key(tmp_path) is None
    key = made_key(tmp_path)
    assert len(key) >= 64
    assert made_key(tmp_path) == kept_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_a_damaged_key_is_never_replaced_silently(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    path = tmp_path / "secret_key"
    path.write_text("short", encoding="utf-8")
    with pytest.raises(CannotServe, match="backup"):
        environment_of(parse([]), data=tmp_path, demo=False, local=True)
    assert path.read_text(encoding="utf-8") == "short"


def test_one_data_folder_is_served_once(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(CannotServe, match="Another bin/serve uses"), only_one(tmp_path):
        pass
    with only_one(tmp_path):
        pass


def test_what_is_set_already_wins_and_the_rest_is_filled_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://desk.example.com")
    monkeypatch.delenv("SECRET_KEY", raising=False)
    options = parse(["--port", "8123"])
    env = environment_of(options, data=tmp_path, demo=True, local=True)
    assert env["PUBLIC_URL"] == "https://desk.example.com"
    assert (env["DEMO"], env["DATA_DIR"]) == ("true", str(tmp_path))
    assert env["SECRET_KEY"] == (tmp_path / "secret_key").read_text(encoding="utf-8")
    assert env["ALLOWED_HOSTS"] == "127.0.0.1,localhost,[::1]"


def test_the_start_says_where_mail_goes(tmp_path: Path) -> None:
    assert str(tmp_path / "mail") in where_mail_goes({}, tmp_path)
    assert where_mail_goes({"EMAIL_HOST": "mail.example.com"}, tmp_path) == "Mail goes out through mail.example.com."


@pytest.mark.services
def test_the_whole_portal_comes_up_and_a_kill_of_its_supervisor_leaves_no_process(tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log"
    texts = tmp_path / "texts"  # given a folder, it looks for nothing on the network
    (texts / "llama-3.1").mkdir(parents=True)
    invented = "AGREEMENT OF OUR OWN INVENTION\n\n1. Use.\n\n   a. You may use it well.\n"
    (texts / "llama-3.1" / "LICENSE").write_text(invented, encoding="utf-8")
    command = [sys.executable, "-m", "portal.serve", "--no-demo", "--port", str(port), "--data", str(tmp_path / "data")]
    unset = {"DATABASE_URL", "REDIS_URL", "DATA_DIR", "SECRET_KEY", "PUBLIC_URL", "ALLOWED_HOSTS", "EMAIL_HOST"}
    env = {name: value for name, value in os.environ.items() if name not in unset}
    with started([*command, "--licences", str(texts)], env=env, log=log) as process:
        ready = b"Licence Desk is ready"
        wait_until(lambda: ready in log.read_bytes() or process.poll() is not None, seconds=240, what="the portal")
        assert process.poll() is None, log.read_text(encoding="utf-8")
        assert f"Mail is not sent: each becomes a file in {tmp_path / 'data' / 'mail'}" in log.read_text()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=20) as answer:
            assert answer.read() == b"ok\n"
        wait_until(lambda: len(children(process.pid)) >= 7, seconds=60, what="web 1 + 2, worker 1 + 2, scheduler")
        below = children(process.pid)
        kill(process)
        wait_until(lambda: not any(map(alive, below)), seconds=10, what="everything to die with the supervisor")
    check_port("127.0.0.1", port)
