"""What the gate knows of the product, environment and model that it is asked about."""

from __future__ import annotations

from datetime import datetime

from deployments.models import Deployment, Product, ProductState
from foundation.accounts.models import MachineToken, User
from gate.decide import (
    Answer,
    ApprovalFacts,
    ComponentFacts,
    ReviewFacts,
    decide,
    retired_product,
    unknown_environment,
    unknown_model,
    unknown_product,
)
from gate.reading import Approvals, Environments, Sheet, approvals_of, environments_of, sheets_that_name
from reviews.models import Review
from reviews.standing import standings_of
from reviews.states import State


def answer_for(
    *,
    product: str,
    environment: str,
    model: str,
    now: datetime,
    token: MachineToken | None = None,
    person: User | None = None,
) -> tuple[Answer, Deployment | None]:
    """The gate's answer to one question, and the deployment that it is about when there is one.

    A token of a team, and a person, know only the products that they may see; any other product is unknown to them.
    """
    try:
        key = Product.key_of(product)
    except Product.DoesNotExist:
        return unknown_product(product), None
    environments = environments_of(key)
    if not _is_known(key, environments, token, person):
        return unknown_product(product), None
    if environments is not None and environments.state == ProductState.RETIRED:
        return retired_product(Product.reference_of(key)), None
    deployment = environments.named(environment) if environments is not None else None
    if deployment is None:
        return unknown_environment(Product.reference_of(key), environment), None
    sheets = sheets_that_name(model.strip(), product=key)
    if not sheets:
        return unknown_model(Product.reference_of(key), model), deployment
    approvals = approvals_of(sheets, product=key, deployment=deployment)
    return decide(_component_facts(sheets, approvals, deployment, now)), deployment


def _is_known(product: int, environments: Environments | None, token: MachineToken | None, person: User | None) -> bool:
    """Whether this caller may know of the product: rows decide for people, the team for tokens that have one."""
    if person is not None:
        return Product.objects.visible_to(person).filter(pk=product).exists()
    team = token.team_id if token is not None else None
    if environments is not None:
        return team in {None, environments.team}
    rows = Product.objects.filter(pk=product)
    return (rows if team is None else rows.filter(team=team)).exists()


def _component_facts(
    sheets: list[Sheet], approvals: Approvals, deployment: Deployment, now: datetime
) -> list[ComponentFacts]:
    standings = standings_of(approvals.rows, now, grounds=approvals.grounds)
    lets_out = {row.pk: standings[row.pk].lets_out(production=deployment.is_production) for row in approvals.rows}
    allowed = {row.sheet_id for row in approvals.rows if lets_out[row.pk] and row.pk in approvals.covering}
    reviews = _newest_reviews([sheet.key for sheet in sheets if sheet.key not in allowed])
    return [
        ComponentFacts(
            name=sheet.component,
            version=sheet.version,
            approvals=[
                ApprovalFacts(
                    review=row.review_reference,
                    standing=standings[row.pk].standing,
                    lets_out=lets_out[row.pk],
                    reasons=standings[row.pk].reasons,
                    covers_deployment=row.pk in approvals.covering,
                    covers_model=row.raw_model_id == sheet.model,
                    valid_until=row.valid_until,
                )
                for row in approvals.rows
                if row.sheet_id == sheet.key
            ],
            review=reviews.get(sheet.key),
        )
        for sheet in sheets
    ]


def _newest_reviews(sheets: list[int]) -> dict[int, ReviewFacts]:
    """The newest review of each sheet; no query when every sheet is covered."""
    if not sheets:
        return {}
    found: dict[int, ReviewFacts] = {}
    for review in Review.objects.filter(sheet__in=sheets).order_by("-pk"):
        found.setdefault(
            review.sheet_id,
            ReviewFacts(review.reference, review.state, State(review.state).label, review.is_open),
        )
    return found
