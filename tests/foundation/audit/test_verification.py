"""Tampering by somebody who owns the database and takes the triggers off first: that is found."""

import json
from io import StringIO

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from django.db import connection, models
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foundation.audit import checkpoint_log, merkle, verify
from foundation.audit.canonical import canonical
from foundation.audit.checkpoint import parse_checkpoint, verifier_key
from foundation.audit.checkpoint_log import log_origin, prove_consistency, prove_inclusion, write_checkpoint
from foundation.audit.errors import AuditError
from foundation.audit.models import Checkpoint, Event, PersonalValue
from foundation.audit.recorder import event_hash
from foundation.audit.verify import verify_chain
from tests.audit_triggers import without_triggers
from tests.foundation.audit.conftest import add_event
from tests.foundation.audit.test_checkpoint_notes import KEY

pytestmark = pytest.mark.django_db
PUBLIC = KEY.public_key()


@pytest.fixture
def five_events():
    return [add_event(f"REV-0000{number}", related=["PRD-00001"], facts={"n": number}) for number in range(1, 6)]


def tamper(*statements: str) -> None:
    with without_triggers(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def rewrite_from(seq: int, **changes: object) -> None:
    """Change an event and compute every hash after it again, as an owner with our source code can."""
    with without_triggers():
        prev = Event.objects.filter(seq=seq - 1).values_list("hash", flat=True).first() or "0" * 64
        for event in Event.objects.filter(seq__gte=seq).order_by("seq"):
            document = json.loads(event.body)
            if event.seq == seq:
                document.update(changes)
            body = canonical(document)
            event_id = event_hash(1, prev, event.seq, body)
            models.QuerySet(Event).filter(pk=event.pk).update(body=body, prev=prev, hash=event_id)
            prev = event_id


def test_an_intact_log_is_reported_with_its_head_and_root(five_events):
    verification = verify_chain()
    assert verification.ok
    assert (verification.events, verification.head, verification.broken_at) == (5, five_events[-1].hash, None)
    leaves = [merkle.leaf_hash(bytes.fromhex(event.hash)) for event in five_events]
    assert verification.root == merkle.root_of(leaves).hex()


def test_an_empty_log_is_intact():
    assert verify_chain().ok


@pytest.mark.parametrize(
    ("statement", "seq", "says"),
    [
        ("UPDATE audit_event SET body = replace(body, '\"n\":3', '\"n\":4') WHERE seq = 3", 3, "hash does not fit"),
        (f"UPDATE audit_event SET hash = '{'a' * 64}' WHERE seq = 3", 3, "hash does not fit"),
        (f"UPDATE audit_event SET prev = '{'a' * 64}' WHERE seq = 3", 3, "prev is not the hash"),
        ("UPDATE audit_event SET prev = 'not hexadecimal' WHERE seq = 3", 3, "prev is not the hash"),
        ("UPDATE audit_event SET version = 2 WHERE seq = 3", 3, "unknown to this release"),
        ("UPDATE audit_event SET kind = 'review.rejected' WHERE seq = 3", 3, "kind column"),
        ("UPDATE audit_event SET subject = 'REV-00009' WHERE seq = 3", 3, "subject column"),
        ("UPDATE audit_event SET actor_ref = 'PER-00009' WHERE seq = 3", 3, "actor_ref column"),
        ("UPDATE audit_event SET actor_kind = 'system' WHERE seq = 3", 3, "actor_kind column"),
        ("UPDATE audit_event SET recorded_at = '2020-01-01 00:00:00+00' WHERE seq = 3", 3, "recorded_at column"),
        ("UPDATE audit_event SET occurred_at = '2020-01-01 00:00:00+00' WHERE seq = 3", 3, "occurred_at column"),
        (
            "UPDATE audit_eventsubject SET reference = 'REV-00009' WHERE event_id = 3 AND reference = 'PRD-00001'",
            3,
            "references column",
        ),
        ("DELETE FROM audit_eventsubject WHERE event_id = 3 AND reference = 'PRD-00001'", 3, "references column"),
        ("INSERT INTO audit_eventsubject (event_id, reference) VALUES (3, 'PRD-00009')", 3, "references column"),
        ("UPDATE audit_personalvalue SET value = 'Somebody Else' WHERE event_id = 3", 3, "commitment"),
        ("UPDATE audit_personalvalue SET salt = 'x' WHERE event_id = 3", 3, "commitment"),
        ("INSERT INTO audit_personalvalue (event_id, field, salt, value) VALUES (3, 'x', 'y', 'z')", 3, "commitment"),
    ],
)
def test_the_first_broken_line_is_named_with_the_reason(five_events, statement, seq, says):
    tamper(statement)
    verification = verify_chain()
    assert (verification.ok, verification.broken_at) == (False, seq)
    assert says in verification.sentence
    assert f"event {seq}" in verification.sentence


def test_a_removed_line_is_named(five_events):
    tamper(
        "DELETE FROM audit_personalvalue WHERE event_id = 3",
        "DELETE FROM audit_eventsubject WHERE event_id = 3",
        "DELETE FROM audit_event WHERE seq = 3",
    )
    assert verify_chain().sentence == "Broken at event 3: the event is missing (the next one is 4)."


def test_a_line_with_another_number_is_found(five_events):
    tamper(
        "DELETE FROM audit_personalvalue WHERE event_id = 5",
        "DELETE FROM audit_eventsubject WHERE event_id = 5",
        "UPDATE audit_event SET seq = 9 WHERE seq = 5",
    )
    assert verify_chain().sentence == "Broken at event 5: the event is missing (the next one is 9)."


def test_two_swapped_lines_are_found(five_events):
    second, third = five_events[1], five_events[2]
    with without_triggers():
        for event, other in ((second, third), (third, second)):
            models.QuerySet(Event).filter(pk=event.pk).update(body=other.body)
    assert verify_chain().broken_at == 2


def test_a_line_put_before_the_first_one_is_found(five_events):
    with without_triggers():
        early = Event.objects.get(seq=1)
        early.seq, early.hash = -4, "b" * 64
        models.Model.save(early, force_insert=True)
    assert verify_chain().broken_at == 1


def test_a_body_that_is_chained_but_is_no_event_is_found(five_events):
    with without_triggers():
        last = five_events[-1]
        models.QuerySet(Event).filter(pk=5).update(body="[1]", hash=event_hash(1, last.prev, 5, "[1]"))
    assert verify_chain().sentence == "Broken at event 5: its body is not an event of this log."


def test_a_body_that_is_chained_but_not_canonical_is_found(five_events):
    last = five_events[-1]
    spaced = json.dumps(json.loads(last.body))
    with without_triggers():
        models.QuerySet(Event).filter(pk=5).update(body=spaced, hash=event_hash(1, last.prev, 5, spaced))
    assert verify_chain().sentence == "Broken at event 5: its body is not canonical JSON."


def test_a_log_that_was_rewritten_with_new_hashes_fits_no_earlier_checkpoint(five_events):
    kept = write_checkpoint(key=KEY).note
    rewrite_from(3, facts={"n": 99})
    tamper("DELETE FROM audit_checkpoint")
    assert verify_chain(key=PUBLIC).ok  # the chain alone cannot tell
    verification = verify_chain(outside=[kept], key=PUBLIC)
    assert verification.broken_at == 5
    assert "the log was rewritten" in verification.sentence


def test_a_stored_checkpoint_finds_a_rewritten_log_too(five_events):
    write_checkpoint(key=KEY)
    rewrite_from(3, facts={"n": 99})
    assert "the log was rewritten" in verify_chain(key=PUBLIC).sentence


def test_a_cut_tail_is_found_with_a_checkpoint_from_outside_only(five_events):
    kept = write_checkpoint(key=KEY).note
    tamper(
        "DELETE FROM audit_checkpoint",
        "DELETE FROM audit_personalvalue WHERE event_id > 3",
        "DELETE FROM audit_eventsubject WHERE event_id > 3",
        "DELETE FROM audit_event WHERE seq > 3",
    )
    assert verify_chain(key=PUBLIC).ok
    verification = verify_chain(outside=[kept], key=PUBLIC)
    assert verification.broken_at == 4
    assert "covers 5 events, but the log ends after 3: its tail was cut off" in verification.sentence


def test_rows_that_a_cut_tail_left_behind_are_found(five_events):
    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL's foreign keys do not let rows stay behind.")
    tamper("DELETE FROM audit_event WHERE seq > 3")
    assert "it was removed" in verify_chain().sentence
    tamper("DELETE FROM audit_personalvalue WHERE event_id > 3", "DELETE FROM audit_eventsubject WHERE event_id > 3")


def test_a_checkpoint_signed_with_another_key_is_refused(five_events):
    forged = write_checkpoint(key=Ed25519PrivateKey.generate())
    verification = verify_chain(key=PUBLIC)
    assert not verification.ok
    assert "not signed with this key" in verification.sentence
    assert not verify_chain(outside=[forged.note], key=PUBLIC).ok


def test_a_stored_checkpoint_whose_columns_were_changed_is_found(five_events):
    write_checkpoint(key=KEY)
    tamper("UPDATE audit_checkpoint SET size = 4")
    assert "columns of the stored checkpoint" in verify_chain(key=PUBLIC).sentence


def test_without_a_key_checkpoints_cannot_be_verified_and_it_says_so(five_events, monkeypatch):
    write_checkpoint(key=KEY)
    monkeypatch.setattr(checkpoint_log, "_known_key", None)
    assert "--key" in verify_chain().sentence


def test_a_checkpoint_of_an_unchanged_log_is_the_same_row(five_events):
    first = write_checkpoint(key=KEY)
    assert write_checkpoint(key=KEY) == first
    add_event()
    assert write_checkpoint(key=KEY).size == 6
    assert Checkpoint.objects.count() == 2
    verification = verify_chain(key=PUBLIC)
    assert (verification.ok, verification.checkpoints) == (True, 2)


def test_a_checkpoint_of_an_empty_log_is_possible():
    assert parse_checkpoint(write_checkpoint(key=KEY).note).root == merkle.EMPTY_ROOT
    assert verify_chain(key=PUBLIC).ok


def test_proofs_of_the_stored_log_verify_against_its_checkpoints(five_events):
    old = parse_checkpoint(write_checkpoint(key=KEY).note)
    more = add_event()
    new = parse_checkpoint(write_checkpoint(key=KEY).note)
    leaf = merkle.leaf_hash(bytes.fromhex(more.hash))
    included = [bytes.fromhex(step) for step in prove_inclusion([6], 6)[6]]
    grown = [bytes.fromhex(step) for step in prove_consistency(5, 6)]
    assert merkle.verify_inclusion(leaf, 5, 6, included, new.root)
    assert merkle.verify_consistency(5, 6, old.root, new.root, grown)


def test_no_proof_is_made_over_a_log_with_a_hole(five_events):
    tamper(
        "DELETE FROM audit_personalvalue WHERE event_id = 3",
        "DELETE FROM audit_eventsubject WHERE event_id = 3",
        "DELETE FROM audit_event WHERE seq = 3",
    )
    with pytest.raises(AuditError, match="no event 3"):
        prove_inclusion([2], 5)


def test_the_log_is_read_in_pages_and_progress_is_heard(five_events, monkeypatch):
    monkeypatch.setattr(verify, "_PAGE", 2)
    write_checkpoint(key=KEY)
    heard: list[int] = []
    assert verify_chain(heard.append, key=PUBLIC).ok
    assert heard == [2, 4, 5]


def test_the_command_exits_with_1_and_a_sentence_when_a_line_is_broken(five_events):
    out, err = StringIO(), StringIO()
    call_command("verify_audit", stdout=out)
    assert out.getvalue().startswith("The log is intact: 5 events")
    tamper("UPDATE audit_event SET kind = 'review.rejected' WHERE seq = 2")
    with pytest.raises(SystemExit) as leaving:
        call_command("verify_audit", stderr=err)
    assert leaving.value.code == 1
    assert err.getvalue().startswith("Broken at event 2: its kind column")


def test_the_command_compares_with_files_kept_outside(five_events, tmp_path):
    checkpoint, key = tmp_path / "checkpoint.txt", tmp_path / "log.vkey"
    checkpoint.write_text(write_checkpoint(key=KEY).note)
    key.write_text(verifier_key(log_origin(), PUBLIC) + "\n")
    out = StringIO()
    call_command("verify_audit", checkpoint=[str(checkpoint)], key=str(key), stdout=out)
    assert "5 events, 2 checkpoints" in out.getvalue()
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify_audit", checkpoint=[str(tmp_path / "absent")])
    checkpoint.write_text("nonsense")
    with pytest.raises(SystemExit):
        call_command("verify_audit", checkpoint=[str(checkpoint)], key=str(key), stderr=StringIO())


TEXT_COLUMNS = ["hash", "prev", "kind", "actor_kind", "actor_ref", "subject", "body"]


@given(st.integers(1, 5), st.sampled_from(TEXT_COLUMNS), st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_one_changed_character_in_any_column_of_any_line_is_found_there(five_events, seq, column, data):
    original = Event.objects.filter(seq=seq).values_list(column, flat=True).get()
    place = data.draw(st.integers(0, len(original) - 1))
    character = data.draw(st.characters(min_codepoint=33, max_codepoint=126).filter(lambda c: c != original[place]))
    changed = original[:place] + character + original[place + 1 :]
    rows: models.QuerySet[Event] = models.QuerySet(Event).filter(seq=seq)
    with without_triggers():
        rows.update(**{column: changed})
        verification = verify_chain()
        rows.update(**{column: original})
    assert (verification.ok, verification.broken_at) == (False, seq)
    assert verify_chain().ok


def test_personal_values_can_be_erased_through_sql_without_breaking_the_chain(five_events):
    PersonalValue.objects.filter(event_id=2).delete()
    assert verify_chain().ok
