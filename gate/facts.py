"""What the gate knows of the product, environment and model that it is asked about."""

from __future__ import annotations

from datetime import datetime
from itertools import chain

from deployments.models import Product, ProductState
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
from gate.reading import Environment, Sheet, environments_of, sheets_that_name
from reviews.models import Review
from reviews.standings_of_products import standings_of_sheets
from reviews.states import State


def answer_for(
    *,
    product: str,
    environment: str,
    model: str,
    now: datetime,
    token: MachineToken | None = None,
    person: User | None = None,
) -> tuple[Answer, Environment | None]:
    """The gate's answer to one question, and the environment that it is about when there is one.

    A token of a team, and a person, know only the products that they may see; any other product is unknown to them.
    """
    try:
        key = Product.key_of(product)
    except Product.DoesNotExist:
        return unknown_product(product), None
    environments = environments_of(key)
    if not _is_known(key, environments, token, person):
        return unknown_product(product), None
    if environments and environments[0].product_state == ProductState.RETIRED:
        return retired_product(Product.reference_of(key)), None
    place = next((one for one in environments if one.is_called(environment)), None)
    if place is None:
        return unknown_environment(Product.reference_of(key), environment), None
    sheets = sheets_that_name(model.strip(), product=key)
    if not sheets:
        return unknown_model(Product.reference_of(key), model), place
    return decide(_component_facts(sheets, key, model.strip(), place, now)), place


def _is_known(product: int, environments: list[Environment], token: MachineToken | None, person: User | None) -> bool:
    """Whether this caller may know of the product: rows decide for people, the team for tokens that have one."""
    if person is not None:
        return Product.objects.visible_to(person).filter(pk=product).exists()
    team = token.team_id if token is not None else None
    if environments:
        return team in {None, environments[0].product_team}
    rows = Product.objects.filter(pk=product)
    return (rows if team is None else rows.filter(team=team)).exists()


def _component_facts(
    sheets: list[Sheet], product: int, model: str, environment: Environment, now: datetime
) -> list[ComponentFacts]:
    found = standings_of_sheets([sheet.pk for sheet in sheets], product=product, now=now)
    by_sheet: dict[int, list[ApprovalFacts]] = {}
    allowed = set()
    for standing in chain.from_iterable(found.by_component.values()):
        approval = standing.approval
        facts = ApprovalFacts(
            review=approval.review_reference,
            standing=standing.standing,
            lets_out=standing.lets_out(production=environment.is_production),
            reasons=standing.reasons,
            covers_deployment=(approval.pk, environment.pk) in found.covers,
            covers_model=approval.raw_model_id == model,
            valid_until=approval.valid_until,
        )
        by_sheet.setdefault(approval.sheet_id, []).append(facts)
        if facts.lets_out and facts.covers_deployment and facts.covers_model:
            allowed.add(approval.sheet_id)
    reviews = _newest_reviews([sheet.pk for sheet in sheets if sheet.pk not in allowed])
    return [
        ComponentFacts(
            name=sheet.component,
            version=sheet.version,
            approvals=by_sheet.get(sheet.pk, []),
            review=reviews.get(sheet.pk),
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
