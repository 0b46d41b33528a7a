"""What this room shows on the product's page: components, environments, version records, sightings, duties."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from deployments.actions.components import add_component
from deployments.actions.observations import record_attribution_sighting
from deployments.actions.questions import ask_colleague
from deployments.actions.rollouts import correct_rollout, record_rollout
from deployments.actions.stop_duties import open_stop_duty
from deployments.queries import newest_declarations, newest_declarations_of, product_detail
from tests.cast import signed_in
from tests.deployments.builders import LLAMA_31, declare_by, sheet_of, version


@pytest.fixture
def busy(cast, product):
    """A product with something of everything."""
    component, place, now = product.components.get(), product.deployments.get(), timezone.now()
    ran = record_rollout(
        component=component,
        deployment=place,
        version=version("llama-3"),
        raw_model_id="meta-llama/Meta-Llama-3-8B",
        effective_at=now - timedelta(days=3),
        by=cast.olive,
    )
    correct_rollout(
        rollout=ran,
        version=version("llama-3.1"),
        raw_model_id=LLAMA_31,
        effective_at=ran.effective_at,
        note="The image held 3.1",
        by=cast.olive,
    )
    record_attribution_sighting(
        component=component,
        observed_on=now.date() - timedelta(days=1),
        seen=True,
        text="Built with Llama",
        by=cast.petra,
    )
    ask_colleague(product=product, field_key="countries", asked_of=cast.cleo, note="Where do we sell?", by=cast.olive)
    open_stop_duty(component=component, version=version("llama-3.1"), cause="rejected", by=cast.leo)
    declare_by(cast.olive, sheet_of(product))
    return product


def test_the_product_page_shows_everything_that_was_recorded(cast, busy):
    page = signed_in(cast.olive).get(reverse("portal:product", args=[busy.reference]))
    text = page.content.decode()
    assert page.status_code == 200
    for words in (
        "Chat model",
        "Production",
        LLAMA_31,
        "The image held 3.1",
        "Superseded",
        "“Built with Llama”",
        "Where do we sell?",
        "Review rejected",
        "Without approval",
    ):
        assert words in text, words


def test_asking_about_a_day_before_the_rollout_shows_that_nothing_ran(cast, busy):
    page = signed_in(cast.rita).get(reverse("portal:product", args=[busy.reference]), {"as_of": "2020-01-01"})
    assert "Nothing ran then" in page.content.decode()


def test_the_detail_takes_a_fixed_number_of_queries(cast, busy):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            detail = product_detail(busy)
            superseded = {row.pk: row.superseded_by_id for row in detail.rollouts if row.superseded_by_id}
            assert superseded == {row.supersedes_id: row.pk for row in detail.rollouts if row.supersedes_id}
        return len(captured)

    before = queries()
    for number in range(5):
        add_component(product=busy, name=f"Canary {number}", by=cast.olive)
        record_rollout(
            component=busy.components.first(),
            deployment=busy.deployments.get(),
            version=version("llama-3.1"),
            raw_model_id=LLAMA_31,
            effective_at=timezone.now(),
            by=cast.olive,
        )
    assert queries() == before


def test_who_only_reads_is_offered_no_change(cast, busy):
    text = signed_in(cast.anna).get(reverse("portal:product", args=[busy.reference])).content.decode()
    for name in ("deployments:component-add", "deployments:environment-add", "portal:retire"):
        assert reverse(name, args=[busy.reference]) not in text


def test_the_owner_corrects_a_rollout_in_the_browser_and_others_do_not(cast, busy):
    entry = busy.components.get().rollouts.latest("pk")
    address = reverse("portal:correct-rollout", args=[entry.reference])
    data = {
        "running": "yes",
        "raw_model_id": LLAMA_31,
        "version": "llama-3.1",
        "effective_at": "2026-03-01T08:00",
        "note": "It began on the first",
    }
    assert signed_in(cast.sam).post(address, data).status_code == 404
    assert signed_in(cast.rita).post(address, data).status_code == 403
    client = signed_in(cast.olive)
    assert LLAMA_31 in client.get(address).content.decode()
    assert client.post(address, {**data, "note": ""}).status_code == 422
    assert client.post(address, data).status_code == 302
    assert busy.components.get().rollouts.latest("pk").supersedes == entry
    assert "already corrected" in client.post(address, data).content.decode()
    assert client.get(reverse("portal:correct-rollout", args=["ROL-99999"])).status_code == 404


def test_a_company_that_only_offers_the_product_can_be_taken_away_again(cast, product, group):
    client = signed_in(cast.olive)
    page = reverse("deployments:entity-role", args=[product.reference])
    client.post(page, {"entity": group.bv.pk, "role": "offeror"})
    remove = reverse("deployments:entity-role-remove", args=[product.reference, group.bv.reference, "offeror"])
    assert remove in client.get(page).content.decode()
    assert client.post(remove).status_code == 302
    assert remove not in client.get(page).content.decode()
    assert client.get(remove).status_code == 404


def test_the_page_knows_the_same_newest_declarations_as_everyone_else(cast, busy):
    add_component(product=busy, name="Canary", by=cast.olive)
    declare_by(cast.olive, sheet_of(busy))
    known = product_detail(busy).newest_declarations
    assert known == newest_declarations_of([busy.pk]) == newest_declarations([sheet_of(busy).pk])
    assert len(known) == 1
