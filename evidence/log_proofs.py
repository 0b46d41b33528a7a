"""Proofs that the events of a record are in the log that a checkpoint signed (RFC 9162, 2.1.3), many at once.

Pure: takes the leaf hashes. One proof alone costs a hash for every event of the log; here the subtrees are hashed once
and shared by all proofs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from foundation.audit.merkle import node_hash, root_of

SMALL = 1024  # subtrees up to this size are hashed anew: remembering them would cost more than it saves


class SharedTree:
    """A tree over leaf hashes that remembers the roots of its large subtrees."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self._leaves = leaves
        self._roots: dict[tuple[int, int], bytes] = {}

    def proof(self, index: int) -> list[bytes]:
        """The path of one leaf, from its sibling up to the root."""
        if not 0 <= index < len(self._leaves):
            raise ValueError(f"There is no leaf {index} in a tree of {len(self._leaves)}.")
        path: list[bytes] = []
        low, high = 0, len(self._leaves)
        while high - low > 1:
            middle = low + _split(high - low)
            if index < middle:
                path.append(self._root(middle, high))
                high = middle
            else:
                path.append(self._root(low, middle))
                low = middle
        return path[::-1]

    def _root(self, low: int, high: int) -> bytes:
        if high - low <= SMALL:
            return root_of(self._leaves[low:high])
        known = self._roots.get((low, high))
        if known is None:
            middle = low + _split(high - low)
            known = node_hash(self._root(low, middle), self._root(middle, high))
            self._roots[low, high] = known
        return known


def proofs_of(leaves: Sequence[bytes], seqs: Iterable[int]) -> dict[int, list[str]]:
    """The proof of each event by its number in the log, which is its place plus one, as hexadecimal hashes."""
    tree = SharedTree(leaves)
    return {seq: [step.hex() for step in tree.proof(seq - 1)] for seq in seqs}


def _split(size: int) -> int:
    """The largest power of two smaller than `size` (RFC 6962, 2.1)."""
    return 1 << ((size - 1).bit_length() - 1)
