"""The command that writes a checkpoint now, to print it or to keep it in a file."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from foundation.audit.checkpoint import parse_checkpoint
from foundation.audit.models import Checkpoint, Event
from foundation.keys import authority
from tests.foundation.audit.conftest import add_event
from tests.foundation.audit.test_verification import tamper

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_keys(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.KEY_DIR = tmp_path / "data" / "keys"
    settings.KEY_SECRET = "of these tests"
    authority.forget_loaded_keys()
    yield
    authority.forget_loaded_keys()


def said_by(name: str, **options: Any) -> str:
    out = StringIO()
    call_command(name, stdout=out, **options)
    return out.getvalue()


def test_it_prints_exactly_the_checkpoint_so_that_a_pipe_can_carry_it() -> None:
    add_event()
    note = said_by("write_audit_checkpoint")
    assert note == Checkpoint.objects.get().note
    assert parse_checkpoint(note).size == 1


def test_what_it_saves_is_what_verify_audit_takes(tmp_path: Path) -> None:
    add_event()
    kept = tmp_path / "checkpoint.txt"
    assert said_by("write_audit_checkpoint", to=str(kept)) == f"Saved in {kept}: a checkpoint of 1 events.\n"
    add_event()
    assert "2 events, 2 checkpoints" in said_by("verify_audit", checkpoint=[str(kept)])
    kept.write_text(kept.read_text().replace("\n1\n", "\n2\n"))
    with pytest.raises(SystemExit):
        call_command("verify_audit", checkpoint=[str(kept)], stderr=StringIO())


def test_it_never_writes_over_a_checkpoint_that_was_kept(tmp_path: Path) -> None:
    add_event()
    kept = tmp_path / "checkpoint.txt"
    said_by("write_audit_checkpoint", to=str(kept))
    before = kept.read_bytes()
    said_by("write_audit_checkpoint", to=str(kept))  # the same again does no harm
    add_event()
    with pytest.raises(CommandError, match="is there already and says something else: choose another name"):
        said_by("write_audit_checkpoint", to=str(kept))
    assert kept.read_bytes() == before


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    add_event()
    with pytest.raises(CommandError, match="cannot be written: No such file or directory"):
        said_by("write_audit_checkpoint", to=str(tmp_path / "absent" / "checkpoint.txt"))


def test_it_says_what_is_wrong_with_the_keys(settings: Any) -> None:
    add_event()
    authority.authority()
    settings.KEY_SECRET = "another secret"
    with pytest.raises(CommandError, match="KEY_SECRET is not the one it was made with"):
        said_by("write_audit_checkpoint")


def test_it_says_what_is_wrong_with_the_log() -> None:
    for _ in range(3):
        add_event()
    tamper(
        "DELETE FROM audit_personalvalue WHERE event_id = 2",
        "DELETE FROM audit_eventsubject WHERE event_id = 2",
        "DELETE FROM audit_event WHERE seq = 2",
    )
    with pytest.raises(CommandError, match="no event 2"):
        said_by("write_audit_checkpoint")
    assert Event.objects.count() == 2
