"""Which version was chosen for each component, and how its approval stands, whether or not it runs anywhere yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from deployments.queries.product_page import ComponentLine, DeploymentLine, ProductDetail, SheetLine
from reviews.product_page import ReviewLine
from reviews.standing import ApprovalStanding
from reviews.standings_of_products import Standings


@dataclass(frozen=True)
class Chosen:
    """A model that was chosen for a component. `word` and `label` are the badge of its approval."""

    component: str
    version: str
    model: str
    word: str
    label: str = ""
    review: str = ""  # the reference of the one that approved it, else of the newest
    underway: str = ""  # of another that is open
    until: date | None = None
    places: list[str] = field(default_factory=list)  # the environments that the approval covers
    reasons: list[str] = field(default_factory=list)  # why it does not hold as it was signed


def chosen_models(detail: ProductDetail, reviews: Sequence[ReviewLine], standings: Standings) -> list[Chosen]:
    """Each component with each version that was chosen for it, newest version first."""
    return [
        _chosen(component, sheet, detail.deployments, reviews, standings)
        for component in detail.components
        for sheet in component.sheets
    ]


def _chosen(
    component: ComponentLine,
    sheet: SheetLine,
    places: Sequence[DeploymentLine],
    reviews: Sequence[ReviewLine],
    standings: Standings,
) -> Chosen:
    if sheet.version is None:
        return Chosen(component.name, "", sheet.model, "unresolved", _("Version open"))
    mine = [one for one in reviews if (one.component_id, one.version_id) == (component.pk, sheet.version_id)]
    underway = next((one.reference for one in mine if one.is_open), "")
    best = _best(
        [
            one
            for one in standings.by_component.get(component.pk, [])
            if (one.approval.sheet_id, one.approval.raw_model_id) == (sheet.pk, sheet.model)
        ]
    )
    if best is not None:
        review, word = best.approval.review_reference, str(best.standing)
        return Chosen(
            component.name,
            sheet.version,
            sheet.model,
            "approved" if best.in_force else word,
            review=review,
            underway=underway if underway != review else "",
            until=best.approval.valid_until,
            places=[one.name for one in places if (best.approval.pk, one.pk) in standings.covers],
            reasons=best.reasons,
        )
    if not mine:
        return Chosen(component.name, sheet.version, sheet.model, "no_approval")
    newest = mine[0]
    return Chosen(
        component.name,
        sheet.version,
        sheet.model,
        newest.state,
        newest.state_in_words,
        review=newest.reference,
        underway=underway if underway != newest.reference else "",
    )


def _best(standings: Sequence[ApprovalStanding]) -> ApprovalStanding | None:
    """The approval that holds, else the newest."""
    return next((one for one in standings if one.in_force), standings[0] if standings else None)
