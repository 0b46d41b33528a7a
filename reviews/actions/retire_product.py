"""Retire a product: nothing of it is asked for, approved or running any more. Its record stays."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from deployments.actions.products import mark_retired
from deployments.actions.rollouts import CLOCKS_MAY_DIFFER, record_rollout
from deployments.models import (
    Approval,
    ApprovalState,
    Component,
    Deployment,
    ModelSheet,
    Product,
    ProductState,
    StopDuty,
)
from deployments.policies import may_retire
from deployments.queries import rollouts_of, running_now
from foundation.accounts.actors import actor_for
from foundation.accounts.company_day import company_day
from foundation.accounts.models import User
from foundation.accounts.policy import require
from foundation.audit.kinds import Kind
from foundation.audit.recorder import record
from reviews.actions.locking import lock_review, related_to, touch
from reviews.actions.moves import withdraw
from reviews.models import Review
from reviews.states import APPROVED_STATES, OPEN_STATES, Move, State, require_move

_ENDING = OPEN_STATES | APPROVED_STATES | {State.SUSPENDED}


def retire_product(*, product: Product, by: User, reason: str = "") -> list[StopDuty]:
    """Retire a product in one transaction; returns the stop duties that this opens.

    Open reviews are withdrawn, approvals end, and what still runs is recorded as stopped now: who retires a product
    says that. If it stopped on another day, the entry is corrected as any other.
    """
    with transaction.atomic():
        locked = Product.objects.select_for_update(of=("self",), no_key=True).select_related("team").get(pk=product.pk)
        require(may_retire(by, locked))
        _lock_what_ends(locked)
        now = timezone.now()
        opened = mark_retired(product=locked, by=by, reason=reason)
        _stop_what_runs(locked, by, now)
        for review in Review.objects.open().filter(component__product=locked).order_by("pk"):
            withdraw(review=review, by=by, reason=_("Product retired"))
        for approval in _standing(locked):
            _end(approval, by, now)
    product.state, product.retired_at = ProductState.RETIRED, now
    return opened


def _lock_what_ends(product: Product) -> None:
    """Every row that changes below, before the first event: in the order in which signing and revoking take them."""
    sheets = ModelSheet.objects.filter(component__product=product)
    reviews = Review.objects.filter(component__product=product, state__in=_ENDING)
    approvals = Approval.objects.filter(component__product=product)
    for rows in (sheets, reviews, approvals):
        list(rows.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True))


def _stop_what_runs(product: Product, by: User, now: datetime) -> None:
    """The version records end. A clock that runs ahead may have recorded what takes effect in a moment: that too."""
    running = running_now(rollouts_of(product), now + CLOCKS_MAY_DIFFER)
    components = Component.objects.in_bulk([one.component_id for one in running])
    deployments = Deployment.objects.in_bulk([one.deployment_id for one in running])
    for one in sorted(running, key=lambda one: one.pk):
        record_rollout(
            component=components[one.component_id],
            deployment=deployments[one.deployment_id],
            version=None,
            raw_model_id="",
            running=False,
            effective_at=max(now, one.effective_at),
            note=_("Product retired"),
            by=by,
        )


def _standing(product: Product) -> list[Approval]:
    """Approvals that nothing has ended yet. Expiry is computed, never stored: an expired one ends here too."""
    standing = [ApprovalState.IN_FORCE, ApprovalState.SUSPENDED]
    return list(Approval.objects.filter(component__product=product, state__in=standing).order_by("pk"))


def _end(approval: Approval, by: User, now: datetime) -> None:
    review = lock_review(Review(pk=Review.key_of(approval.review_reference)))
    require_move(Move.TERMINATE, state=review.state, to=State.TERMINATED)
    because = _("The product was retired on %(date)s.") % {"date": date_format(company_day(now), "j M Y")}
    approval.state, approval.state_reason = ApprovalState.TERMINATED, because
    approval.save(update_fields=["state", "state_reason"])
    before, review.state, review.state_reason = review.state, State.TERMINATED, because
    touch(review, "state", "state_reason")
    record(
        Kind.APPROVAL_ENDED,
        actor=actor_for(by),
        subject=review.reference,
        related=[*related_to(review), approval.reference],
        facts={"from": before, "to": review.state, "because": "product_retired"},
    )
