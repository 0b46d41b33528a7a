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
from foundation.audit.canonical import canonical
from licences.actions import accept_text, import_text
from licences.models import LlamaVersion, TextKind
from reviews.standing import ApprovalStanding, standing_of
from reviews.what_holds import hold_now
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


def test_the_number_of_queries_does_not_grow_with_declarations(journey: Journey) -> None:
    def count(journeys_compared: list[Journey]) -> int:
        newest = newest_declarations({one.sheet.pk for one in journeys_compared})
        with CaptureQueriesContext(connection) as queries:
            assert len(hold_now(newest)) == len(journeys_compared)
        return len(queries)

    alone = count([journey])
    more = [journeys.declared(another(journey, name), **MERGED) for name in ("Second", "Third")]
    assert count([journey, *more]) == alone
