"""The Merkle tree over the stored log, read in blocks: neither its root nor a proof reads every line.

RFC 6962 divides a tree at powers of two, so a full block of 1,024 lines is a subtree of every tree that is larger, and
its root can stand for its lines. Checkpoints remember these roots in a table: a million lines are a thousand rows. A
proof then needs the lines of its own block and of the unfinished last one, and the roots of the others.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from itertools import groupby

from foundation.audit import merkle
from foundation.audit.errors import AuditError
from foundation.audit.models import Event, Subtree

BLOCK = 1024  # a power of two; changing it makes every remembered root another's: empty the table then


class LogTree:
    """The tree over the first `size` lines of the log."""

    def __init__(self, size: int) -> None:
        self.size = size

    def root(self) -> bytes:
        """The root over all of it."""
        return merkle.root_of(self._roots)

    def inclusion_proofs(self, seqs: Iterable[int]) -> dict[int, list[bytes]]:
        """Prove that each of these lines is in the tree (RFC 9162, 2.1.3)."""
        wanted = sorted(set(seqs))
        if strangers := [seq for seq in wanted if not 1 <= seq <= self.size]:
            raise ValueError(f"Line {strangers[0]} is not among the first {self.size}.")
        proofs: dict[int, list[bytes]] = {}
        for number, block in groupby(wanted, key=lambda seq: (seq - 1) // BLOCK):
            leaves = _leaves(number, self.size)
            above = merkle.inclusion_proof(self._roots, number)
            for seq in block:
                proofs[seq] = [*merkle.inclusion_proof(leaves, (seq - 1) % BLOCK), *above]
        return proofs

    def consistency_proof(self, old_size: int) -> list[bytes]:
        """Prove that the tree over the first `old_size` lines grew into this one (RFC 9162, 2.1.4)."""
        if not 0 < old_size <= self.size:
            raise ValueError(f"A log of {self.size} lines cannot have grown from one of {old_size}.")
        if old_size == self.size:
            return []
        number, inside = divmod(old_size, BLOCK)
        if inside == 0:
            return merkle.consistency_proof(self._roots, number)
        below = merkle.subproof(_leaves(number, self.size), inside, whole=number == 0)
        return [*below, *merkle.inclusion_proof(self._roots, number)]

    def remember(self) -> None:
        """Keep the roots of the full blocks that are new."""
        full = self._roots[: self.size // BLOCK]
        Subtree.objects.bulk_create(
            [Subtree(number=number, root=root.hex()) for number, root in enumerate(full) if number not in self._known],
            ignore_conflicts=True,  # two that write a checkpoint at once computed the same
        )

    @cached_property
    def _known(self) -> dict[int, str]:
        return dict(Subtree.objects.filter(number__lt=self.size // BLOCK).values_list("number", "root"))

    @cached_property
    def _roots(self) -> list[bytes]:
        """The root of each block; the last may be of an unfinished one."""
        return [
            bytes.fromhex(self._known[number]) if number in self._known else merkle.root_of(_leaves(number, self.size))
            for number in range(-(-self.size // BLOCK))
        ]


def _leaves(number: int, size: int) -> list[bytes]:
    """The leaf hashes of one block: a leaf's entry is the 32 bytes of the event's hash."""
    first, last = number * BLOCK + 1, min((number + 1) * BLOCK, size)
    found = Event.objects.filter(seq__gte=first, seq__lte=last).order_by("seq").values_list("seq", "hash")
    leaves = []
    for expected, (seq, event_hash) in zip(range(first, last + 1), found, strict=False):
        if seq != expected:
            break
        leaves.append(merkle.leaf_hash(bytes.fromhex(event_hash)))
    if len(leaves) != last - first + 1:
        raise AuditError(f"The log has no event {first + len(leaves)}: run manage.py verify_audit.")
    return leaves
