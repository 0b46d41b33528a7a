"""Where a fact holds the slug of a Llama version, people read its name."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from deployments.actions.entities import record_permission
from deployments.actions.sheets import save_model_answers
from evidence.pages import _cited
from evidence.record_examined import facts_section
from licences.facts import ENTITY_LABELS, changed_material_fields, field_named
from licences.models import LlamaVersion
from reviews.examined import findings_of
from reviews.fact_words import facts_in_words
from tests import journeys
from tests.cast import signed_in
from tests.journeys import Journey

pytestmark = pytest.mark.django_db
VERSION, ANCESTORS = field_named("model", "version").question, field_named("model", "ancestors").question
QUANTISED: dict[str, Any] = {
    "route": "redistributor",
    "governing_terms": "A mirror, under Apache 2.0",
    "base_model": journeys.MODEL,
    "ancestors": ["llama-2", "llama-3"],
    "ancestor_roles": ["weights"],
}


@pytest.fixture
def journey() -> Journey:
    return journeys.declared(**QUANTISED)


def test_on_the_review_page(journey):
    page = signed_in(journey.cast.rita).get(reverse("reviews:detail", args=[journey.review.reference]))
    facts = page.content.decode().split('id="facts-h"')[1].split("</section>")[0]
    shown = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", facts))
    assert (shown[VERSION], shown[ANCESTORS]) == ("Llama 3.1", "Llama 2, Llama 3")


def test_on_the_page_where_the_owner_declares(journey):
    page = signed_in(journey.cast.olive).get(reverse("portal:declare", args=[journey.sheet.reference]))
    answers = " ".join(page.content.decode().split('id="declare-h"')[0].split())
    assert "Llama 2, Llama 3" in answers
    assert "llama-3" not in re.sub(r'="[^"]*"', "", answers).replace(journeys.MODEL, "")


def test_in_the_record_and_so_in_the_pdf(journey):
    section: Any = facts_section(journey.fresh())
    shown = {row["question"]: row["answer"] for row in section["shown"]}
    assert (shown[VERSION], shown[ANCESTORS]) == ("Llama 3.1", "Llama 2, Llama 3")
    assert section["document"]["model"]["version"] == "llama-3.1"


def test_the_record_tells_what_the_versions_behind_ask_and_whose_clause_a_finding_cites(journey):
    section: Any = facts_section(journey.fresh())
    questions = {row["question"] for row in section["shown"]}
    assert {f"{name}: Month tested for monthly active users" for name in ("Llama 2", "Llama 3")} <= questions
    found = {one["key"]: one for one in findings_of(journey.fresh())}
    assert _cited(found["union:improvement"]) == ["Llama 2: LICENSE 1.b.v", "Llama 3: LICENSE 1.b.v"]
    assert _cited(found["version"]) == ["LICENSE definition.llama", "LICENSE definition.llama-materials"]


def test_the_record_tells_an_exception_that_legal_noted_for_one_version_behind(journey):
    record_permission(
        entity=journey.inc,
        kind="text_exception",
        covers=["mau", "eu-multimodal"],
        name="Bought inside Deskware",
        scope="The Llama 3 model in it",
        granted_on=date(2026, 1, 1),
        version=LlamaVersion.objects.get(slug="llama-3"),
        by=journey.cast.rita,
    )
    section: Any = facts_section(journeys.declare_now(journey).fresh())
    shown = {row["question"]: row["answer"] for row in section["shown"]}
    for key in ("received_in_end_user_product", "end_user_of_multimodal"):
        assert shown[f"Llama 3: {ENTITY_LABELS[key]}"] == "yes"
        assert f"Llama 2: {ENTITY_LABELS[key]}" not in shown
        assert ENTITY_LABELS[key] not in shown


def test_that_there_is_no_other_version_is_said_in_words(journey):
    save_model_answers(sheet=journey.sheet, answers={"ancestors": ["none"]}, by=journey.cast.olive)
    again = journeys.declare_now(journey)
    newest = again.sheet.declarations.latest("revision")
    words = {fact.question: fact.answer for fact in facts_in_words(newest)}
    assert words[ANCESTORS] == "No other Llama version"


def test_in_the_reasons_why_a_review_moved_on(journey):
    other = journeys.approved(journey)
    save_model_answers(sheet=other.sheet, answers={"ancestors": ["llama-3"]}, by=other.cast.olive)
    journeys.declare_now(other)
    page = signed_in(other.cast.rita).get(reverse("portal:product", args=[other.product.reference]))
    assert f"{ANCESTORS} was “Llama 2, Llama 3” and is now “Llama 3”." in page.content.decode()
    assert "Llama 2: " not in page.content.decode()  # that it went says it all


def test_a_version_that_the_catalogue_no_longer_has_keeps_its_slug():
    old, new = ({"model": {"ancestors": [slug]}} for slug in ("llama-9", "llama-3"))
    assert changed_material_fields(old, new, {"llama-3": "Llama 3"}) == [
        f"{ANCESTORS} was “llama-9” and is now “Llama 3”."
    ]
