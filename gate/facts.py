"""What the gate knows, read in a fixed number of queries."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, Max, OuterRef, Subquery, Value

from deployments.models import Approval, Declaration, Deployment, ModelSheet, Product, ProductState
from deployments.queries import NewestDeclarations
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
from reviews.standing import FOR_STANDING, standings_of
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
    found, deployments = _product(product, token, person)
    if found is None:
        return unknown_product(product), None
    if found.state == ProductState.RETIRED:
        return retired_product(found.reference), None
    deployment = _deployment(deployments, environment)
    if deployment is None:
        return unknown_environment(found.reference, environment), None
    sheets = _sheets(found, model)
    if not sheets:
        return unknown_model(found.reference, model), deployment
    return decide(_component_facts(sheets, deployment, now)), deployment


def _product(
    reference: str, token: MachineToken | None, person: User | None
) -> tuple[Product | None, list[Deployment]]:
    """The product, where it may be seen, with its environments: one query, two where it has none."""
    try:
        key = Product.key_of(reference)
    except Product.DoesNotExist:
        return None, []
    rows = Product.objects.visible_to(person) if person is not None else Product.objects.all()
    if token is not None and token.team_id is not None:
        rows = rows.filter(team=token.team_id)
    products = rows.filter(pk=key).only("state")
    deployments = list(
        Deployment.objects.filter(product=key)
        .select_related("product")
        .only("name", "is_production", "gate_mode", "product__state")
    )
    if deployments and person is None and (token is None or token.team_id is None):
        return deployments[0].product, deployments
    return products.first(), deployments


def _deployment(deployments: list[Deployment], environment: str) -> Deployment | None:
    """By name, in any case, or by reference."""
    wanted = environment.strip().casefold()
    for deployment in deployments:
        if wanted in {deployment.name.casefold(), deployment.reference.casefold()}:
            return deployment
    return None


def _sheets(product: Product, model: str) -> list[ModelSheet]:
    """The sheets that name this model, each with the keys of the declarations that hold for it now."""
    declared = Declaration.objects.order_by().values(one=Value(1))
    return list(
        ModelSheet.objects.filter(component__product=product, raw_model_id=model.strip())
        .select_related("component", "version")
        .only("raw_model_id", "component__name", "version__name")
        .annotate(
            newest_own=Subquery(declared.filter(sheet=OuterRef("pk")).annotate(k=Max("pk")).values("k")),
            newest_of_product=Subquery(
                declared.filter(sheet__component__product=product).annotate(k=Max("pk")).values("k")
            ),
        )
    )


def _component_facts(sheets: list[ModelSheet], deployment: Deployment, now: datetime) -> list[ComponentFacts]:
    scope = Approval.deployments.through.objects.filter(approval=OuterRef("pk"), deployment=deployment)
    approvals = list(
        Approval.objects.filter(sheet__in=[sheet.pk for sheet in sheets])
        .select_related("licensee", "agreement", "aup")
        .only(*FOR_STANDING)
        .annotate(covers_deployment=Exists(scope))
        .order_by("-decided_at", "-pk")
    )
    newest = {
        sheet.pk: NewestDeclarations(sheet.newest_own, sheet.newest_of_product)  # type: ignore[attr-defined]
        for sheet in sheets
    }
    standings = standings_of(approvals, now, newest=newest)
    covered = {row.pk for row in approvals if row.covers_deployment}
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
