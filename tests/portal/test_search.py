"""Search finds products and reviews by a part of a name or of a model's id, among those that the person may see."""

from __future__ import annotations

import pytest
from django.db import connection
from django.urls import reverse

from tests import journeys
from tests.cast import signed_in
from tests.journeys import Journey
from tests.surface.world import another

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(db) -> Journey:
    journey = journeys.declared()
    another(journey, "Harbour 100% Assist")
    another(journey, "Freight Reader", owner=journey.cast.sam, team=journey.cast.other_team)
    return journey


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ARBOUR", ["Harbour 100% Assist"]),
        ("0%", ["Harbour 100% Assist"]),
        ("r", ["Freight Reader", "Harbour 100% Assist", "Order Assistant"]),
        ("8b-instruct", ["Freight Reader", "Harbour 100% Assist", "Order Assistant"]),
        ("_", []),
        ("nobody has this", []),
        ("reader\0", ["Freight Reader"]),
        ("PRD-99999", []),
    ],
)
def test_a_part_of_a_name_or_model_finds_products_and_their_reviews(company, text, found):
    page = signed_in(company.cast.rita).get(reverse("portal:search"), {"q": text})
    assert [product.name for product in page.context["products"]] == found
    assert [review.product for review in page.context["reviews"]] == found


def test_an_owner_finds_only_what_they_may_see(company):
    page = signed_in(company.cast.sam).get(reverse("portal:search"), {"q": "r"})
    assert [product.name for product in page.context["products"]] == ["Freight Reader"]
    assert [review.product for review in page.context["reviews"]] == ["Freight Reader"]
    assert "Harbour" not in page.content.decode()


def test_no_text_finds_nothing_and_asks_for_some(company):
    page = signed_in(company.cast.rita).get(reverse("portal:search"), {"q": "  "})
    assert page.status_code == 200
    assert "Freight" not in page.content.decode()


def test_a_reference_leads_to_its_page_when_it_may_be_seen(company):
    product, review = company.product.reference, company.review.reference
    rita, sam = signed_in(company.cast.rita), signed_in(company.cast.sam)
    assert rita.get(reverse("portal:search"), {"q": product.lower()})["Location"] == f"/products/{product}/"
    assert rita.get(reverse("portal:search"), {"q": review})["Location"] == f"/reviews/{review}/"
    assert sam.get(reverse("portal:search"), {"q": product}).status_code == 200


def test_the_filters_of_the_lists_search_the_same_way(company):
    rita = signed_in(company.cast.rita)
    reviews = rita.get(reverse("reviews:list"), {"q": "harbour"}).context["rows"]
    assert [review.product for review in reviews] == ["Harbour 100% Assist"]
    products = rita.get(reverse("deployments:product-list"), {"q": "sam"}).context["rows"]
    assert [product.name for product in products] == ["Freight Reader"]


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="only PostgreSQL has trigrams")
def test_postgresql_has_an_index_for_each_part_that_is_searched():
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE indexname LIKE '%_trigrams'")
        found = {name for (name,) in cursor.fetchall()}
    assert found == {"deployments_product_name_trigrams", "deployments_sheet_model_trigrams"}
