"""Addresses that only take what a form sends: nobody is led there, and whoever opens one reads where to go."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import resolve, reverse

from portal.page_addresses import answers_get, page_at
from tests.surface.table import ROWS
from tests.surface.world import World, undone

pytestmark = pytest.mark.django_db


FOR_PEOPLE = [number for number, row in enumerate(ROWS) if not row.name.startswith("api-")]


@pytest.mark.parametrize("number", FOR_PEOPLE, ids=[f"{n}-{ROWS[n].name}" for n in FOR_PEOPLE])
def test_what_is_said_of_an_address_is_what_the_table_says(world: World, number: int) -> None:
    row = ROWS[number]
    with undone():
        address = reverse(row.name, args=row.at(world))
        page = page_at(address)
    forms_only = "5" in row.get and "o" not in row.get
    assert answers_get(resolve(address).func) != forms_only
    assert answers_get(resolve(page).func)
    assert (page == address) != forms_only
    assert address.startswith(page)


def test_choosing_a_theme_on_a_refused_form_leads_to_the_page_of_the_form(world: World) -> None:
    with undone():
        leo = world.client("L")
        refused = leo.post("/licences/llama-3.1/texts/", {"kind": "agreement"})
        assert refused.status_code == 422
        assert 'name="next" value="/licences/llama-3.1/texts/"' in refused.content.decode()
        answer = leo.post("/theme/", {"theme": "dark", "next": "/licences/llama-3.1/texts/"}, follow=True)
    assert answer.redirect_chain == [("/licences/llama-3.1/", 302)]
    assert answer.status_code == 200


@pytest.mark.parametrize("address", ["/licences/?show=all", "/reviews/?page=2"])
def test_a_page_stays_what_it_is_with_what_was_asked_of_it(address: str) -> None:
    assert page_at(address) == address


def test_an_address_for_forms_that_is_opened_says_where_to_go(world: World) -> None:
    with undone():
        answer = world.client("L").get("/licences/llama-3.1/texts/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    said = answer.content.decode()
    assert "This address is no page" in said
    assert 'href="/licences/llama-3.1/"' in said
    assert answer["Content-Security-Policy"]


def test_a_program_keeps_the_plain_answer(db: None) -> None:
    answer = Client().get("/theme/", headers={"accept": "application/json"})
    assert (answer.status_code, answer.content) == (405, b"")
