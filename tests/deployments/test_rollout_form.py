"""The form that records a rollout begins with what is known, and says in which zone its time is read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from deployments.actions.environments import add_deployment
from deployments.actions.sheets import put_model_sheet
from tests.cast import signed_in
from tests.deployments.builders import LLAMA_31, make_product, version

NOW = datetime(2035, 7, 23, 12, 34, 56, tzinfo=UTC)


@pytest.fixture
def client(cast, product) -> Iterator[Client]:
    cast.olive.time_zone = "America/New_York"
    cast.olive.save()
    with time_machine.travel(NOW, tick=False):
        yield signed_in(cast.olive)


def form_of(client, component, query: str = ""):
    return client.get(reverse("portal:record-rollout", args=[component.reference]) + query)


def test_the_only_environment_the_chosen_model_and_now_are_filled_in(client, product):
    response = form_of(client, product.components.get())
    page, form = response.content.decode(), response.context["form"]
    assert form["deployment"].value() == product.deployments.get().pk
    assert form["version"].value() == "llama-3.1"
    assert f'value="{LLAMA_31}"' in page
    assert 'value="2035-07-23T08:34"' in page
    assert "Your time zone is used: America/New_York." in page


def test_of_several_environments_the_one_from_which_a_person_comes_is_chosen(client, cast, product):
    staging = add_deployment(product=product, name="Staging", is_production=False, by=cast.olive)
    component = product.components.get()
    assert form_of(client, component).context["form"]["deployment"].value() is None
    here = form_of(client, component, f"?environment={staging.reference}").context["form"]
    assert here["deployment"].value() == staging.pk
    link = f'{reverse("portal:record-rollout", args=[component.reference])}?environment={staging.reference}"'
    assert link in client.get(reverse("portal:product", args=[product.reference])).content.decode()


def test_an_environment_of_another_product_is_not_chosen(client, cast, group, product):
    add_deployment(product=product, name="Staging", is_production=False, by=cast.olive)
    other = make_product(cast=cast, licensee=group.inc, name="Freight Reader").deployments.get()
    response = form_of(client, product.components.get(), f"?environment={other.reference}")
    assert response.context["form"]["deployment"].value() is None


def test_the_model_that_was_chosen_last_is_filled_in(client, cast, product):
    scout = "meta-llama/Llama-4-Scout-17B-16E-Instruct"
    with time_machine.travel(datetime(2035, 7, 24, tzinfo=UTC)):
        put_model_sheet(
            component=product.components.get(), version=version("llama-4"), raw_model_id=scout, by=cast.olive
        )
    form = form_of(client, product.components.get()).context["form"]
    assert (form["raw_model_id"].value(), form["version"].value()) == (scout, "llama-4")


def test_what_was_filled_in_can_be_recorded_as_it_is(client, product):
    component = product.components.get()
    form = form_of(client, component).context["form"]
    entered = {name: form[name].value() for name in ("deployment", "raw_model_id", "version", "running")}
    response = client.post(
        reverse("portal:record-rollout", args=[component.reference]), entered | {"effective_at": "2035-07-23T08:34"}
    )
    assert response.status_code == 302
    rollout = component.rollouts.get()
    assert rollout.effective_at == NOW.replace(second=0)
