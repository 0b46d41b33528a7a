"""Sightings are dated and outside every digest."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from deployments.actions.observations import record_attribution_sighting, record_current_mau
from deployments.errors import DeploymentError
from deployments.models import Observation
from deployments.queries import current_facts, declaration_statement
from foundation.accounts.policy import NotAllowed
from licences.facts import digest
from tests.deployments.builders import answer_all, make_product, sheet_of


def test_a_sighting_changes_no_declared_fact(cast, product):
    answer_all(product, by=cast.olive)
    before = digest(current_facts(sheet_of(product))), declaration_statement(sheet_of(product)).digest
    record_attribution_sighting(
        component=product.components.get(),
        deployment=product.deployments.get(),
        observed_on=date(2026, 6, 1),
        seen=True,
        text="Built with Llama",
        address="https://assist.example.com/about",
        by=cast.petra,
    )
    record_current_mau(component=product.components.get(), observed_on=date(2026, 6, 1), figure=120_000, by=cast.olive)
    after = digest(current_facts(sheet_of(product))), declaration_statement(sheet_of(product)).digest
    assert after == before
    assert Observation.objects.count() == 2


def test_owner_attribution_owner_and_legal_record_what_they_saw_and_others_do_not(cast, product):
    component = product.components.get()
    for person in (cast.olive, cast.petra, cast.rita):
        record_attribution_sighting(component=component, observed_on=date(2026, 6, 1), seen=False, by=person)
    for person in (cast.anna, cast.sam, cast.ravi):
        with pytest.raises(NotAllowed):
            record_attribution_sighting(component=component, observed_on=date(2026, 6, 1), seen=False, by=person)


def test_what_was_seen_is_written_down_in_its_words(cast, product):
    with pytest.raises(DeploymentError, match="words"):
        record_attribution_sighting(
            component=product.components.get(), observed_on=date(2026, 6, 1), seen=True, by=cast.petra
        )


def test_nobody_sees_tomorrow(cast, product):
    with pytest.raises(DeploymentError, match="future"):
        record_attribution_sighting(
            component=product.components.get(),
            observed_on=timezone.now().date() + timedelta(days=2),
            seen=False,
            by=cast.petra,
        )


def test_an_environment_of_another_product_is_refused(cast, product, group):
    other = make_product(cast=cast, licensee=group.inc, name="Freight Reader")
    with pytest.raises(DeploymentError, match="another product"):
        record_attribution_sighting(
            component=product.components.get(),
            deployment=other.deployments.get(),
            observed_on=date(2026, 6, 1),
            seen=False,
            by=cast.petra,
        )
