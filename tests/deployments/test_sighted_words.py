"""A sighting says whether the words that were seen are those that the version's clause demands."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from deployments.actions.observations import record_attribution_sighting
from deployments.sighted_words import judge_words
from licences.terms import load_catalogue
from tests import journeys
from tests.cast import signed_in
from tests.deployments.builders import make_product

TERMS = {terms.slug: terms for terms in load_catalogue()}
WRONG = "Powered by Llama"
DEMANDED = "These are not the words that LICENSE 1.b.i of Llama 3.1 demands: “Built with Llama”."
TO_DO = "Have those words displayed, letter for letter, then record a new sighting."


@pytest.mark.parametrize(
    ("seen", "slug", "status"),
    [
        ("Built with Llama", "llama-3.1", "satisfied"),
        ("“Built with Llama”", "llama-4", "satisfied"),
        ("Built with Meta Llama 3", "llama-3", "satisfied"),
        ("Built with Llama", "llama-3", "action_needed"),
        ("Built with Meta Llama 3", "llama-3.1", "action_needed"),
        ("built with llama", "llama-3.1", "action_needed"),
        ("Built with Llama and care", "llama-3.1", "legal_judgement"),
        ("Anything", "llama-2", "not_applicable"),
    ],
)
def test_the_words_of_a_version_count_letter_for_letter(seen, slug, status):
    (judged,) = judge_words(seen, [TERMS[slug]])
    assert judged.status == status
    assert "LICENSE 1.b.i" in judged.sentence
    assert TERMS[slug].name in judged.sentence


def test_versions_that_demand_the_same_words_are_named_together_and_others_apart():
    first, second = judge_words("Built with Llama", [TERMS["llama-4"], TERMS["llama-3.1"], TERMS["llama-3"]])
    assert first.sentence == "These are the words that LICENSE 1.b.i of Llama 4, Llama 3.1 demands."
    assert (second.status, "Built with Meta Llama 3" in second.sentence) == ("action_needed", True)


def see(cast, product, words: str) -> str:
    """Post a sighting as a person does; the page that follows."""
    address = reverse("deployments:sighting", args=[product.components.get().reference])
    entered = {"observed_on": "2026-06-01", "seen": "yes", "text": words}
    return signed_in(cast.petra).post(address, entered, follow=True).content.decode()


def test_words_that_differ_are_said_to_differ_at_once_and_in_the_list(cast, product):
    page = see(cast, product, WRONG)
    message, rest = page.split('id="observations-h"')
    assert DEMANDED in message
    assert TO_DO in message
    assert DEMANDED in rest
    assert TO_DO in rest


def test_words_that_match_are_said_to_match_at_once_and_in_the_list(cast, product):
    page = see(cast, product, "Built with Llama")
    assert page.count("These are the words that LICENSE 1.b.i of Llama 3.1 demands.") == 2
    assert "These are not the words" not in page


@pytest.mark.parametrize(("words", "said"), [(WRONG, DEMANDED), ("Built with Llama", "These are the words that")])
@pytest.mark.django_db
def test_who_signs_for_attribution_is_told_too(words, said):
    journey = journeys.signing()
    address = reverse("reviews:record-sighting", args=[journey.review.reference])
    entered = {"text": words, "address": "https://norrbro.example/about", "observed_on": "2026-06-01", "back": "sign"}
    page = signed_in(journey.cast.petra).post(address, entered, follow=True).content.decode()
    assert said in page


def test_without_a_chosen_version_the_words_cannot_be_judged_and_the_page_says_so(cast, group):
    product = make_product(cast=cast, licensee=group.inc, slug=None)
    record_attribution_sighting(
        component=product.components.get(), observed_on=date(2026, 6, 1), seen=True, text=WRONG, by=cast.olive
    )
    page = signed_in(cast.olive).get(reverse("portal:product", args=[product.reference])).content.decode()
    assert "Which words are demanded is not known: no Llama version is chosen." in page


def test_a_sighting_of_nothing_has_no_words_to_judge(cast, product):
    record_attribution_sighting(
        component=product.components.get(), observed_on=date(2026, 6, 1), seen=False, by=cast.olive
    )
    page = signed_in(cast.olive).get(reverse("portal:product", args=[product.reference])).content.decode()
    assert "the words that LICENSE" not in page
