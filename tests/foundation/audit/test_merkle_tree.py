import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.audit import merkle

# The leaves and roots of the reference tree of Certificate Transparency.
REFERENCE_LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
REFERENCE_ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def leaves_of(size: int) -> list[bytes]:
    return [merkle.leaf_hash(str(number).encode()) for number in range(size)]


def root_by_definition(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word, as a second opinion."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + root_by_definition(leaves[:split]) + root_by_definition(leaves[split:])).digest()


@pytest.mark.parametrize("size", REFERENCE_ROOTS)
def test_roots_equal_those_of_the_certificate_transparency_reference_tree(size):
    leaves = [merkle.leaf_hash(entry) for entry in REFERENCE_LEAVES[:size]]
    assert merkle.root_of(leaves).hex() == REFERENCE_ROOTS[size]


def test_the_growing_root_equals_the_definition_at_every_size():
    frontier, leaves = merkle.Frontier(), leaves_of(130)
    for size in range(131):
        assert frontier.root() == root_by_definition(leaves[:size])
        if size < 130:
            frontier.append(leaves[size])


def test_every_inclusion_proof_of_every_small_tree_verifies_and_no_other_leaf_does():
    for size in range(1, 34):
        leaves = leaves_of(size)
        root = merkle.root_of(leaves)
        for index in range(size):
            proof = merkle.inclusion_proof(leaves, index)
            assert merkle.verify_inclusion(leaves[index], index, size, proof, root)
            assert not merkle.verify_inclusion(merkle.leaf_hash(b"other"), index, size, proof, root)
            for wrong in {*range(size)} - {index}:
                assert not merkle.verify_inclusion(leaves[index], wrong, size, proof, root)


def test_every_consistency_proof_of_every_small_tree_verifies_and_no_rewritten_tree_does():
    for size in range(1, 34):
        leaves = leaves_of(size)
        root = merkle.root_of(leaves)
        for old in range(1, size + 1):
            proof = merkle.consistency_proof(leaves, old)
            old_root = merkle.root_of(leaves[:old])
            assert merkle.verify_consistency(old, size, old_root, root, proof)
            rewritten = [merkle.leaf_hash(b"rewritten"), *leaves[1:old]]
            assert not merkle.verify_consistency(old, size, merkle.root_of(rewritten), root, proof)


@given(st.integers(2, 300), st.data())
def test_a_proof_with_one_changed_dropped_or_added_step_is_refused(size, data):
    leaves = leaves_of(size)
    root = merkle.root_of(leaves)
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(leaves, index)
    place = data.draw(st.integers(0, len(proof) - 1))
    flipped = bytes([proof[place][0] ^ 1]) + proof[place][1:]
    for broken in (
        [*proof[:place], flipped, *proof[place + 1 :]],
        [*proof[:place], *proof[place + 1 :]],
        [*proof, root],
    ):
        assert not merkle.verify_inclusion(leaves[index], index, size, broken, root)


@given(st.integers(2, 300), st.data())
def test_a_consistency_proof_with_one_changed_dropped_or_added_step_is_refused(size, data):
    leaves = leaves_of(size)
    old = data.draw(st.integers(1, size - 1))
    proof = merkle.consistency_proof(leaves, old)
    roots = merkle.root_of(leaves[:old]), merkle.root_of(leaves)
    assert merkle.verify_consistency(old, size, *roots, proof)
    place = data.draw(st.integers(0, len(proof) - 1))
    flipped = bytes([proof[place][0] ^ 1]) + proof[place][1:]
    for broken in (
        [*proof[:place], flipped, *proof[place + 1 :]],
        [*proof[:place], *proof[place + 1 :]],
        [*proof, roots[1]],
    ):
        assert not merkle.verify_consistency(old, size, *roots, broken)


def test_a_node_cannot_be_passed_off_as_a_leaf():
    leaves = leaves_of(2)
    assert merkle.leaf_hash(leaves[0] + leaves[1]) != merkle.root_of(leaves)


def test_proofs_for_places_outside_the_tree_are_refused():
    leaves = leaves_of(3)
    with pytest.raises(ValueError, match="no leaf 3"):
        merkle.inclusion_proof(leaves, 3)
    with pytest.raises(ValueError, match="grown"):
        merkle.consistency_proof(leaves, 0)
    with pytest.raises(ValueError, match="grown"):
        merkle.consistency_proof(leaves, 4)
    root = merkle.root_of(leaves)
    assert not merkle.verify_inclusion(leaves[0], -1, 3, merkle.inclusion_proof(leaves, 0), root)
    assert not merkle.verify_inclusion(leaves[0], 3, 3, merkle.inclusion_proof(leaves, 0), root)
    assert not merkle.verify_consistency(0, 3, merkle.EMPTY_ROOT, root, [])
    assert not merkle.verify_consistency(4, 3, root, root, [root])
