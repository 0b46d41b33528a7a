"""Commands that are run with another KEY_SECRET, or where the keys are not: a sentence, an exit code, no traceback."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command, get_commands, load_command_class

from foundation.audit.checkpoint_log import write_checkpoint
from foundation.audit.verify import verify_chain
from foundation.keys import authority
from foundation.keys.health import key_problems
from portal import prepare
from tests.foundation.audit.conftest import add_event

pytestmark = pytest.mark.django_db
ROOMS = ("foundation.", "licences", "deployments", "reviews", "gate", "evidence", "notifications", "portal")
# Every command of ours, as a person calls it.
CALLS: dict[str, list[str]] = {
    "build_evidence": ["REV-00001"],
    "build_fonts": [],
    "fetch_licence_texts": ["--later"],
    "import_licence_texts": ["."],
    "invite_administrator": ["ada@example.com", "Ada Administrator"],
    "protect_audit": [],
    "seed_demo": [],
    "sync_catalogue": [],
    "verify_audit": [],
    "verify_evidence": [__file__],
    "verify_licence_texts": [],
    "write_audit_checkpoint": [],
}
SECRETLESS = {"build_fonts", "protect_audit", "verify_evidence"}  # they touch no key, and say nothing of keys


@pytest.fixture(autouse=True)
def made_with_another_secret(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Keys and a stored checkpoint from before somebody changed the secret."""
    settings.KEY_DIR = tmp_path / "data" / "keys"
    settings.KEY_SECRET = "the secret of before"
    settings.DEMO = True
    authority.forget_loaded_keys()
    add_event()
    write_checkpoint(key=authority.log_key())
    settings.KEY_SECRET = "another secret"
    authority.forget_loaded_keys()
    yield
    authority.forget_loaded_keys()


def said_by(name: str, *arguments: str) -> tuple[int | str | None, str]:
    """What the command leaves with and says, its checks included, as manage.py would run it."""
    out, err = StringIO(), StringIO()
    checked = load_command_class(str(get_commands()[name]), name).requires_system_checks
    try:
        call_command(name, *arguments, stdout=out, stderr=err, **({"skip_checks": False} if checked else {}))
    except CommandError as error:
        return error.returncode, f"{out.getvalue()}{err.getvalue()}{error}"
    except SystemExit as leaving:
        return leaving.code, out.getvalue() + err.getvalue()
    return 0, out.getvalue() + err.getvalue()


def test_every_command_of_ours_is_tried_here() -> None:
    assert {name for name, app in get_commands().items() if str(app).startswith(ROOMS)} == set(CALLS)


@pytest.mark.parametrize("name", CALLS)
def test_no_command_ends_in_a_traceback(name: str) -> None:
    code, words = said_by(name, *CALLS[name])
    if name in SECRETLESS:
        assert "KEY_SECRET" not in words
    else:
        assert code != 0
        assert "KEY_SECRET is not the one it was made with" in words
        assert "set KEY_SECRET to the old value" in words


def test_verify_audit_names_the_way_out_that_needs_no_secret(tmp_path: Path, settings: Any) -> None:
    code, words = said_by("verify_audit")
    assert code == 1
    assert "give --key" in words
    assert len(words.strip().splitlines()) == 1
    settings.KEY_SECRET = "the secret of before"
    (tmp_path / "log-key.txt").write_text(authority.log_verifier_key())
    settings.KEY_SECRET = "another secret"
    assert said_by("verify_audit", "--key", str(tmp_path / "log-key.txt"))[0] == 0


def test_the_start_says_what_stops_it(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare, "collect_static_files", lambda: None)
    assert prepare.main([]) == 1
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert line.startswith("The portal could not be prepared: ")
    assert "set KEY_SECRET to the old value" in line


def test_a_verification_makes_no_keys_where_there_are_none(settings: Any, tmp_path: Path) -> None:
    settings.KEY_DIR = tmp_path / "elsewhere" / "keys"
    verification = verify_chain()
    assert not verification.ok
    assert f"There are no keys in {settings.KEY_DIR}: set DATA_DIR" in verification.sentence
    assert not (tmp_path / "elsewhere").exists()


def test_a_folder_that_cannot_be_looked_into_is_named(settings: Any, tmp_path: Path) -> None:
    # A name that is too long is refused by the system as a folder of somebody else is, and for root too.
    settings.KEY_DIR = tmp_path / ("x" * 300) / "keys"
    assert "cannot be looked into" in verify_chain().sentence
    (problem,) = key_problems()
    assert problem.serious
    assert "cannot be looked into" in problem.sentence
