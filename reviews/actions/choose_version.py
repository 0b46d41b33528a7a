"""Choose a Llama version for a component. The choice itself opens the review, not the deployment after it."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
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
        proposed = _proposed_for(component, raw_model_id)
        if version is None and proposed:
            return proposed[0], None  # nobody knows better: the proposal goes on waiting
        asked = _locked_reviews_of_another_version(component, raw_model_id, version)
        known_before = component.model_sheets.exclude(version=version).exclude(version=None).exists()
        sheet = put_model_sheet(
            component=component, version=version, raw_model_id=raw_model_id, by=by, proposal=proposal_for(raw_model_id)
        )
        if version is None:
            return sheet, None
        confirm_name(raw_id=raw_model_id, version=version, by=by)
        for review in asked:
            words = _("%(version)s was confirmed for this model instead.")
            withdraw(review=review, by=by, reason=words % {"version": version.name})
        if _is_approved(sheet):
            return sheet, None  # choosing again what is approved asks nothing new
        review = open_review(sheet=sheet, reason="version_chosen" if known_before else "registered", by=by)
    return sheet, review


def _proposed_for(component: Component, raw_model_id: str) -> list[ModelSheet]:
    """The sheets of this very model whose version the portal proposed, and nobody confirmed."""
    of_model = ModelSheet.objects.filter(component=component, raw_model_id=raw_model_id.strip())
    return list(of_model.filter(version_confirmed_by=None).exclude(version=None).select_related("version"))


def _locked_reviews_of_another_version(
    component: Component, raw_model_id: str, version: LlamaVersion | None
) -> list[Review]:
    """Open reviews that only asked which version this model is; once somebody said it, nothing of them is left.

    They are locked before the first event of this act is recorded: after that no lock may be waited for.
    """
    of_model = Review.objects.open().filter(component=component, sheet__raw_model_id=raw_model_id.strip())
    asked = of_model.filter(Q(sheet__version_confirmed_by=None) | Q(reason="version_added")).exclude(version=version)
    return list(asked.select_for_update(of=("self",), no_key=True).order_by("pk"))


def _is_approved(sheet: ModelSheet) -> bool:
    """Whether an approval of this very model still stands; one that ended or went stale asks for a review."""
    approvals = Approval.objects.filter(sheet=sheet, raw_model_id=sheet.raw_model_id)
    rows = approvals.select_related("licensee", "agreement", "aup", "declaration", "version", "sheet")
    standing = {Standing.IN_FORCE, Standing.NOT_YET, Standing.CONDITION_OPEN}
    return any(one.standing in standing for one in standings_of(rows, timezone.now()).values())
