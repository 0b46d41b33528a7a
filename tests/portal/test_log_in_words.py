"""The log's page and every history say in words what happened and who did it; the raw kinds stay findable."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from foundation.audit.actors import Actor
from foundation.audit.kinds import Kind
from foundation.audit.recorder import record
from foundation.audit.words import GROUPS, PHRASES
from tests import journeys
from tests.cast import signed_in

LOG = reverse("portal:audit-log")


def test_every_kind_that_is_used_stands_in_a_group_with_words():
    assert {kind.partition(".")[0] for kind in PHRASES} == set(GROUPS)


@pytest.mark.django_db
def test_the_filter_offers_words_and_keeps_the_kinds():
    journey = journeys.declared()
    page = signed_in(journey.cast.anna).get(LOG, {"kind": "review.opened"}).content.decode()
    options = dict(re.findall(r'<option value="([^"]+)"[^>]*>([^<]+)</option>', page))
    assert options["review."] == "Reviews: everything"
    assert options["review.opened"] == "Opened the review"
    assert 'value="review.opened" title="review.opened" selected' in page
    assert set(options) >= set(map(str, PHRASES))
    assert not [words for words in options.values() if re.fullmatch(r"[a-z_]+(\.[a-z_]+)?", words)]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["review.", "review.opened"])
def test_a_group_and_a_kind_both_narrow_the_log(kind: str):
    journey = journeys.declared()
    page = signed_in(journey.cast.anna).get(LOG, {"kind": kind})
    kinds = {row["event"].kind for row in page.context["events"]}
    assert "review.opened" in kinds
    assert all(one.startswith(kind) for one in kinds)


@pytest.mark.django_db
def test_what_the_portal_did_itself_names_the_portal():
    journey = journeys.declared()
    about = [journey.review.reference, journey.product.reference]
    record(Kind.EVIDENCE_BUILT, actor=Actor.system("evidence"), subject=about[0], related=about[1:])
    client = signed_in(journey.cast.anna)
    for page in (f"{LOG}?kind=evidence.", f"/reviews/{about[0]}/", f"/products/{about[1]}/"):
        text = re.sub(r"<[^>]+>", "", client.get(page).content.decode())
        assert "Licence Desk (evidence) built the evidence pack" in text, page
