"""The heading of a check cites only clauses that the version has (design, rule 9)."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.urls import reverse

from evidence.record_examined import answers_section
from licences.terms import load_catalogue
from reviews.questions import FIVE_CHECKS, citation_of
from tests import journeys
from tests.cast import signed_in

TERMS = {terms.slug: terms for terms in load_catalogue()}
GOLDEN = Path(__file__).parent.parent / "licences" / "golden"
OLD, NEW = ("llama-2", "llama-3"), ("llama-3.2", "llama-3.3", "llama-4")


def cited(citation: str) -> list[str]:
    """The clause ids of a citation, each with its document."""
    found: list[str] = []
    document = ""
    for part in citation.split(", "):
        word = part.split(" ")[0]
        if word in {"LICENSE", "AUP"}:
            document, part = word, part.removeprefix(word).strip()
        first, _, last = part.partition(" to ")
        found += [f"{document} {n}" for n in range(int(first), int(last) + 1)] if last else [f"{document} {part}"]
    return [one.strip() for one in found]


@pytest.mark.parametrize("slug", TERMS)
def test_every_clause_that_a_heading_cites_is_in_the_texts_of_the_version(slug):
    known = {"AUP"}
    for document, kind in (("LICENSE", "agreement"), ("AUP", "aup")):
        tree = json.loads((GOLDEN / f"clauses-{slug}-{kind}.json").read_text())
        known |= {f"{document} {clause['id']}" for clause in tree["clauses"]}
    for check in FIVE_CHECKS:
        assert set(cited(citation_of(check, TERMS[slug]))) <= known


@pytest.mark.parametrize("slug", TERMS)
def test_the_clauses_that_only_some_versions_have_are_cited_by_those(slug):
    fourth, fifth = (citation_of(check, TERMS[slug]) for check in FIVE_CHECKS[3:])
    assert ("1.b.v" in fourth) == (slug in OLD)
    assert ("AUP eu-multimodal" in fifth) == (slug in NEW)


@pytest.mark.django_db
def test_the_review_and_its_record_cite_what_the_version_has():
    journey = journeys.answered()
    page = signed_in(journey.cast.rita).get(reverse("reviews:detail", args=[journey.review.reference]))
    shown = re.findall(r'<span class="check-title"><h3>[^<]*</h3><small>([^<]*)</small>', page.content.decode())
    kept = [one["citation"] for one in answers_section(journey.fresh(), list(journey.review.checks.order_by("number")))]
    assert shown == kept == [citation_of(check, TERMS["llama-3.1"]) for check in FIVE_CHECKS]
    assert shown[3:] == ["LICENSE 1.a, 1.b.i", "LICENSE preamble, 1.a, 5 to 7"]
