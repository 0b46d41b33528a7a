"""The list of reviews shows what waits; what is decided is one step away, and old addresses mean what they meant."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from tests import journeys
from tests.cast import signed_in
from tests.surface.world import another

pytestmark = pytest.mark.django_db
LIST = reverse("reviews:list")


@pytest.fixture
def company(db) -> journeys.Journey:
    """One review that is approved, and one that waits for signatures."""
    journey = journeys.approved()
    journeys.signing(journeys.declared(another(journey, "Freight Reader")))
    return journey


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["Freight Reader"]),
        ("?page=1", ["Freight Reader"]),
        ("?state=open", ["Freight Reader"]),
        ("?state=decided", ["Order Assistant"]),
        ("?state=all", ["Freight Reader", "Order Assistant"]),
        ("?state=", ["Freight Reader", "Order Assistant"]),
        ("?state=approved", ["Order Assistant"]),
        ("?state=signing", ["Freight Reader"]),
        ("?q=order", ["Order Assistant"]),
        ("?q=order&state=open", []),
        ("?version=llama-3.1", ["Freight Reader", "Order Assistant"]),
        ("?mine=1", ["Freight Reader"]),
    ],
)
def test_the_list_opens_with_what_waits_and_finds_the_rest(company, query: str, shown: list[str]):
    page = signed_in(company.cast.leo).get(LIST + query)
    assert sorted(row.product for row in page.context["rows"]) == shown


def test_open_decided_and_all_keep_what_is_looked_for(company):
    page = signed_in(company.cast.rita).get(f"{LIST}?q=order&state=decided&page=1").content.decode()
    (switch,) = re.findall(r'<nav class="viewswitch" aria-label="Which reviews">(.*?)</nav>', page, re.S)
    assert re.findall(r'href="\?([^"]+)"([^>]*)>(\w+)<', switch) == [
        ("q=order&amp;state=open", "", "Open"),
        ("q=order&amp;state=decided", ' aria-current="page"', "Decided"),
        ("q=order&amp;state=all", "", "All"),
    ]


def test_a_filter_of_the_form_keeps_its_state(company):
    page = signed_in(company.cast.rita).get(f"{LIST}?state=decided").content.decode()
    assert '<option value="decided" selected>' in page
