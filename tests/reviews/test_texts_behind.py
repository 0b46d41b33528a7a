"""What an approval rests on besides its own version's texts: documents of other releases, and the texts behind a model."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deployments.models import Approval
from deployments.queries.facts import newest_declarations
from evidence.record_examined import facts_section
from foundation.accounts.company_day import company_day
from foundation.audit.canonical import canonical
from licences.actions import accept_text, import_text
from licences.facts import WORDS_BEHIND
from licences.models import LlamaVersion, TextKind
from licences.queries import current_text
from reviews.actions.trigger_reviews import open_triggered_reviews
from reviews.standing import ApprovalStanding, standing_of
from reviews.standings_of_products import standings_in
from reviews.what_holds import hold_now, moved_on
from tests import journeys
from tests.cast import SYSTEM
from tests.journeys import Journey
from tests.licences.texts import AGREEMENT, AUP
from tests.surface.world import another

pytestmark = pytest.mark.django_db
MERGED: dict[str, Any] = {
    "route": "redistributor",
    "governing_terms": "A mirror, under Apache 2.0",
    "base_model": journeys.MODEL,
    "ancestors": ["llama-3"],
    "ancestor_roles": ["weights"],
}


@pytest.fixture
def journey() -> Journey:
    return journeys.approved(journeys.declared(**MERGED))


def approval_of(journey: Journey) -> Approval:
    return Approval.objects.get(component=journey.component)


def standing(journey: Journey) -> ApprovalStanding:
    return standing_of(approval_of(journey), timezone.now())


def signed_without(journey: Journey, *keys: str) -> None:
    """The approval as an earlier release wrote it, without these parts of the facts."""
    approval = approval_of(journey)
    document = {key: value for key, value in json.loads(approval.facts).items() if key not in keys} | {"version": 1}
    Approval.objects.filter(pk=approval.pk).update(facts=canonical(document))


def other_words(journey: Journey, slug: str, kind: TextKind = TextKind.AGREEMENT) -> None:
    """Another wording of a version's text is accepted."""
    version = LlamaVersion.objects.get(slug=slug)
    words = (AGREEMENT if kind == TextKind.AGREEMENT else AUP).replace(
        "Otter 2", version.name
    ) + "\nAnd one thing more.\n"
    text = import_text(version=version, kind=kind, data=words.encode(), source="invented", imported_by=SYSTEM)
    accept_text(text=text, by=journey.cast.leo, note="Read and accepted.")


def test_of_an_approval_of_an_earlier_release_only_the_text_moved(journey: Journey) -> None:
    signed_without(journey, "behind")
    assert standing(journey).standing != "stale"
    other_words(journey, "llama-3.1")
    now = standing(journey)
    assert (now.standing, now.facts_moved) == ("stale", False)
    assert now.reasons == ["The agreement has other words than the revision that was signed."]


@pytest.mark.parametrize(("kind", "name"), [(TextKind.AGREEMENT, "agreement"), (TextKind.AUP, "acceptable use policy")])
def test_other_words_of_a_version_behind_the_model_make_the_approval_stale_and_open_its_review(
    journey: Journey, kind: TextKind, name: str
) -> None:
    assert standing(journey).standing != "stale"
    other_words(journey, "llama-3", kind)
    now = standing(journey)
    assert (now.standing, now.facts_moved) == ("stale", False)
    sentence = f"The {name} of Llama 3, which stands behind the model, has other words than when it was signed."
    assert now.reasons == [sentence]
    of_products = standings_in([journey.product.pk], [journey.component.pk], timezone.now())
    assert [one.reasons for one in of_products.by_component[journey.component.pk]] == [[sentence]]
    (review,) = open_triggered_reviews(timezone.now())
    assert (review.reason, review.reason_note) == ("text_changed", sentence)


def test_other_words_of_a_version_that_does_not_stand_behind_the_model_change_nothing(journey: Journey) -> None:
    other_words(journey, "llama-2")
    assert standing(journey).standing != "stale"


def test_facts_without_the_words_of_texts_behind_do_not_go_stale(journey: Journey) -> None:
    approval = approval_of(journey)
    document = json.loads(approval.facts)
    for key in WORDS_BEHIND:
        assert document["behind"]["llama-3"].pop(key)
    Approval.objects.filter(pk=approval.pk).update(facts=canonical(document))
    other_words(journey, "llama-3")
    assert standing(journey).standing != "stale"


def test_an_open_review_says_that_a_text_behind_the_model_moved() -> None:
    journey = journeys.signing(journeys.declared(**MERGED))
    assert moved_on(journey.fresh()) == []
    other_words(journey, "llama-3")
    assert moved_on(journey.fresh()) == [
        "The agreement of Llama 3, which stands behind the model, has other words than when it was signed."
    ]


def test_the_record_shows_which_words_of_a_text_behind_were_relied_on(journey: Journey) -> None:
    section: Any = facts_section(journey.fresh())
    shown = {row["question"]: row["answer"] for row in section["shown"]}
    text = current_text(LlamaVersion.objects.get(slug="llama-3"), TextKind.AGREEMENT)
    assert text is not None
    assert shown["Llama 3: Digest of the words of its agreement"] == text.words_digest


def test_the_number_of_queries_does_not_grow_with_declarations(journey: Journey) -> None:
    def count(journeys_compared: list[Journey]) -> int:
        newest = newest_declarations({one.sheet.pk for one in journeys_compared})
        with CaptureQueriesContext(connection) as queries:
            assert len(hold_now(newest, company_day(timezone.now()))) == len(journeys_compared)
        return len(queries)

    alone = count([journey])
    more = [journeys.declared(another(journey, name), **MERGED) for name in ("Second", "Third")]
    assert count([journey, *more]) == alone
