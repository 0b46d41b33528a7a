"""The page of one product finds it for exactly those people for whom the list does."""

from __future__ import annotations

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from deployments.access import get_product_for
from deployments.actions.questions import ask_colleague
from deployments.models import Product
from foundation.accounts.models import User
from tests.deployments.builders import make_product


@pytest.fixture
def products(cast, group, product) -> list[Product]:
    """Two products of a team, of which one has a question to somebody outside."""
    other = make_product(cast=cast, licensee=group.inc, name="The other product")
    ask_colleague(product=product, field_key="countries", asked_of=cast.cleo, by=cast.olive)
    return [product, other]


def test_each_person_finds_exactly_what_their_list_shows(cast, products):
    seen = set()
    for person in User.objects.all():
        listed = set(Product.objects.visible_to(person))
        for product in products:
            try:
                found = get_product_for(person, product.reference)
            except Http404:
                found = None
            assert (found == product) == (product in listed), (person, product)
            seen.add(found is not None)
    assert seen == {True, False}


def test_who_was_asked_finds_that_product_alone(cast, products):
    asked, other = products
    assert get_product_for(cast.cleo, asked.reference) == asked
    with pytest.raises(Http404):
        get_product_for(cast.cleo, other.reference)


@pytest.mark.parametrize("reference", ["PRD-99999", "REV-00001", "PRD-", "PRD-x", "PRD-" + "9" * 30, ""])
def test_what_names_no_product_is_not_found(cast, products, reference):
    with pytest.raises(Http404):
        get_product_for(cast.rita, reference)


def test_team_and_owner_come_along_and_the_password_does_not(cast, products):
    with CaptureQueriesContext(connection) as captured:
        product = get_product_for(cast.olive, products[0].reference)
        assert (product.team.name, product.owner.name) == (cast.team.name, cast.olive.name)
    [read] = [one["sql"] for one in captured if '"deployments_product"' in one["sql"]]
    assert "password" not in read
    assert len(captured) == 1
    stored = Product.objects.select_related("team", "owner").get(pk=product.pk)
    for field in Product._meta.concrete_fields:
        assert getattr(product, field.attname) == getattr(stored, field.attname)
    assert (product.owner, product.team) == (stored.owner, stored.team)
    assert product.owner.is_active is True
