"""Whoever changes what the portal keeps, past the portal, is found out by a command that names the place."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from evidence.models import EvidencePack
from foundation.audit.checkpoint_log import write_checkpoint
from foundation.audit.models import Event
from foundation.files import store
from foundation.keys import authority
from licences.models import LicenceText, TextKind
from tests.audit_triggers import without_triggers
from tests.surface.world import World, undone

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Said:
    """What a command ended with and wrote, as the shell would see it."""

    code: int
    words: str


def said(command: str, *arguments: str) -> Said:
    written = io.StringIO()
    try:
        call_command(command, *arguments, stdout=written, stderr=written, no_color=True)
    except SystemExit as end:
        return Said(int(end.code or 0), written.getvalue())
    except CommandError as error:  # manage.py writes it and ends with its code
        return Said(error.returncode, f"{written.getvalue()}{error}")
    return Said(0, written.getvalue())


def flip_a_byte(path: Path, at: int) -> None:
    """Change one bit in place, as a bad disk or a careful hand would."""
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def behind_the_triggers(statement: str, values: list[str | int]) -> None:
    """What the owner of the database can do: switch the triggers off, write, switch them on."""
    with without_triggers(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount > 0


@pytest.fixture(autouse=True)
def nothing_stays(world: World):
    """The company is the module's: whatever a test does to it is undone."""
    with undone():
        yield


@pytest.fixture
def archive(world: World, tmp_path: Path) -> Path:
    """The pack as an auditor received it."""
    path = tmp_path / "record.zip"
    path.write_bytes(store.read(EvidencePack.objects.get(pk=world.pack.pk).archive.sha256))
    return path


# --- licence texts


def test_untouched_texts_verify(world: World):
    found = said("verify_licence_texts")
    assert found.code == 0, found.words


@pytest.mark.parametrize("kind", [TextKind.AGREEMENT, TextKind.AUP])
def test_a_changed_byte_in_a_stored_text_is_named_with_its_version_and_document(world: World, kind: TextKind):
    text = LicenceText.objects.filter(version__slug="llama-3.2", kind=kind).select_related("version").get()
    path = store.path_of(text.sha256)
    before = path.read_bytes()
    try:
        flip_a_byte(path, len(before) // 2)
        found = said("verify_licence_texts")
    finally:
        path.write_bytes(before)
    assert found.code == 1
    [line] = found.words.strip().splitlines()
    assert line.startswith(f"{text.version.name} {text.document}, file {text.sha256}")


def test_a_changed_clause_is_named_with_its_version_and_document(world: World):
    text = LicenceText.objects.filter(version__slug="llama-3.2", kind=TextKind.AGREEMENT).get()
    clause = text.clauses.order_by("pk")[0]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE licences_clause SET body = %s WHERE id = %s", ["Otters may be sold.", clause.pk])
    found = said("verify_licence_texts")
    assert found.code == 1
    [line] = found.words.strip().splitlines()
    assert line.startswith(f"Llama 3.2 LICENSE, file {text.sha256}")


# --- the log


def test_an_untouched_log_verifies(world: World):
    found = said("verify_audit")
    assert found.code == 0, found.words
    assert f"{Event.objects.count()} events" in found.words


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("body", "{}"),
        ("kind", "review.rejected"),
        ("subject", "REV-99999"),
        ("actor_ref", "PER-99999"),
        ("hash", "0" * 64),
        ("prev", "f" * 64),
    ],
)
def test_a_changed_row_of_the_log_is_named_by_its_line(world: World, column: str, value: str):
    line = Event.objects.order_by("seq").values_list("seq", flat=True)[20]
    behind_the_triggers(f"UPDATE audit_event SET {column} = %s WHERE seq = %s", [value, line])
    found = said("verify_audit")
    assert found.code == 1
    assert found.words.startswith(f"Broken at event {line}:")


def test_a_changed_name_is_named_by_its_line(world: World):
    line = Event.objects.filter(personal_values__field="actor_name").order_by("seq")[5].seq
    behind_the_triggers(
        "UPDATE audit_personalvalue SET value = %s WHERE event_id = %s AND field = 'actor_name'", ["Nobody", line]
    )
    found = said("verify_audit")
    assert found.code == 1
    assert found.words.startswith(f"Broken at event {line}:")


def cut_off_after(line: int) -> None:
    with without_triggers(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_personalvalue WHERE event_id > %s", [line])
        cursor.execute("DELETE FROM audit_eventsubject WHERE event_id > %s", [line])
        cursor.execute("DELETE FROM audit_checkpoint WHERE size > %s", [line])
        cursor.execute("DELETE FROM audit_event WHERE seq > %s", [line])


def test_a_removed_row_is_named_by_its_line(world: World):
    line = Event.objects.order_by("seq").values_list("seq", flat=True)[20]
    with without_triggers(), connection.cursor() as cursor:
        for table, column in (("audit_personalvalue", "event_id"), ("audit_eventsubject", "event_id")):
            cursor.execute(f"DELETE FROM {table} WHERE {column} = %s", [line])
        cursor.execute("DELETE FROM audit_event WHERE seq = %s", [line])
    found = said("verify_audit")
    assert found.code == 1
    assert found.words.startswith(f"Broken at event {line}:")


def test_a_tail_that_was_cut_off_is_found_with_a_checkpoint_kept_outside(world: World, tmp_path: Path):
    kept = tmp_path / "checkpoint.txt"
    kept.write_text(write_checkpoint(key=authority.log_key()).note, encoding="utf-8")
    assert said("verify_audit", "--checkpoint", str(kept)).code == 0
    length = Event.objects.count()
    cut_off_after(length - 3)
    assert said("verify_audit").code == 0, "what is left is a sound log: only something from outside can tell"
    found = said("verify_audit", "--checkpoint", str(kept))
    assert found.code == 1
    assert found.words.startswith(f"Broken at event {length - 2}:")
    assert f"covers {length} events" in found.words


# --- packs


def test_an_untouched_pack_verifies(archive: Path):
    found = said("verify_evidence", str(archive))
    assert found.code == 0, found.words


def test_a_changed_byte_in_any_file_of_a_pack_is_named(archive: Path):
    with zipfile.ZipFile(archive) as opened:
        places = [(one.filename, one.header_offset, one.file_size) for one in opened.infolist()]
    assert len(places) > 5
    before = archive.read_bytes()
    for name, offset, size in places:
        start = offset + 30 + int.from_bytes(before[offset + 26 : offset + 28], "little")
        start += int.from_bytes(before[offset + 28 : offset + 30], "little")
        flip_a_byte(archive, start + size // 2)
        found = said("verify_evidence", str(archive))
        archive.write_bytes(before)
        assert found.code == 1, name
        assert name in found.words, f"{name} is not named: {found.words}"


def test_a_changed_file_in_a_pack_that_was_zipped_anew_is_named(archive: Path):
    with zipfile.ZipFile(archive) as opened:
        files = {one.filename: opened.read(one) for one in opened.infolist()}
    files["record.json"] = files["record.json"].replace(b"Order", b"Other", 1).replace(b"Llama", b"LLama", 1)
    with zipfile.ZipFile(archive, "w") as made:
        for name, data in files.items():
            made.writestr(name, data)
    found = said("verify_evidence", str(archive))
    assert found.code == 1
    assert "record.json" in found.words
