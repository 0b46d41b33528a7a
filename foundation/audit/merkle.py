"""Merkle tree of RFC 6962 section 2.1 (RFC 9162 sections 2.1.3 and 2.1.4): roots, proofs, and their verifiers.

Pure. Builders take the leaf hashes in order. Verifiers share no code with builders beyond the two hash functions, so
that a mistake in one cannot hide in the other. A leaf and a node are hashed with different first bytes, so that
neither can be passed off as the other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """Hash one entry of the log (RFC 6962, 2.1)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees into their parent (RFC 6962, 2.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """A tree that grows by one leaf at a time and remembers only its complete subtrees: log2(size) hashes."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []  # roots of complete subtrees, the largest first

    def append(self, leaf: bytes) -> None:
        """Add a leaf hash."""
        self._peaks.append(leaf)
        self.size += 1
        grown = self.size
        while grown % 2 == 0:  # two subtrees of one size become one
            right, left = self._peaks.pop(), self._peaks.pop()
            self._peaks.append(node_hash(left, right))
            grown //= 2

    def root(self) -> bytes:
        """Return the root over all leaves so far."""
        if not self._peaks:
            return EMPTY_ROOT
        root = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            root = node_hash(peak, root)
        return root


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Return the root over leaf hashes."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Prove that the leaf at `index` is in the tree (RFC 9162, 2.1.3.1)."""
    if not 0 <= index < len(leaves):
        raise ValueError(f"There is no leaf {index} in a tree of {len(leaves)}.")
    if len(leaves) == 1:
        return []
    middle = _split(len(leaves))
    if index < middle:
        return [*inclusion_proof(leaves[:middle], index), root_of(leaves[middle:])]
    return [*inclusion_proof(leaves[middle:], index - middle), root_of(leaves[:middle])]


def consistency_proof(leaves: Sequence[bytes], old_size: int) -> list[bytes]:
    """Prove that the tree over the first `old_size` leaves grew into this one (RFC 9162, 2.1.4.1)."""
    if not 0 < old_size <= len(leaves):
        raise ValueError(f"A tree of {len(leaves)} cannot have grown from one of {old_size}.")
    return subproof(leaves, old_size, whole=True)


def subproof(leaves: Sequence[bytes], old_size: int, *, whole: bool) -> list[bytes]:
    """SUBPROOF of RFC 9162, 2.1.4.1: `whole` while the old tree's own root, which a verifier has, is what is left."""
    if old_size == len(leaves):
        return [] if whole else [root_of(leaves)]
    middle = _split(len(leaves))
    if old_size <= middle:
        return [*subproof(leaves[:middle], old_size, whole=whole), root_of(leaves[middle:])]
    return [*subproof(leaves[middle:], old_size - middle, whole=False), root_of(leaves[:middle])]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Check an inclusion proof by the steps of RFC 9162, 2.1.3.2."""
    if not 0 <= index < size:
        return False
    position, last, current = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if position % 2 == 1 or position == last:
            current = node_hash(sibling, current)
            while position % 2 == 0 and position != 0:
                position, last = position >> 1, last >> 1
        else:
            current = node_hash(current, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and current == root


def verify_consistency(old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Check a consistency proof by the steps of RFC 9162, 2.1.4.2."""
    if old_size == new_size:
        return old_size > 0 and not proof and old_root == new_root
    if not 0 < old_size < new_size or not proof:
        return False
    steps = list(proof)
    if old_size & (old_size - 1) == 0:  # a complete old tree is itself the first step
        steps.insert(0, old_root)
    position, last = old_size - 1, new_size - 1
    while position % 2 == 1:
        position, last = position >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if position % 2 == 1 or position == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while position % 2 == 0 and position != 0:
                position, last = position >> 1, last >> 1
        else:
            new = node_hash(new, step)
        position, last = position >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root


def _split(size: int) -> int:
    """The largest power of two smaller than `size`, where RFC 6962 divides a tree."""
    return 1 << ((size - 1).bit_length() - 1)
