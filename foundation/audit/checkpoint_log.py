"""Checkpoints of this log: signing one, and proving that an event is in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from foundation.audit.actors import Actor
from foundation.audit.checkpoint import SignedRoot, sign_checkpoint
from foundation.audit.errors import AuditError
from foundation.audit.kinds import Kind
from foundation.audit.log_tree import LogTree
from foundation.audit.models import Checkpoint, Event
from foundation.audit.recorder import record

_known_key: Callable[[], Ed25519PublicKey] | None = None


def use_log_key(public_key: Callable[[], Ed25519PublicKey]) -> None:
    """Say how to get the public key of the log. `foundation.keys` does so at start: the log itself knows no keys."""
    global _known_key  # one per process, set once at start
    _known_key = public_key


def log_public_key() -> Ed25519PublicKey:
    """Return the public key with which checkpoints of this log are verified."""
    if _known_key is None:
        raise AuditError("No key of the log is known here: give --key with the line of the verifier key.")
    return _known_key()


def log_origin() -> str:
    """Name this log after the address of the portal, as C2SP asks: without a scheme."""
    return f"{urlsplit(settings.PUBLIC_URL).netloc}/audit"


def write_checkpoint(*, key: Ed25519PrivateKey) -> Checkpoint:
    """Sign the log as it stands and keep the checkpoint; the one there is returned if nothing has been added since.

    The log is read outside a transaction: its lines never change, and on SQLite nobody else could write meanwhile.
    """
    size = Event.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    if there := Checkpoint.objects.filter(size=size).first():
        found: Checkpoint = there
        return found
    _refuse_a_fork()
    tree = LogTree(size)
    root = tree.root()
    tree.remember()
    note = sign_checkpoint(SignedRoot(log_origin(), size, root), key)
    checkpoint = Checkpoint(size=size, root=root.hex(), note=note, created_at=timezone.now())
    checkpoints: models.QuerySet[Checkpoint] = models.QuerySet(Checkpoint)
    with transaction.atomic():
        # Two signers of one size: the first wins, both return the same row. SQLite's trigger refuses a second, so there
        # one looks under the write lock; on PostgreSQL the constraint decides.
        if not Checkpoint.objects.filter(size=size).exists():
            checkpoints.bulk_create([checkpoint], ignore_conflicts=True)
        written: Checkpoint = Checkpoint.objects.get(size=size)
    return written


def record_download(*, checkpoint: Checkpoint, actor: Actor) -> None:
    """Note who took which checkpoint away, before the first byte leaves."""
    with transaction.atomic():
        record(
            Kind.AUDIT_CHECKPOINT_DOWNLOADED,
            actor=actor,
            subject="AUDIT",
            facts={"size": checkpoint.size, "root": checkpoint.root},
        )


def prove_inclusion(seqs: Iterable[int], size: int) -> dict[int, list[str]]:
    """Prove, as hexadecimal hashes, that each of these events is among the first `size` (RFC 9162, 2.1.3)."""
    proofs = LogTree(size).inclusion_proofs(seqs)
    return {seq: [step.hex() for step in proof] for seq, proof in proofs.items()}


def prove_consistency(old_size: int, size: int) -> list[str]:
    """Prove that the log of `old_size` events only grew into the one of `size` events (RFC 9162, 2.1.4)."""
    return [step.hex() for step in LogTree(size).consistency_proof(old_size)]


def _refuse_a_fork() -> None:
    """Sign nothing that does not continue what was signed last: it would vouch for a rewritten or a cut log."""
    last = Checkpoint.objects.order_by("-size").first()
    if last is not None and LogTree(last.size).root().hex() != last.root:
        raise AuditError(
            f"The log no longer fits the checkpoint over its first {last.size} events, so no other is signed:"
            " run manage.py verify_audit."
        )
