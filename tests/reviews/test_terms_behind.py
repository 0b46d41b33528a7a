"""Other words were accepted, and the terms still say what the words before said: no review passes over it."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from django.test import Client

from foundation.jobs.actions import Outcome, run
from foundation.jobs.models import Job
from licences.actions import accept_text, import_text
from licences.actions.decide_text import IMPACT_JOB
from licences.actions.sync_catalogue import catalogue_digest
from licences.models import LicenceText, LlamaVersion, TextKind
from licences.queries import current_text
from reviews.examined import findings_of
from reviews.models import ImpactRun, Review
from tests import journeys
from tests.cast import SYSTEM
from tests.journeys import Journey
from tests.licences.texts import AGREEMENT

pytestmark = pytest.mark.django_db


def written_for_the_current_texts(slug: str) -> LlamaVersion:
    """The terms of this version are those of the texts that are relied on, as after sync_catalogue."""
    version = LlamaVersion.objects.get(slug=slug)
    document = copy.deepcopy(version.catalogue)
    for kind in TextKind:
        text = current_text(version, kind)
        assert text is not None
        for known in document["text"]:
            if (known["kind"], known["standing"]) == (kind.value, "primary"):
                known |= {"sha256": text.sha256, "words": text.words_digest}
    version.catalogue, version.catalogue_digest = document, catalogue_digest(document)
    version.save()
    return version


def behind(review: Review) -> dict[int, list[str]]:
    """The clauses that reviews have to read anew, by check."""
    found = [one for one in findings_of(review) if one["key"].startswith("terms-behind-text")]
    assert {one["status"] for one in found} <= {"legal_judgement"}
    return {one["check"]: one["clauses"] for one in found}


@pytest.fixture
def changed() -> Journey:
    """Approved on terms that were written for the text; then another text is accepted, and its run is finished."""
    journey = journeys.registered()
    version = written_for_the_current_texts("llama-3.1")
    journeys.approved(journey)
    assert behind(journey.fresh()) == {}
    text = import_text(
        version=version,
        kind=TextKind.AGREEMENT,
        data=AGREEMENT.replace("Otter 2", version.name).replace("Herons must ask", "Herons never ask").encode(),
        source="a letter",
        imported_by=SYSTEM,
    )
    accept_text(text=text, by=journey.cast.leo, note="Read and accepted.")
    assert run(Job.objects.get(kind=IMPACT_JOB).pk) is Outcome.DONE
    journey.review = Review.objects.get(reason="text_changed")
    return journey


def page(person: Any, address: str) -> str:
    client = Client()
    client.force_login(person)
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_review_that_the_run_opened_has_the_finding_in_the_check_that_the_clause_is_about(changed: Journey) -> None:
    review = journeys.declare_now(changed).fresh()
    assert behind(review) == {1: ["LICENSE 2"]}
    assert "clauses were reworded since its terms were written" in page(
        changed.cast.rita, f"/reviews/{review.reference}/?check=1"
    )


def test_the_owner_reads_it_on_the_duty_sheet_of_the_product(changed: Journey) -> None:
    said = page(changed.cast.olive, f"/products/{changed.product.reference}/duties/")
    assert said.count("The clause was reworded since these terms were written") == 1


def test_the_run_says_which_terms_are_behind_until_the_catalogue_is_corrected(changed: Journey) -> None:
    address = f"/reviews/impact/{ImpactRun.objects.get().pk}/"
    said = page(changed.cast.rita, address)
    assert "The terms of Llama 3.1 were not written for this text" in said
    assert "Monthly active users test" in said
    assert "licences/catalogue/llama-3.1.toml" in said
    written_for_the_current_texts("llama-3.1")
    assert "were not written for this text" not in page(changed.cast.rita, address)


def test_terms_that_were_corrected_leave_no_finding(changed: Journey) -> None:
    written_for_the_current_texts("llama-3.1")
    assert behind(journeys.declare_now(changed).fresh()) == {}
    assert LicenceText.objects.filter(version__slug="llama-3.1", kind="agreement").count() == 2
