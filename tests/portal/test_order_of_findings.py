"""On every page that lists findings, the gravest comes first."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from deployments.actions.sheets import save_model_answers
from evidence.pages import FINDING_WORDS
from licences.obligations import READING_ORDER, place_of
from reviews.examined import findings_of
from tests import journeys
from tests.cast import signed_in
from tests.journeys import Journey

pytestmark = pytest.mark.django_db
SCOUT = "meta-llama/Llama-4-Scout-17B-16E-Instruct"
BADGES = {
    "Prohibited": "prohibited",
    "Action needed": "action_needed",
    "Legal judgement": "legal_judgement",
    "Unknown": "unknown",
    "Satisfied": "satisfied",
    "Not applicable": "not_applicable",
}


@pytest.fixture
def journey() -> Journey:
    """Norrbro B.V. on Llama 4: what is prohibited comes late in the document, among findings of every kind."""
    found = journeys.answered_facts(journeys.registered(SCOUT, "llama-4", licensee="bv"))
    save_model_answers(
        sheet=found.sheet,
        answers={"attribution_places": ["none"], "model_uses": "unknown", "route": "unknown"},
        by=found.cast.olive,
    )
    return found


def places(html: str, opening: str) -> list[int]:
    """Where the statuses of the list after `opening` belong, in the order in which they are shown."""
    pattern = "|".join(BADGES)
    words = re.findall(rf">\s*({pattern})\s*</span>", html.split(opening)[1])
    return [place_of(BADGES[word]) for word in words]


def test_when_an_owner_declares_and_registers(journey):
    client = signed_in(journey.cast.olive)
    for address, opening in (
        (reverse("portal:declare", args=[journey.sheet.reference]), 'id="findings-h"'),
        (reverse("deployments:registration", args=[journey.product.reference]), 'id="findings-title"'),
    ):
        shown = places(client.get(address).content.decode(), opening)
        assert len(set(shown)) >= 3
        assert shown == sorted(shown)
        assert shown[0] == place_of("prohibited")


def test_in_a_review_beside_each_check_and_on_the_page_that_is_signed(journey):
    journeys.declare_now(journey)
    document = [place_of(one["status"]) for one in findings_of(journey.review)]
    assert document != sorted(document)
    client = signed_in(journey.cast.rita)
    page = client.get(reverse("reviews:detail", args=[journey.review.reference])).content.decode()
    for number in range(1, 6):
        shown = places(page.split(f'id="check-{number}"')[1].split("</details>")[0], '<p class="question">')
        assert shown
        assert shown == sorted(shown)
    journeys.answered(journey)
    sign = client.get(reverse("reviews:sign", args=[journey.review.reference, "reviewer"])).content.decode()
    shown = places(sign.split("</ul>\n      </details>")[0], 'id="basis-h"')
    assert shown == sorted(document)


def test_in_the_printed_record():
    assert tuple(FINDING_WORDS) == READING_ORDER
