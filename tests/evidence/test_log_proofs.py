"""Many inclusion proofs at once: each is accepted by the log's own verifier, which shares no code with them."""

from __future__ import annotations

import hashlib

import pytest

from evidence import log_proofs
from evidence.log_proofs import SharedTree, proofs_of
from foundation.audit.merkle import inclusion_proof, root_of, verify_inclusion

LEAVES = [hashlib.sha256(str(number).encode()).digest() for number in range(300)]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9, 64, 65, 300])
def test_each_proof_is_the_one_of_the_rfc(size: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(log_proofs, "SMALL", 4)  # so that small trees remember subtrees too
    leaves = LEAVES[:size]
    tree, root = SharedTree(leaves), root_of(leaves)
    for index in range(size):
        proof = tree.proof(index)
        assert proof == inclusion_proof(leaves, index)
        assert verify_inclusion(leaves[index], index, size, proof, root)


def test_there_is_no_proof_of_what_is_not_there():
    with pytest.raises(ValueError, match="no leaf 3"):
        SharedTree(LEAVES[:3]).proof(3)


def test_events_are_numbered_from_one():
    assert proofs_of(LEAVES[:5], [1, 5]) == {
        1: [step.hex() for step in inclusion_proof(LEAVES[:5], 0)],
        5: [step.hex() for step in inclusion_proof(LEAVES[:5], 4)],
    }
