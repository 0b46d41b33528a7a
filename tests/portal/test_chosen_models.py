"""The product's page shows what is chosen for each component and how its approval stands, before anything runs."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from deployments.actions.components import add_component
from deployments.actions.sheets import save_product_answers
from licences.models import LlamaVersion
from reviews.actions.choose_version import choose_version
from reviews.models import Review
from tests import journeys
from tests.cast import signed_in
from tests.journeys import Journey

pytestmark = pytest.mark.django_db


def card(journey: Journey) -> str:
    """The words of the card, without its markup."""
    address = reverse("portal:product", args=[journey.product.reference])
    page = signed_in(journey.cast.olive).get(address).content.decode()
    found = re.search(r'<section class="card" aria-labelledby="chosen-h">.*?</section>', page, re.DOTALL)
    assert found
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


def choose(journey: Journey, slug: str, model: str) -> Review:
    """Olive chooses a model; the review that this opened."""
    version = LlamaVersion.objects.get(slug=slug)
    _sheet, review = choose_version(
        component=journey.component, version=version, raw_model_id=model, by=journey.cast.olive
    )
    assert review is not None
    return review


def test_an_approval_is_shown_before_anything_runs():
    journey = journeys.approved()
    shown = card(journey)
    assert f"{journeys.MODEL} Llama 3.1 Approved {journey.review.reference} Production" in shown
    assert "until" in shown


def test_the_review_is_a_link():
    journey = journeys.declared()
    address = reverse("portal:product", args=[journey.product.reference])
    page = signed_in(journey.cast.olive).get(address).content.decode()
    card_html = page.split('id="chosen-h"')[1].split("</section>")[0]
    assert f'href="{reverse("reviews:detail", args=[journey.review.reference])}"' in card_html


def test_before_the_decision_the_state_of_the_review_is_shown():
    journey = journeys.declared()
    assert f"Llama 3.1 In review {journey.review.reference} Nothing yet" in card(journey)


def test_an_approval_that_went_stale_says_why_and_which_review_is_open():
    journey = journeys.approved()
    save_product_answers(product=journey.product, answers={"audience": ["public"]}, by=journey.cast.olive)
    journeys.declare_now(journey)
    shown = card(journey)
    assert "Stale Who receives it, or can use it?" in shown
    newest = Review.objects.latest("pk")
    assert newest != journey.review
    assert f"{journey.review.reference} {newest.reference} is open" in shown


def test_a_new_version_stands_beside_the_approved_one():
    journey = journeys.approved()
    review = choose(journey, "llama-3.3", "meta-llama/Llama-3.3-70B-Instruct")
    shown = card(journey)
    assert f"Llama 3.3 Waiting for facts {review.reference}" in shown
    assert f"Llama 3.1 Approved {journey.review.reference}" in shown


def test_another_model_of_the_same_version_is_not_shown_as_approved():
    journey = journeys.approved()
    review = choose(journey, "llama-3.1", "meta-llama/Llama-3.1-70B-Instruct")
    shown = card(journey)
    assert "Approved" not in shown
    assert review.reference in shown


def test_a_component_without_a_model_is_left_to_its_own_card():
    journey = journeys.registered()
    add_component(product=journey.product, name="Safeguard", by=journey.cast.olive)
    assert "Safeguard" not in card(journey)
