"""Answer one of the five checks."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.accounts.actors import actor_for
from foundation.accounts.models import User
from foundation.accounts.policy import require
from foundation.audit.canonical import digest
from foundation.audit.kinds import Kind
from foundation.audit.recorder import record
from reviews.actions.declare_facts import lay_out_plan
from reviews.actions.locking import lock_review, related_to, touch
from reviews.errors import ReviewError
from reviews.models import Check, CheckAnswer, PositionTaken, Review
from reviews.policies import may_answer


def answer_check(
    *,
    review: Review,
    number: int,
    answer: str,
    reasoning: str,
    by: User,
    clauses: list[str] | None = None,
    reading: str = "",
    residual_risk: str = "",
) -> Check:
    """Record an answer and its reasoning. A position needs its reading and residual risk; the plan follows the answer.

    Saving what is already there changes nothing and records nothing.
    """
    with transaction.atomic():
        locked = lock_review(review)
        require(may_answer(by, locked))
        check = locked.checks.get(number=number)
        if answer not in CheckAnswer.values:
            raise ReviewError(_("Choose one of the answers that are offered."))
        if not reasoning.strip():
            raise ReviewError(_("Write the reasoning: it appears word for word in the signed record."))
        if answer == CheckAnswer.POSITION_TAKEN and not (reading.strip() and residual_risk.strip()):
            raise ReviewError(_("A position needs the reading that you rely on, and the risk that remains."))
        after = (answer, reasoning.strip(), sorted(set(clauses or [])))
        position = _put_position(check, answer, reading.strip(), residual_risk.strip())
        if after == (check.answer, check.reasoning, check.clauses) and not position:
            return check
        check.answer, check.reasoning, check.clauses = after
        check.answered_by, check.answered_at = by, timezone.now()
        check.save()
        lay_out_plan(locked)
        touch(locked)
        record(
            Kind.REVIEW_CHECK_ANSWERED,
            actor=actor_for(by),
            subject=locked.reference,
            related=related_to(locked),
            facts={"check": number, "answer": answer, "reasoning_digest": digest({"reasoning": check.reasoning})},
        )
    return check


def _put_position(check: Check, answer: str, reading: str, residual_risk: str) -> bool:
    """Keep the position beside its check; says whether anything changed."""
    before = PositionTaken.objects.filter(check_row=check).first()
    if answer != CheckAnswer.POSITION_TAKEN:
        if before is not None:
            before.delete()
        return before is not None
    if before is not None and (before.reading, before.residual_risk) == (reading, residual_risk):
        return False
    PositionTaken.objects.update_or_create(
        check_row=check, defaults={"reading": reading, "residual_risk": residual_risk}
    )
    return True
