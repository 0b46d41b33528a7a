"""Conditions: set while the review is open, met or broken afterwards."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.accounts.actors import actor_for
from foundation.accounts.company_day import company_day
from foundation.accounts.models import User
from foundation.accounts.policy import require
from foundation.audit.canonical import digest
from foundation.audit.kinds import Kind
from foundation.audit.recorder import record
from foundation.files.models import Blob
from reviews.actions.locking import lock_review, related_to, touch
from reviews.condition_owners import people_to_choose
from reviews.errors import ReviewError
from reviews.models import Condition, ConditionKind, Review
from reviews.policies import may_meet_condition, may_report_breach, may_set_scope


def add_condition(
    *, review: Review, kind: str, text: str, owner: User, by: User, due_on: date | None = None
) -> Condition:
    """Set a condition with an owner: before go-live, by a date, or continuous."""
    with transaction.atomic():
        locked = lock_review(review)
        require(may_set_scope(by, locked))
        if kind not in ConditionKind.values:
            raise ReviewError(_("Choose when the condition must hold."))
        if not text.strip():
            raise ReviewError(_("Say what must hold."))
        if kind == ConditionKind.BY_DATE and (problem := problem_of_due_day(due_on, company_day(timezone.now()))):
            raise ReviewError(problem)
        if owner.pk not in {key for key, _name in people_to_choose(locked)}:
            raise ReviewError(
                _("%(name)s does not work on this product. Choose somebody of its team, or of legal, marks or risk.")
                % {"name": owner.name}
            )
        condition = Condition.objects.create(
            review=locked,
            kind=kind,
            text=text.strip(),
            owner=owner,
            due_on=due_on if kind == ConditionKind.BY_DATE else None,
            created_by=by,
            created_at=timezone.now(),
        )
        touch(locked)
        record_condition_set(condition, locked, by)
    return condition


def problem_of_due_day(due_on: date | None, today: date) -> str:
    """Why a condition cannot be due on this day; a day that has passed would deny at once."""
    if due_on is None:
        return _("Say by which date it must hold.")
    if due_on < today:
        return _("This day has passed: choose today or a later day.")
    return ""


def record_condition_set(condition: Condition, review: Review, by: User) -> None:
    """The event of a new condition, from which its owner hears of it."""
    record(
        Kind.CONDITION_SET,
        actor=actor_for(by),
        subject=condition.reference,
        related=[review.reference, *related_to(review), condition.owner.reference],
        facts={
            "kind": condition.kind,
            "due_on": condition.due_on.isoformat() if condition.due_on else None,
            "text_digest": digest({"text": condition.text}),
        },
    )


def drop_condition(*, condition: Condition, by: User) -> None:
    """Take back a condition before the approver has signed; afterwards nothing decided is edited."""
    with transaction.atomic():
        locked = lock_review(condition.review)
        require(may_set_scope(by, locked))
        row = Condition.objects.filter(pk=condition.pk).first()
        if row is None:
            raise ReviewError(_("This condition was taken back already."))
        reference = row.reference
        row.delete()
        touch(locked)
        record(
            Kind.CONDITION_DROPPED,
            actor=actor_for(by),
            subject=reference,
            related=[locked.reference, *related_to(locked)],
        )


def meet_condition(*, condition: Condition, by: User, note: str, document: Blob | None = None) -> Condition:
    """Record that it holds, with what shows it. The gate counts it from this moment."""
    with transaction.atomic():
        review = lock_review(condition.review)
        row = Condition.objects.select_for_update(no_key=True).get(pk=condition.pk)
        row.review = review
        require(may_meet_condition(by, row))
        if not note.strip():
            raise ReviewError(_("Say what shows that the condition holds."))
        row.met_at, row.met_by, row.met_note, row.document, row.breached = (
            timezone.now(),
            by,
            note.strip(),
            document,
            False,
        )
        row.save(update_fields=["met_at", "met_by", "met_note", "document", "breached"])
        record(
            Kind.CONDITION_MET,
            actor=actor_for(by),
            subject=row.reference,
            related=[review.reference, *related_to(review)],
            facts={"document": document.sha256 if document else None, "note_digest": digest({"note": note.strip()})},
        )
    return row


def report_breach(*, condition: Condition, by: User, note: str) -> Condition:
    """Record that a condition no longer holds. The gate denies from this moment."""
    with transaction.atomic():
        review = lock_review(condition.review)
        row = Condition.objects.select_for_update(no_key=True).get(pk=condition.pk)
        row.review = review
        require(may_report_breach(by, row))
        if not note.strip():
            raise ReviewError(_("Say what happened."))
        row.breached, row.met_at, row.met_by, row.met_note = True, None, None, note.strip()
        row.save(update_fields=["breached", "met_at", "met_by", "met_note"])
        record(
            Kind.CONDITION_REOPENED,
            actor=actor_for(by),
            subject=row.reference,
            related=[review.reference, *related_to(review)],
            facts={"note_digest": digest({"note": note.strip()})},
        )
    return row
