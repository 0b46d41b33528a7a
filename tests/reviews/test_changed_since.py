"""What changed since the last approval: told for both documents, whichever of them stands beside the checks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from foundation.accounts.models import User
from foundation.audit.actors import Actor
from licences.actions import accept_text, import_folder, import_text, sync_catalogue
from licences.models import LlamaVersion, TextKind
from licences.queries import current_text
from reviews.actions.choose_version import choose_version
from reviews.models import Review
from reviews.views.texts_beside import texts_of
from tests import journeys
from tests.licences.texts import AUP

pytestmark = pytest.mark.django_db


def moved_to_llama_4(change: tuple[str, str] | None) -> journeys.Journey:
    """Approved on 3.1, declared on 4, whose policy differs by this change."""
    journey = journeys.approved()
    version = LlamaVersion.objects.get(slug="llama-4")
    if change is not None:
        words = AUP.replace("Otter 2", version.name).replace(*change)
        text = import_text(
            version=version,
            kind=TextKind.AUP,
            data=words.encode(),
            source="invented",
            imported_by=Actor.system("tests"),
        )
        accept_text(text=text, by=journey.cast.leo, note="Invented for tests")
    journey.sheet, review = choose_version(
        component=journey.component,
        raw_model_id="meta-llama/Llama-4-Scout-17B-16E-Instruct",
        version=version,
        by=journey.cast.olive,
    )
    assert review is not None
    journey.review = review
    return journeys.declare_now(journeys.answered_facts(journey))


def told(journey: journeys.Journey, person: User, query: str = "") -> str:
    """The notice, in words."""
    client = Client()
    client.force_login(person)
    page = client.get(reverse("reviews:detail", args=[journey.review.reference]) + query).content.decode()
    notice = re.search(r'<section class="notice[^>]*aria-labelledby="since-h".*?</section>', page, re.DOTALL)
    assert notice is not None
    return " ".join(re.sub(r"<[^>]+>", " ", notice[0]).split())


@pytest.mark.parametrize("document", ["agreement", "aup"])
def test_a_changed_policy_is_told_whichever_document_is_open(document: str):
    journey = moved_to_llama_4(("with mud", "with mud or sand"))
    words = told(journey, journey.cast.rita, f"?doc={document}")
    assert "Changed since Llama 3.1 was approved" in words
    assert "Agreement: no clause in substance" in words
    assert "Acceptable use policy: 1 clause" in words
    assert ("AUP 2.a" in words) is (document == "aup")
    assert ("Show beside the checks" in words) is (document == "agreement")


def test_equal_documents_are_said_to_be_equal():
    journey = moved_to_llama_4(None)
    assert "Neither document differs in substance from those approved for Llama 3.1" in told(journey, journey.cast.rita)


def test_the_clauses_of_a_finding_lead_to_the_text_beside_the_checks():
    journey = journeys.answered()
    client = Client()
    client.force_login(journey.cast.rita)
    address = reverse("reviews:detail", args=[journey.review.reference])
    page = client.get(address).content.decode()
    links = re.findall(r'href="([^"]*)" data-beside', page)
    assert f"{address}?doc=agreement#agreement-1.b.iv" in links
    assert all(link.startswith(f"{address}?doc=") for link in links)
    policy = next(link for link in links if "doc=aup" in link)
    assert "acceptable use policy" in client.get(policy.partition("#")[0]).content.decode()


@pytest.mark.official_texts
def test_a_policy_inside_the_older_agreement_is_no_change_of_it(official_texts: Path):
    """Llama 3's file carries the policy behind section 7, that of 3.1 does not: the policy is compared as the policy."""
    sync_catalogue(by=Actor.system("tests"))
    import_folder(folder=official_texts, imported_by=Actor.system("tests"))

    def of(slug: str, **more: Review) -> Review:
        version = LlamaVersion.objects.get(slug=slug)
        agreement, aup = (current_text(version, kind) for kind in (TextKind.AGREEMENT, TextKind.AUP))
        return Review(pk=1, version=version, agreement=agreement, aup=aup, **more)

    beside = texts_of(of("llama-3.1", previous=of("llama-3")), {"doc": "agreement"}, {})
    agreement, aup = beside["changes"]
    assert {one.id for one in agreement.clauses} == {"LICENSE 1.b.i", "LICENSE 1.b.v", "LICENSE 5.a"}
    assert {one.id for one in aup.clauses} == {"AUP 1.f", "AUP reporting.4"}
    assert "appended" not in str(beside["html"]).lower()
