"""What shows that a condition holds can be read again by whoever may see the review."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import reverse

from foundation.audit.queries import events_for
from foundation.files import store
from reviews.actions.conditions import add_condition, meet_condition
from tests import journeys
from tests.cast import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path: Path) -> None:
    settings.BLOB_DIR = tmp_path


def test_its_document_is_linked_handed_out_and_logged():
    journey = journeys.declared()
    cast = journey.cast
    condition = add_condition(
        review=journey.review, kind="continuous", text="Watch it.", owner=cast.petra, by=cast.rita
    )
    page, address = (
        reverse(name, args=[condition.reference]) for name in ("reviews:condition", "reviews:condition-document")
    )
    assert signed_in(cast.anna).get(address).status_code == 404, "nothing was uploaded yet"
    blob = store.put(b"It was watched.", "text/plain")
    meet_condition(condition=condition, note="Seen", document=blob, by=cast.petra)

    assert f'href="{address}"' in signed_in(cast.anna).get(page).content.decode()
    answer = signed_in(cast.anna).get(address)
    assert (answer.status_code, answer.content) == (200, b"It was watched.")
    assert answer["Content-Disposition"] == f'attachment; filename="{condition.reference}.txt"'
    event = events_for(journey.review.reference).latest("seq")
    assert (event.kind, event.subject, event.actor_ref) == (
        "document.downloaded",
        condition.reference,
        cast.anna.reference,
    )
    assert signed_in(cast.sam).get(address).status_code == 404


def test_a_damaged_one_is_a_sentence_on_its_page():
    journey = journeys.declared()
    cast = journey.cast
    condition = add_condition(
        review=journey.review, kind="continuous", text="Watch it.", owner=cast.petra, by=cast.rita
    )
    blob = store.put(b"It was watched.", "text/plain")
    meet_condition(condition=condition, note="Seen", document=blob, by=cast.petra)
    store.path_of(blob.sha256).unlink()
    answer = signed_in(cast.anna).get(reverse("reviews:condition-document", args=[condition.reference]), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("reviews:condition", args=[condition.reference])
    assert "missing" in answer.content.decode()
