"""A condition “before go-live” binds production; what is not production may run meanwhile, and hears of it."""

from __future__ import annotations

import pytest

from deployments.actions.environments import add_deployment
from gate.actions import ask
from tests import journeys

pytestmark = pytest.mark.django_db


def said(journey: journeys.Journey, environment: str):
    return ask(
        product=journey.product.reference, environment=environment, model=journeys.MODEL, person=journey.cast.rita
    ).answer


def test_production_waits_and_staging_does_not():
    journey = journeys.registered()
    add_deployment(product=journey.product, name="Staging", is_production=False, by=journey.cast.olive)
    journeys.signing(journey)
    journeys.sign(journey, "attribution_owner", journey.cast.petra)  # nobody saw the display: due before go-live
    journeys.sign(journey, "approver", journey.cast.leo)
    production, staging = said(journey, "Production US"), said(journey, "Staging")
    assert production.decision == "deny"
    (condition,) = journey.fresh().conditions.all()
    assert production.reasons == (
        f"{journey.review.reference}: approved with conditions; open: {condition.reference} must hold before go-live"
        f" (attribution owner): {condition.text}",
    )
    assert journey.cast.petra.name not in production.reasons[0]
    assert staging.decision == "allow"
    assert any(reason.startswith("In production:") for reason in staging.reasons)
