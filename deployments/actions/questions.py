"""'Ask a colleague' about one answer of a sheet, and their answer."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from deployments.actions.closing import close_answered, record_closed
from deployments.actions.products import lock_product
from deployments.actions.sheets import apply_answers, lock_sheet, record_saved
from deployments.errors import DeploymentError
from deployments.models import ClosedAs, ColleagueQuestion, ModelSheet, Product
from deployments.policies import may_ask, owns
from deployments.sheet_answers import COLUMN_KEYS
from foundation.accounts.actors import actor_for
from foundation.accounts.models import User
from foundation.accounts.policy import NotAllowed, require
from foundation.accounts.queries import people_with_access
from foundation.audit.kinds import Kind
from foundation.audit.recorder import record
from licences.facts import field_named


def ask_colleague(
    *, product: Product, field_key: str, asked_of: User, by: User, sheet: ModelSheet | None = None, note: str = ""
) -> ColleagueQuestion:
    """Ask somebody for one answer. They may then see the product and answer this question, and nothing else of it."""
    try:
        field = field_named("product" if sheet is None else "model", field_key)
    except KeyError as error:
        raise DeploymentError(_("The sheet has no such question. Reload the page.")) from error
    if field.kind == "record" or field_key in COLUMN_KEYS:
        raise DeploymentError(_("This is chosen on its own page and cannot be asked of a colleague."))
    if sheet is not None and sheet.component.product_id != product.pk:
        raise DeploymentError(_("This model sheet belongs to another product."))
    with transaction.atomic():
        locked = lock_product(product)
        require(may_ask(by, locked))
        if asked_of.pk == by.pk:
            raise DeploymentError(_("Choose someone else: you can answer this yourself."))
        if not people_with_access().filter(pk=asked_of.pk).exists():
            raise DeploymentError(_("This person has no access now. Choose someone else."))
        same = ColleagueQuestion.objects.filter(
            product=locked, sheet=sheet, field_key=field_key, asked_of=asked_of, answered_at=None
        )
        if same.exists():
            raise DeploymentError(_("You have asked them already, and they have not answered yet."))
        question = ColleagueQuestion.objects.create(
            product=locked,
            sheet=sheet,
            field_key=field_key,
            note=note.strip(),
            asked_by=by,
            asked_of=asked_of,
            asked_at=timezone.now(),
        )
        record(
            Kind.COLLEAGUE_ASKED,
            actor=actor_for(by),
            subject=locked.reference,
            related=[by.reference, asked_of.reference, *([sheet.reference] if sheet else [])],
            facts={"question": question.pk, "field": question.field_key},
        )
    return question


def answer_question(*, question: ColleagueQuestion, by: User, value: Any = None, note: str = "") -> ColleagueQuestion:
    """Answer what was asked: the value goes onto the sheet, in the name of who answered. A note alone is fine too."""
    with transaction.atomic():
        product = lock_product(question.product)
        sheet = lock_sheet(question.sheet) if question.sheet is not None else None
        locked = ColleagueQuestion.objects.select_for_update(of=("self",), no_key=True).get(pk=question.pk)
        if by.pk != locked.asked_of_id and not owns(by, product):
            raise NotAllowed(_("Only the person who was asked, or the product’s owner, answers this."))
        if locked.answered_at is not None:
            raise DeploymentError(_("This question is already answered."))
        if value in (None, "", []) and not note.strip():
            raise DeploymentError(_("Give an answer, or write a note that says why you cannot."))
        changed: list[str] = []
        if value not in (None, "", []):
            changed = apply_answers(product=product, sheet=sheet, answers={locked.field_key: value}, by=by)
        now = timezone.now()
        locked.answered_at, locked.answer_note = now, note.strip()
        locked.closed_as = ClosedAs.ANSWERED if by.pk == locked.asked_of_id else ClosedAs.BY_OWNER
        locked.save(update_fields=["answered_at", "answer_note", "closed_as"])
        others = close_answered(product=product, sheet=sheet, keys=changed, by=by, now=now)
        if changed:
            record_saved(product=product, sheet=sheet, changed=changed, by=by)
        record_closed([locked, *others], by=by)
    return locked
