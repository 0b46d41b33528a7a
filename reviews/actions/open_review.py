"""Open a review: when a version is chosen, when facts or texts change, when an approval is about to end."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from deployments.models import ModelSheet, Product, ProductEntity, ProductState
from foundation.accounts.company_day import company_day
from foundation.accounts.models import User
from foundation.audit.kinds import Kind
from foundation.audit.recorder import record
from reviews.actions.locking import actor_or_system, related_to
from reviews.errors import ReviewError
from reviews.models import Review
from reviews.states import APPROVED_STATES, State


def open_review(
    *,
    sheet: ModelSheet,
    reason: str,
    by: User | None,
    note: str = "",
    at: datetime | None = None,
    run: int | None = None,
) -> Review:
    """Open a review of this sheet, or return the one that is open: one at a time per component and version.

    `by` is None when the portal itself opens it; `run` is the key of the impact run that calls for it, and tells of all
    its reviews at once. After: state “Waiting for facts”, due in REVIEW_DUE_DAYS.
    """
    if sheet.version is None:
        raise ReviewError(
            f"The model “{sheet.raw_model_id}” has no Llama version yet. Confirm one, then the review opens."
        )
    now = at or timezone.now()
    with transaction.atomic():
        locked = (
            ModelSheet.objects.select_for_update(of=("self",), no_key=True)
            .select_related("component__product", "version")
            .get(pk=sheet.pk)
        )
        # Asked anew behind the lock: retiring holds it while it withdraws what is open.
        if Product.objects.filter(pk=locked.component.product_id, state=ProductState.RETIRED).exists():
            raise ReviewError(_("This product is retired: nothing of it is reviewed any more."))
        existing = Review.objects.open().filter(component=locked.component, version=locked.version).first()
        if existing is not None:
            return existing
        assert locked.version is not None
        licensee = (
            ProductEntity.objects.filter(product=locked.component.product, role="licensee")
            .select_related("entity")
            .first()
        )
        review = Review.objects.create(
            component=locked.component,
            version=locked.version,
            sheet=locked,
            licensee=licensee.entity if licensee else None,
            reason=reason,
            reason_note=note,
            state=State.FACTS_NEEDED,
            opened_at=now,
            opened_by=by,
            due_on=company_day(now) + timedelta(days=settings.REVIEW_DUE_DAYS),
            previous=Review.objects.filter(component=locked.component, state__in=APPROVED_STATES)
            .order_by("-decided_at")
            .first(),
        )
        record(
            Kind.REVIEW_OPENED,
            actor=actor_or_system(by, "reviews"),
            subject=review.reference,
            related=related_to(review),
            facts={
                "version": review.version.slug,
                "reason": reason,
                "due_on": review.due_on.isoformat(),
                "previous": review.previous.reference if review.previous else None,
                **({"run": run} if run is not None else {}),
            },
        )
    return review
