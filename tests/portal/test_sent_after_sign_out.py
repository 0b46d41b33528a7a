"""A form that is sent after the visit ended: nothing is saved, it is said, and the way back is to the form's page."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from tests import journeys
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db

HERE = "http://testserver"


def sent(client: Client, address: str, page: str):
    return client.post(address, {"answer": "met"}, headers={"referer": page})


def way_back(answer) -> str:
    assert answer.status_code == 302
    return parse_qs(urlsplit(answer["Location"]).query)["next"][0]


@pytest.fixture
def addresses() -> tuple[str, str, journeys.Journey]:
    journey = journeys.declared()
    reference = journey.review.reference
    return reverse("reviews:answer-check", args=[reference, 1]), reverse("reviews:detail", args=[reference]), journey


def test_the_way_back_is_to_the_page_of_the_form(addresses, client: Client):
    check, page, journey = addresses
    answer = sent(client, check, f"{HERE}{page}?check=1#check-1")
    assert way_back(answer) == f"{page}?check=1"
    told = client.get(answer["Location"]).content.decode()
    assert "nothing was saved" in told
    fields = {"login": journey.cast.rita.email, "password": PASSWORD, "next": way_back(answer)}
    arrived = client.post("/account/login/", fields, follow=True)
    assert arrived.status_code == 200
    assert arrived.redirect_chain[-1][0] == f"{page}?check=1"


@pytest.mark.parametrize("page", ["", "https://elsewhere.example/reviews/", "//elsewhere.example/", "javascript:x"])
def test_a_foreign_page_is_no_way_back(addresses, client: Client, page: str):
    check, _page, _journey = addresses
    assert way_back(sent(client, check, page)) == "/"


def test_a_page_that_is_asked_for_keeps_its_own_address(addresses, client: Client):
    _check, page, _journey = addresses
    answer = client.get(page, headers={"referer": f"{HERE}/products/"})
    assert way_back(answer) == page
    assert "nothing was saved" not in client.get(answer["Location"]).content.decode()
