"""Checkpoints of this log: signing one, and proving that an event is in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from foundation.audit import merkle
from foundation.audit.checkpoint import SignedRoot, sign_checkpoint
from foundation.audit.errors import AuditError
from foundation.audit.models import Checkpoint, Event

_PAGE = 5000
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


@transaction.atomic
def write_checkpoint(*, key: Ed25519PrivateKey) -> Checkpoint:
    """Sign the log as it stands and keep the checkpoint; the one there is returned if nothing has been added since."""
    size = Event.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    if there := Checkpoint.objects.filter(size=size).first():
        found: Checkpoint = there
        return found
    root = merkle.root_of(leaves(size))
    note = sign_checkpoint(SignedRoot(log_origin(), size, root), key)
    checkpoint = Checkpoint(size=size, root=root.hex(), note=note, created_at=timezone.now())
    # Two signers of one size: the first wins, both return the same row.
    checkpoints: models.QuerySet[Checkpoint] = models.QuerySet(Checkpoint)
    checkpoints.bulk_create([checkpoint], ignore_conflicts=True)
    written: Checkpoint = Checkpoint.objects.get(size=size)
    return written


def prove_inclusion(seq: int, size: int) -> list[str]:
    """Prove, as hexadecimal hashes, that event `seq` is among the first `size` events (RFC 9162, 2.1.3)."""
    return [step.hex() for step in merkle.inclusion_proof(list(leaves(size)), seq - 1)]


def prove_consistency(old_size: int, size: int) -> list[str]:
    """Prove that the log of `old_size` events only grew into the one of `size` events (RFC 9162, 2.1.4)."""
    return [step.hex() for step in merkle.consistency_proof(list(leaves(size)), old_size)]


def leaves(size: int) -> Iterator[bytes]:
    """The leaf hashes of the first `size` events: a leaf's entry is the 32 bytes of the event's hash."""
    done = 0
    while done < size:
        page = Event.objects.filter(seq__gt=done, seq__lte=size).order_by("seq").values_list("seq", "hash")[:_PAGE]
        before = done
        for seq, event_hash in page:
            if seq == done + 1:
                yield merkle.leaf_hash(bytes.fromhex(event_hash))
                done = seq
        if done == before:
            raise AuditError(f"The log has no event {done + 1}: run manage.py verify_audit.")
