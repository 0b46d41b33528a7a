"""Moves of a review that no signature makes: ask for changes, wait, reject, withdraw, suspend, revoke and the like."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from deployments.actions.stop_duties import open_stop_duty
from deployments.models import Approval, ApprovalState
from foundation.accounts.actors import actor_for
from foundation.accounts.models import User
from foundation.accounts.policy import require
from foundation.audit.canonical import digest
from foundation.audit.kinds import Kind
from foundation.audit.recorder import record
from foundation.jobs.actions import enqueue
from reviews.actions.locking import lock_review, related_to, touch
from reviews.errors import ReviewError
from reviews.models import Message, MessageKind, Review
from reviews.policies import may_decide, may_move_as_legal, may_withdraw
from reviews.states import Move, State, require_move


def request_changes(*, review: Review, by: User, reason: str) -> Review:
    """Send the facts back to the owner with a reason. Signatures of this round no longer count."""
    with transaction.atomic():
        locked = _locked_for(review, reason)
        require_move(Move.REQUEST_CHANGES, state=locked.state, to=State.CHANGES_REQUESTED)
        require(may_move_as_legal(by, locked, Move.REQUEST_CHANGES))
        Message.objects.create(
            review=locked, kind=MessageKind.CHANGES_REQUESTED, author=by, text=reason.strip(), written_at=timezone.now()
        )
        if locked.sign_offs.filter(round=locked.round).exists():
            locked.round += 1
        _go(locked, State.CHANGES_REQUESTED, reason, Kind.REVIEW_CHANGES_REQUESTED, by)
    return locked


def park(*, review: Review, by: User, to: State, reason: str) -> Review:
    """Wait for Meta or for external counsel."""
    with transaction.atomic():
        locked = _locked_for(review, reason)
        require_move(Move.PARK, state=locked.state, to=to)
        require(may_move_as_legal(by, locked, Move.PARK))
        _go(locked, to, reason, Kind.REVIEW_WAITING_STARTED, by)
    return locked


def resume(*, review: Review, by: User, reason: str) -> Review:
    """Go on after waiting."""
    with transaction.atomic():
        locked = _locked_for(review, reason)
        require_move(Move.RESUME, state=locked.state, to=State.IN_REVIEW)
        require(may_move_as_legal(by, locked, Move.RESUME))
        _go(locked, State.IN_REVIEW, reason, Kind.REVIEW_WAITING_ENDED, by)
    return locked


def close_not_llama(*, review: Review, by: User, reason: str) -> Review:
    """Close it because the model is not under a Llama licence; the reason names the governing terms."""
    with transaction.atomic():
        locked = _locked_for(review, reason)
        require_move(Move.CLOSE_NOT_LLAMA, state=locked.state, to=State.NOT_LLAMA)
        require(may_move_as_legal(by, locked, Move.CLOSE_NOT_LLAMA))
        locked.decided_at = timezone.now()
        _go(locked, State.NOT_LLAMA, reason, Kind.REVIEW_NOT_LLAMA, by, "decided_at")
    return locked


def withdraw(*, review: Review, by: User, reason: str) -> Review:
    """The owner's side takes the request back; an approval of another version is untouched."""
    with transaction.atomic():
        locked = _locked_for(review, reason)
        require_move(Move.WITHDRAW, state=locked.state, to=State.WITHDRAWN)
        require(may_withdraw(by, locked))
        locked.decided_at = timezone.now()
        _go(locked, State.WITHDRAWN, reason, Kind.REVIEW_WITHDRAWN, by, "decided_at")
    return locked


def reject(*, review: Review, by: User, reason: str) -> Review:
    """Decide against it. Where the model already runs, a stop duty opens; the evidence pack proves the rejection."""
    with transaction.atomic():
        locked = _locked_for(review, reason)
        require_move(Move.REJECT, state=locked.state, to=State.REJECTED)
        require(may_decide(by, locked, Move.REJECT))
        if locked.declaration is None:
            raise ReviewError(_("There are no declared facts to decide on."))
        locked.decided_at = timezone.now()
        running = locked.component.rollouts.filter(version=locked.version, running=True, superseded_by=None).exists()
        enqueue_pack(locked)
        if running:
            open_stop_duty(
                component=locked.component,
                version=locked.version,
                cause="rejected",
                by=by,
                review_reference=locked.reference,
            )
        _go(locked, State.REJECTED, reason, Kind.REVIEW_REJECTED, by, "decided_at")
    return locked


def suspend(*, review: Review, by: User, reason: str) -> Review:
    """Stop the approval from counting until it is reinstated."""
    return _decide_on_approval(
        review, by, reason, Move.SUSPEND, State.SUSPENDED, ApprovalState.SUSPENDED, Kind.APPROVAL_SUSPENDED
    )


def reinstate(*, review: Review, by: User, reason: str) -> Review:
    """Let a suspended approval count again."""
    with_conditions = review.conditions.exists()
    to = State.APPROVED_WITH_CONDITIONS if with_conditions else State.APPROVED
    return _decide_on_approval(review, by, reason, Move.REINSTATE, to, ApprovalState.IN_FORCE, Kind.APPROVAL_RESUMED)


def revoke(*, review: Review, by: User, reason: str) -> Review:
    """End the approval for good; the stop duty says what follows."""
    return _decide_on_approval(
        review, by, reason, Move.REVOKE, State.REVOKED, ApprovalState.REVOKED, Kind.APPROVAL_REVOKED, "revoked"
    )


def terminate(*, review: Review, by: User, reason: str) -> Review:
    """Record that the licence itself ended (LICENSE 5.c or 6); the stop duty follows section 6."""
    return _decide_on_approval(
        review,
        by,
        reason,
        Move.TERMINATE,
        State.TERMINATED,
        ApprovalState.TERMINATED,
        Kind.APPROVAL_TERMINATED,
        "terminated",
    )


def enqueue_pack(review: Review) -> None:
    """Ask for the evidence pack of this decision, in the transaction that decides."""
    enqueue(
        kind="evidence.build_pack",
        dedupe=f"evidence:{review.reference}:1",
        ref=review.reference,
        payload={"review": review.pk, "edition": 1},
    )


def _decide_on_approval(
    review: Review,
    by: User,
    reason: str,
    move: Move,
    to: State,
    approval_state: ApprovalState,
    kind: Kind,
    stop_cause: str = "",
) -> Review:
    with transaction.atomic():
        locked = _locked_for(review, reason)
        require_move(move, state=locked.state, to=to)
        require(may_decide(by, locked, move))
        approval = Approval.objects.select_for_update(no_key=True).get(review_reference=locked.reference)
        approval.state, approval.state_reason = approval_state, reason.strip()
        approval.save(update_fields=["state", "state_reason"])
        if stop_cause:
            open_stop_duty(
                component=locked.component,
                version=locked.version,
                cause=stop_cause,
                by=by,
                review_reference=locked.reference,
            )
        _go(locked, to, reason, kind, by, approval=approval)
    return locked


def _locked_for(review: Review, reason: str) -> Review:
    if not reason.strip():
        raise ReviewError(_("Give a reason: it is part of the record."))
    return lock_review(review)


def _go(
    review: Review, to: State, reason: str, kind: Kind, by: User, *fields: str, approval: Approval | None = None
) -> None:
    before = review.state
    review.state, review.state_reason = to, reason.strip()
    touch(review, "state", "state_reason", "round", *fields)
    record(
        kind,
        actor=actor_for(by),
        subject=review.reference,
        related=[*related_to(review), *([approval.reference] if approval else [])],
        facts={"from": before, "to": to, "reason_digest": digest({"reason": reason.strip()})},
    )
