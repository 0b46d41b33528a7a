"""The upgrade from 3.1 to 4: a review opens with the choice, nothing carries over, and the EU paragraph bites."""

from __future__ import annotations

import pytest
from django.utils import timezone

from deployments.models import Approval
from licences.models import LlamaVersion
from portal.portfolio_rows import portfolio_rows
from reviews.actions.choose_version import choose_version
from reviews.actions.record_rollout import record_checked_rollout
from reviews.examined import findings_of
from reviews.models import Review
from reviews.queries import approval_in_force
from tests import journeys

pytestmark = pytest.mark.django_db

SCOUT = "meta-llama/Llama-4-Scout-17B-16E-Instruct"


def running(journey: journeys.Journey, model: str = journeys.MODEL, version: str = "llama-3.1"):
    return record_checked_rollout(
        component=journey.component,
        deployment=journey.production,
        version=LlamaVersion.objects.get(slug=version),
        raw_model_id=model,
        effective_at=timezone.now(),
        by=journey.cast.olive,
    )


def move_to_llama_4(journey: journeys.Journey) -> journeys.Journey:
    sheet, review = choose_version(
        component=journey.component,
        raw_model_id=SCOUT,
        version=LlamaVersion.objects.get(slug="llama-4"),
        by=journey.cast.olive,
    )
    assert review is not None
    journey.sheet, journey.review = sheet, review
    return journey


def test_the_choice_opens_the_review_and_the_old_approval_stays_what_it_was():
    journey = journeys.approved()
    running(journey)
    old = journey.review
    move_to_llama_4(journey)
    assert (journey.review.state, journey.review.reason, journey.review.previous) == (
        "facts_needed",
        "version_chosen",
        old,
    )
    assert Review.objects.get(pk=old.pk).state == "approved"
    cell = portfolio_rows([journey.product.pk], timezone.now())[0].cells[0].running[0]
    assert (cell.version, cell.word) == ("Llama 3.1", "in_force")
    version = LlamaVersion.objects.get(slug="llama-4")
    assert approval_in_force(journey.component, version, journey.production, SCOUT, timezone.now()) is None


def test_choosing_twice_opens_one_review():
    journey = move_to_llama_4(journeys.approved())
    again = move_to_llama_4(journey)
    assert Review.objects.filter(version__slug="llama-4").count() == 1
    assert again.review.version.slug == "llama-4"


def test_for_the_dutch_company_the_finding_says_that_rights_are_not_granted():
    journey = journeys.registered(licensee="bv")
    journey = journeys.declared(move_to_llama_4(journey))
    finding = next(one for one in findings_of(journey.review) if one["key"] == "eu-multimodal")
    assert finding["status"] == "prohibited"
    assert "AUP eu-multimodal" in finding["clauses"]
    assert "1(a)" in finding["explanation"] or "1.a" in finding["explanation"]
    assert "end user" in finding["explanation"].lower()


def test_for_the_american_company_it_does_not():
    journey = journeys.declared(move_to_llama_4(journeys.registered()))
    finding = next(one for one in findings_of(journey.review) if one["key"] == "eu-multimodal")
    assert finding["status"] in {"not_applicable", "satisfied"}


def test_a_rollout_of_the_new_version_before_its_approval_is_recorded_and_flagged():
    journey = move_to_llama_4(journeys.approved())
    rollout = running(journey, SCOUT, "llama-4")
    assert rollout.approval is None
    cell = portfolio_rows([journey.product.pk], timezone.now())[0].cells[0].running[0]
    assert (cell.version, cell.word) == ("Llama 4", "no_approval")


def test_a_second_approval_of_the_same_version_supersedes_the_first():
    journey = journeys.approved()
    first = Approval.objects.get()
    journeys.approved(journeys.reviewed_again(journey))
    first.refresh_from_db()
    assert first.state == "superseded"
    assert Approval.objects.filter(state="in_force").count() == 1
