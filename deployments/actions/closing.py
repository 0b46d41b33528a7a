"""Questions to colleagues that need no answer any more: who answers a field oneself closes what was asked about it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from deployments.models import ClosedAs, ColleagueQuestion, ModelSheet, Product, ProductSheet
from deployments.policies import owns
from foundation.accounts.actors import actor_for
from foundation.accounts.models import User
from foundation.audit.kinds import Kind
from foundation.audit.recorder import record
from licences.facts_fields import is_known


def close_answered(
    *, product: Product, sheet: ModelSheet | None, keys: Iterable[str], by: User, now: datetime
) -> list[ColleagueQuestion]:
    """Close what was asked about these answers, on a locked product; the caller records. "Not known yet" closes none.

    The owner's word settles a field, whoever was asked. Anybody else settles only what they were asked themselves.
    """
    questions = list(_open(product).filter(sheet=sheet, field_key__in=list(keys)).order_by("pk"))
    if not owns(by, product):
        questions = [one for one in questions if one.asked_of_id == by.pk]
    if not questions:
        return []
    answers = ProductSheet.objects.get(product=product).answers if sheet is None else sheet.answers
    return [
        _close(one, ClosedAs.ANSWERED if one.asked_of_id == by.pk else ClosedAs.BY_OWNER, now)
        for one in questions
        if is_known(answers, one.field_key)
    ]


def close_of_retired(*, product: Product, now: datetime) -> list[ColleagueQuestion]:
    """Close everything that was asked about a product that is being retired; the caller records."""
    return [_close(one, ClosedAs.RETIRED, now) for one in _open(product).order_by("pk")]


def record_closed(questions: Iterable[ColleagueQuestion], *, by: User) -> None:
    """Record the events of questions that were closed; last in the transaction."""
    for one in questions:
        record(
            Kind.COLLEAGUE_ANSWERED if one.closed_as == ClosedAs.ANSWERED else Kind.COLLEAGUE_CLOSED,
            actor=actor_for(by),
            subject=one.product.reference,
            related=[
                one.asked_by.reference,
                one.asked_of.reference,
                *([one.sheet.reference] if one.sheet else []),
            ],
            facts={"question": one.pk, "field": one.field_key, "closed_as": one.closed_as},
        )


def _open(product: Product) -> QuerySet[ColleagueQuestion]:
    return (
        ColleagueQuestion.objects.select_for_update(of=("self",), no_key=True)
        .filter(product=product, answered_at=None)
        .select_related("product", "sheet", "asked_by", "asked_of")
    )


def _close(question: ColleagueQuestion, how: ClosedAs, now: datetime) -> ColleagueQuestion:
    question.answered_at, question.closed_as = now, how
    question.save(update_fields=["answered_at", "closed_as"])
    return question
