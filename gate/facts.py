"""What the gate knows, read in a fixed number of queries."""

from __future__ import annotations

from datetime import datetime

from deployments.models import Approval, Deployment, ModelSheet, Product, ProductState
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
    found = _product(product, token, person)
    if found is None:
        return unknown_product(product), None
    if found.state == ProductState.RETIRED:
        return retired_product(found.reference), None
    deployment = _deployment(found, environment)
    if deployment is None:
        return unknown_environment(found.reference, environment), None
    sheets = list(
        ModelSheet.objects.filter(component__product=found, raw_model_id=model.strip())
        .select_related("component", "version")
        .defer("version__catalogue", "answers")
    )
    if not sheets:
        return unknown_model(found.reference, model), deployment
    return decide(_component_facts(sheets, deployment, now)), deployment


def _product(reference: str, token: MachineToken | None, person: User | None) -> Product | None:
    try:
        key = Product.key_of(reference)
    except Product.DoesNotExist:
        return None
    rows = Product.objects.visible_to(person) if person is not None else Product.objects.all()
    if token is not None and token.team_id is not None:
        rows = rows.filter(team=token.team_id)
    return rows.filter(pk=key).first()


def _deployment(product: Product, environment: str) -> Deployment | None:
    """By name, in any case, or by reference."""
    wanted = environment.strip().casefold()
    for deployment in Deployment.objects.filter(product=product):
        if wanted in {deployment.name.casefold(), deployment.reference.casefold()}:
            return deployment
    return None


def _component_facts(sheets: list[ModelSheet], deployment: Deployment, now: datetime) -> list[ComponentFacts]:
    approvals = list(
        Approval.objects.filter(sheet__in=sheets)
        .select_related("licensee", "agreement", "aup", "declaration", "version")
        .defer("version__catalogue")
        .order_by("-decided_at", "-pk")
    )
    standings = standings_of(approvals, now)
    covered = set(Approval.deployments.through.objects.filter(deployment=deployment).values_list("approval", flat=True))
    lets_out = {row.pk: standings[row.pk].lets_out(production=deployment.is_production) for row in approvals}
    allowed = {row.sheet_id for row in approvals if lets_out[row.pk] and row.pk in covered}
    reviews = _newest_reviews([sheet for sheet in sheets if sheet.pk not in allowed])
    return [
        ComponentFacts(
            name=sheet.component.name,
            version=sheet.version.name if sheet.version else None,
            approvals=[
                ApprovalFacts(
                    review=row.review_reference,
                    standing=standings[row.pk].standing,
                    lets_out=lets_out[row.pk],
                    reasons=standings[row.pk].reasons,
                    covers_deployment=row.pk in covered,
                    covers_model=row.raw_model_id == sheet.raw_model_id,
                    valid_until=row.valid_until,
                )
                for row in approvals
                if row.sheet_id == sheet.pk
            ],
            review=reviews.get(sheet.pk),
        )
        for sheet in sheets
    ]


def _newest_reviews(sheets: list[ModelSheet]) -> dict[int, ReviewFacts]:
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
