"""Choose a Llama version for a component. The choice itself opens the review, not the deployment after it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from deployments.actions.sheets import put_model_sheet
from deployments.models import Approval, Component, ModelSheet, Product
from foundation.accounts.models import User
from licences.actions.confirm_name import confirm_name
from licences.models import LlamaVersion
from licences.queries import proposal_for
from reviews.actions.moves import withdraw
from reviews.actions.open_review import open_review
from reviews.models import Review
from reviews.standing import Standing, standings_of


def choose_version(
    *, component: Component, raw_model_id: str, version: LlamaVersion | None, by: User
) -> tuple[ModelSheet, Review | None]:
    """Put this model on the component and open its review.

    Without a version (nobody knows yet) the name is kept and can be asked about, and there is nothing to review. The
    approvals of other versions stay what they were.
    """
    with transaction.atomic():
        Product.objects.select_for_update(no_key=True).get(pk=component.product_id)
        known_before = component.model_sheets.exclude(version=version).exclude(version=None).exists()
        sheet = put_model_sheet(
            component=component, version=version, raw_model_id=raw_model_id, by=by, proposal=proposal_for(raw_model_id)
        )
        if version is None:
            return sheet, None
        confirm_name(raw_id=raw_model_id, version=version, by=by)
        _let_go_of_proposals(component, sheet, by)
        if _is_approved(sheet):
            return sheet, None  # choosing again what is approved asks nothing new
        review = open_review(sheet=sheet, reason="version_chosen" if known_before else "registered", by=by)
    return sheet, review


def _let_go_of_proposals(component: Component, chosen: ModelSheet, by: User) -> None:
    """What the portal proposed for this very name, and the person does not confirm, needs no review any more."""
    proposed = ModelSheet.objects.filter(
        component=component, raw_model_id=chosen.raw_model_id, version_confirmed_by=None
    ).exclude(version=None)
    for review in Review.objects.open().filter(sheet__in=proposed.exclude(pk=chosen.pk)).order_by("pk"):
        reason = _("%(version)s was confirmed for this model instead.") % {"version": chosen.version}
        withdraw(review=review, by=by, reason=reason)


def _is_approved(sheet: ModelSheet) -> bool:
    """Whether an approval of this very model still stands; one that ended or went stale asks for a review."""
    approvals = Approval.objects.filter(sheet=sheet, raw_model_id=sheet.raw_model_id)
    rows = approvals.select_related("licensee", "agreement", "aup", "declaration", "version", "sheet")
    standing = {Standing.IN_FORCE, Standing.NOT_YET, Standing.CONDITION_OPEN}
    return any(one.standing in standing for one in standings_of(rows, timezone.now()).values())
