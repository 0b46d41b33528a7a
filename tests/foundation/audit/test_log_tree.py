"""The tree over the stored log: the very proofs of merkle.py, without reading every line."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.audit import log_tree, merkle, verify
from foundation.audit.checkpoint import parse_checkpoint
from foundation.audit.checkpoint_log import prove_inclusion, write_checkpoint
from foundation.audit.errors import AuditError
from foundation.audit.log_tree import LogTree
from foundation.audit.models import Checkpoint, Event, Subtree
from foundation.audit.verify import verify_chain
from tests.foundation.audit.conftest import add_event
from tests.foundation.audit.test_checkpoint_notes import KEY
from tests.foundation.audit.test_verification import PUBLIC, rewrite_from, tamper

pytestmark = pytest.mark.django_db
LONGEST = 35  # with blocks of four: up to nine blocks, full, unfinished, and one more than a power of two


@pytest.fixture(autouse=True)
def blocks_of_four(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (log_tree, verify):
        monkeypatch.setattr(module, "BLOCK", 4)


def add(number: int) -> list[bytes]:
    """So many further lines; the leaf hashes of the whole log."""
    for _ in range(number):
        add_event()
    hashes = Event.objects.order_by("seq").values_list("hash", flat=True)
    return [merkle.leaf_hash(bytes.fromhex(event_hash)) for event_hash in hashes]


def reads_of_lines(captured: CaptureQueriesContext) -> list[str]:
    return [query["sql"] for query in captured if 'FROM "audit_event"' in query["sql"]]


@pytest.mark.parametrize("remembered", [False, True])
def test_roots_and_proofs_of_every_size_are_those_of_the_rfc(remembered: bool) -> None:
    leaves = add(LONGEST)
    if remembered:
        LogTree(LONGEST).remember()
        assert Subtree.objects.count() == LONGEST // 4
    for size in range(LONGEST + 1):
        part = leaves[:size]
        tree = LogTree(size)
        assert tree.root() == merkle.root_of(part)
        proofs = tree.inclusion_proofs(range(1, size + 1))
        assert proofs == {index + 1: merkle.inclusion_proof(part, index) for index in range(size)}
        for old_size in range(1, size + 1):
            assert tree.consistency_proof(old_size) == merkle.consistency_proof(part, old_size)


def test_there_is_no_proof_of_what_is_not_there() -> None:
    add(6)
    for seq in (0, -1, 7, 9):
        with pytest.raises(ValueError, match="not among the first 6"):
            LogTree(6).inclusion_proofs([seq])
    for old_size in (0, 7):
        with pytest.raises(ValueError, match="cannot have grown"):
            LogTree(6).consistency_proof(old_size)


def test_a_proof_reads_its_own_block_and_the_unfinished_one_however_long_the_log_is() -> None:
    read = []
    for more in (10, 20):
        add(more)
        size = write_checkpoint(key=KEY).size
        with CaptureQueriesContext(connection) as captured:
            prove_inclusion([2, 3], size)
        read.append(len(reads_of_lines(captured)))
    assert read == [2, 2]


def test_a_checkpoint_reads_no_full_block_a_second_time() -> None:
    add(20)
    write_checkpoint(key=KEY)
    leaves = add(3)
    with CaptureQueriesContext(connection) as captured:
        note = write_checkpoint(key=KEY).note
    # the last number, and the new lines; where the last checkpoint ended with a full block, none to compare with it
    assert len(reads_of_lines(captured)) == 2
    assert parse_checkpoint(note).root == merkle.root_of(leaves)


def test_a_log_from_before_remembers_at_its_next_checkpoint() -> None:
    leaves = add(9)
    assert write_checkpoint(key=KEY).root == merkle.root_of(leaves).hex()
    assert list(Subtree.objects.order_by("number").values_list("number", "root")) == [
        (0, merkle.root_of(leaves[:4]).hex()),
        (1, merkle.root_of(leaves[4:8]).hex()),
    ]
    assert verify_chain(key=PUBLIC).ok


def test_a_remembered_hash_that_was_changed_is_named_and_can_be_deleted() -> None:
    add(9)
    write_checkpoint(key=KEY)
    Subtree.objects.filter(number=1).update(root="a" * 64)
    verification = verify_chain(key=PUBLIC)
    assert (verification.ok, verification.broken_at, verification.checkpoints) == (False, 8, 1)
    assert "row 1 of audit_subtree" in verification.sentence
    add(1)
    with pytest.raises(AuditError, match="no longer fits the checkpoint over its first 9 events"):
        write_checkpoint(key=KEY)
    assert Checkpoint.objects.count() == 1
    Subtree.objects.filter(number=1).delete()
    assert write_checkpoint(key=KEY).size == 10
    assert verify_chain(key=PUBLIC).ok
    assert Subtree.objects.count() == 2


def test_a_rewritten_line_does_not_fit_what_is_remembered_of_it() -> None:
    add(9)
    write_checkpoint(key=KEY)
    rewrite_from(3, facts={"n": 99})
    tamper("DELETE FROM audit_checkpoint")
    verification = verify_chain(key=PUBLIC)
    assert (verification.ok, verification.broken_at) == (False, 4)
    assert "they were rewritten" in verification.sentence


def test_no_checkpoint_is_signed_over_a_log_that_was_rewritten_since_the_last() -> None:
    add(6)
    write_checkpoint(key=KEY)
    rewrite_from(5, facts={"n": 99})
    add(1)
    with pytest.raises(AuditError, match="run manage"):
        write_checkpoint(key=KEY)


def test_no_checkpoint_is_signed_over_a_log_that_was_cut_since_the_last() -> None:
    add(6)
    write_checkpoint(key=KEY)
    cut_after(5)
    with pytest.raises(AuditError, match="no event 6"):
        write_checkpoint(key=KEY)


def test_a_cut_tail_does_not_fit_what_is_remembered_of_it() -> None:
    add(9)
    write_checkpoint(key=KEY)
    tamper("DELETE FROM audit_checkpoint")
    cut_after(6)
    verification = verify_chain(key=PUBLIC)
    assert (verification.ok, verification.broken_at) == (False, 7)
    assert "remembers a hash of 8 events, but the log ends after 6: its tail was cut off" in verification.sentence


def test_a_hole_in_a_block_is_named() -> None:
    add(9)
    cut(seq=6)
    with pytest.raises(AuditError, match="no event 6"):
        LogTree(9).root()


def test_a_checkpoint_leaves_the_database_to_others_while_it_reads() -> None:
    """On SQLite a transaction would hold the write lock for as long as a long log takes."""
    add(5)
    with CaptureQueriesContext(connection) as captured:
        write_checkpoint(key=KEY)
    statements = [query["sql"] for query in captured]
    first_write = next(number for number, sql in enumerate(statements) if sql.startswith("INSERT"))
    assert not any(sql.startswith(("BEGIN", "SAVEPOINT")) for sql in statements[:first_write])


def cut(**lines: int) -> None:
    """Remove lines as somebody who owns the database can."""
    for table in ("audit_personalvalue", "audit_eventsubject"):
        ids = ", ".join(str(seq) for seq in Event.objects.filter(**lines).values_list("seq", flat=True))
        tamper(f"DELETE FROM {table} WHERE event_id IN ({ids})")
    tamper(f"DELETE FROM audit_event WHERE seq IN ({ids})")


def cut_after(seq: int) -> None:
    cut(seq__gt=seq)
