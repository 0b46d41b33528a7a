"""The owner declares; the review takes the facts, the findings and the texts as they are at that moment."""

from __future__ import annotations

import json
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from deployments.actions.declarations import declare
from deployments.models import Declaration, LegalEntity, ModelSheet, Product
from foundation.accounts.actions import make_proof
from foundation.accounts.actors import actor_for
from foundation.accounts.company_day import company_day
from foundation.accounts.models import User
from foundation.audit.kinds import Kind
from foundation.audit.recorder import record
from reviews.actions.locking import actor_or_system, lock_open_reviews_of, lock_review, related_to
from reviews.actions.open_review import open_review
from reviews.actions.trigger_reviews import ask_other_components
from reviews.errors import ReviewError
from reviews.examined import Examined, examine, findings_of
from reviews.models import Check, Review, SignOff, Step
from reviews.questions import FIVE_CHECKS
from reviews.relied_on import last_day
from reviews.states import Move, State, require_move
from reviews.step_plan import plan


def declare_facts(*, sheet: ModelSheet, by: User, session_key: str, password: str, statement_digest: str) -> Review:
    """Sign the declaration and hand the facts to the review: the open one, or one that this change of facts opens."""
    if password:
        make_proof(
            person=by, session_key=session_key, statement_digest=statement_digest, method="password", password=password
        )
    with transaction.atomic():
        product = Product.objects.select_for_update(no_key=True).get(pk=sheet.component.product_id)
        lock_open_reviews_of(product)
        reason = "facts_changed" if sheet.declarations.exists() else "registered"
        review = lock_review(open_review(sheet=sheet, reason=reason, by=by))
        if not review.is_open:  # decided while this waited for the lock: the facts belong to a new review
            review = lock_review(open_review(sheet=sheet, reason=reason, by=by))
        require_move(Move.DECLARE, state=review.state, to=State.IN_REVIEW)
        declaration = declare(sheet=sheet, by=by, session_key=session_key, statement_digest=statement_digest)
        take_facts(review, declaration)
        ask_other_components(declaration, by=by)
        record(
            Kind.REVIEW_FACTS_TAKEN,
            actor=actor_for(by),
            subject=review.reference,
            related=[*related_to(review), declaration.reference],
            facts={"declaration": declaration.reference, "round": review.round, **_digests(review)},
        )
    return review


def reexamine(*, review: Review, by: User | None, why: str) -> Review:
    """Take the facts again because legal's entity facts or a text changed; signatures of this round no longer count."""
    with transaction.atomic():
        locked = lock_review(review)
        if locked.declaration is None:
            raise ReviewError("The owner has not declared the facts yet.")
        if locked.state == State.SIGNING:
            require_move(Move.REOPEN, state=locked.state, to=State.IN_REVIEW)
        take_facts(locked, locked.declaration)
        record(
            Kind.REVIEW_FACTS_TAKEN,
            actor=actor_or_system(by, "reviews"),
            subject=locked.reference,
            related=related_to(locked),
            facts={"why": why, "round": locked.round, **_digests(locked)},
        )
    return locked


def take_facts(review: Review, declaration: Declaration) -> None:
    """Copy facts, findings and texts onto the locked review and lay out its checks, scope and plan."""
    licensee = licensee_of(review)
    examined: Examined = examine(declaration, review.version, licensee)
    if SignOff.objects.filter(review=review, round=review.round).exists():
        review.round += 1
    review.licensee = licensee
    review.declaration = declaration
    review.facts, review.facts_digest = examined.facts, examined.facts_digest
    review.findings, review.findings_digest = examined.findings, examined.findings_digest
    review.agreement, review.aup = examined.agreement, examined.aup
    review.catalogue_digest = examined.catalogue_digest
    review.licensee_facts_revision = examined.licensee_facts_revision
    review.licensee_facts_change_on = examined.licensee_facts_change_on
    review.state = State.IN_REVIEW
    review.revision += 1
    _propose_scope(review, examined)
    review.save()
    for check in FIVE_CHECKS:
        Check.objects.get_or_create(review=review, number=check.number)
    lay_out_plan(review)


def licensee_of(review: Review) -> LegalEntity:
    """The entity whose rights are examined, as the product names it now."""
    role = review.product.entity_roles.filter(role="licensee").select_related("entity").first()
    if role is None:
        raise ReviewError("The product names no licensee. Choose the legal entity that uses the model, then declare.")
    return role.entity


def lay_out_plan(review: Review) -> None:
    """Copy the plan of this round onto the review. Steps that nobody has signed follow the findings and answers."""
    answers = dict(review.checks.values_list("number", "answer"))
    planned = {step.key: step for step in plan(findings_of(review), answers)}
    for step in Step.objects.filter(review=review, round=review.round, sign_off=None).exclude(key__in=planned):
        step.delete()
    for key, wanted in planned.items():
        Step.objects.get_or_create(
            review=review,
            round=review.round,
            key=key,
            defaults={"order": wanted.order, "role": wanted.role, "why": wanted.why},
        )


def _propose_scope(review: Review, examined: Examined) -> None:
    """The proposed scope is the whole product; legal narrows it."""
    product = review.product
    if review.valid_from is None:
        today = company_day(timezone.now())
        review.valid_from = today
        review.valid_until = today + timedelta(days=settings.APPROVAL_DAYS)
    _end_with_what_is_relied_on(review)
    if not review.scope_deployments.exists():
        review.scope_deployments.set(product.deployments.all())
    review.scope_entities.set({role.entity for role in product.entity_roles.select_related("entity")})
    answers = json.loads(examined.facts).get("product", {})
    review.scope_use = review.scope_use or str(answers.get("purpose", ""))
    review.scope_countries = list(answers.get("countries", []))


def _end_with_what_is_relied_on(review: Review) -> None:
    """The end is no later than the last day of a permission that the findings rest on, also of facts taken again."""
    assert review.licensee is not None and review.valid_from is not None and review.valid_until is not None
    last = last_day(findings_of(review), review.licensee)
    if last is not None and review.valid_from <= last < review.valid_until:
        review.valid_until = last


def _digests(review: Review) -> dict[str, str | None]:
    return {
        "facts_digest": review.facts_digest,
        "findings_digest": review.findings_digest,
        "agreement": review.agreement.sha256 if review.agreement else None,
        "aup": review.aup.sha256 if review.aup else None,
    }
