"""Proofs that a person has just shown who they are, made and used up when they sign (rule 14).

Make a proof before the transaction that signs, and consume it inside: a wrong password must reach the log although
nothing else of the attempt is kept, while a proof is used up only together with the signature that needed it.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.accounts import attempts
from foundation.accounts.actors import actor_for
from foundation.accounts.errors import ProofRefused, TooManyAttempts
from foundation.accounts.models import Method, SigningProof, User
from foundation.audit.kinds import Kind
from foundation.audit.recorder import record

LIFE = timedelta(minutes=5)


def visit_digest(session_key: str | None) -> str:
    """What is stored of a visit: the digest of its session key, which alone would open the session."""
    if not session_key:
        raise ProofRefused(_("Your visit has ended. Sign in again, then sign."))
    return hashlib.sha256(session_key.encode()).hexdigest()


def make_proof(
    *, person: User, session_key: str | None, statement_digest: str, method: str, password: str | None = None
) -> SigningProof:
    """Make a proof for one statement. For `password` the password is checked here; for `totp` and `passkey` the caller
    has just had it checked by the sign-in library. Call it outside any transaction: it commits by itself.
    """
    if method not in Method.values:
        raise ValueError(f"{method!r} is not a way to prove presence.")
    if not statement_digest:
        raise ProofRefused(_("The page did not say which statement you sign. Open it again."))
    visit = visit_digest(session_key)
    if method == Method.PASSWORD:
        _check_password(person, password)
    elif not User.objects.get(pk=person.pk).may_sign_in(timezone.now()):
        raise ProofRefused(_("Your access has ended. Ask an administrator."))
    now = timezone.now()
    with transaction.atomic(durable=True):
        proof = SigningProof.objects.create(
            person=person,
            session_digest=visit,
            statement_digest=statement_digest,
            method=method,
            created_at=now,
            expires_at=now + LIFE,
        )
        record(
            Kind.PERSON_PROVED_PRESENCE,
            actor=actor_for(person),
            subject=person.reference,
            facts={"method": str(method), "statement_digest": statement_digest, "proof": str(proof.code)},
        )
    return proof


def consume_proof(*, person: User, session_key: str | None, statement_digest: str) -> SigningProof:
    """Use up the proof of this person, visit and statement. Of two that try, exactly one wins (a conditional UPDATE).

    Call it inside the transaction that stores the signature.
    """
    visit = visit_digest(session_key)
    now = timezone.now()
    unused = SigningProof.objects.filter(
        person=person,
        session_digest=visit,
        statement_digest=statement_digest,
        consumed_at=None,
        expires_at__gt=now,
    )
    for proof in unused.order_by("pk"):
        consumed_at = max(now, proof.created_at)  # clocks of two machines may differ by a moment
        if unused.filter(pk=proof.pk).update(consumed_at=consumed_at):
            proof.consumed_at = consumed_at
            return proof
    raise ProofRefused(
        _("Show again who you are: your proof was for another text, is more than five minutes old, or is used up.")
    )


def sign_with_password(*, person: User, session_key: str | None, statement_digest: str, password: str) -> SigningProof:
    """Make and consume a proof in one go, for a password in the sign form. Call it outside any transaction."""
    make_proof(
        person=person,
        session_key=session_key,
        statement_digest=statement_digest,
        method=Method.PASSWORD,
        password=password,
    )
    return consume_proof(person=person, session_key=session_key, statement_digest=statement_digest)


def _check_password(person: User, password: str | None) -> None:
    """Check a password at most five times in five minutes. Refusals commit to the log before they are raised."""
    # Read anew: what the page loaded may be older than an end of access or a change of password.
    current = User.objects.get(pk=person.pk)
    if not current.may_sign_in(timezone.now()):
        raise ProofRefused(_("Your access has ended. Ask an administrator."))
    if not current.has_usable_password():
        raise ProofRefused(
            _("You have no password. Add an authenticator app or a passkey under My account, then sign with it.")
        )
    if not password:
        raise ProofRefused(_("Enter your password to sign."))
    place = attempts.take_place(current.pk)
    if place is None:
        if attempts.is_first_refusal(current.pk):
            _record_refusal(current, "too_many_attempts")
        raise TooManyAttempts()
    if not current.check_password(password):
        _record_refusal(current, "wrong_password")
        raise ProofRefused(_("The password is not right. Type it again."))
    attempts.give_back(current.pk, place)


def _record_refusal(person: User, reason: str) -> None:
    with transaction.atomic(durable=True):
        record(Kind.PERSON_SIGNING_REFUSED, actor=actor_for(person), subject=person.reference, facts={"reason": reason})
