"""A model id that the rules cannot place is remembered once somebody confirmed it: as a proposal for the next product."""

from __future__ import annotations

import pytest
from django.test import Client

from foundation.audit.models import Event
from licences.model_names import Status, propose
from licences.models import LlamaVersion, ModelAlias
from licences.queries import proposal_for
from reviews.actions.choose_version import choose_version
from tests import journeys
from tests.surface.world import another

pytestmark = pytest.mark.django_db

OURS = "norrbro/harbour-tune-7"


def choose(journey: journeys.Journey, model: str, slug: str) -> None:
    choose_version(
        component=journey.component,
        raw_model_id=model,
        version=LlamaVersion.objects.get(slug=slug),
        by=journey.cast.olive,
    )


@pytest.fixture
def journey() -> journeys.Journey:
    return journeys.registered()


def test_what_somebody_confirmed_is_proposed_to_the_next_with_their_name(journey: journeys.Journey) -> None:
    assert propose(OURS).status == Status.ASK
    choose(journey, OURS, "llama-3.3")
    said = proposal_for(OURS.upper())
    assert (said.status, said.versions, said.rule) == (Status.RESOLVED, ("llama-3.3",), "confirmed-here")
    assert said.explanation.startswith("Olive Owner confirmed Llama 3.3 for this id on ")

    second = another(journey, "Second")
    client = Client()
    client.force_login(journey.cast.olive)
    page = client.get(f"/components/{second.component.reference}/model/?model={OURS}").content.decode()
    assert "Olive Owner confirmed Llama 3.3" in page
    assert second.component.model_sheets.filter(raw_model_id=OURS).count() == 0  # nothing is chosen by itself


def test_a_name_that_the_rules_place_needs_no_memory(journey: journeys.Journey) -> None:
    assert not ModelAlias.objects.exists()
    assert proposal_for(journeys.MODEL) == propose(journeys.MODEL)


def test_a_later_confirmation_takes_its_place_and_the_log_keeps_both(journey: journeys.Journey) -> None:
    choose(journey, OURS, "llama-3.3")
    choose(another(journey, "Second"), OURS, "llama-3.2")
    choose(another(journey, "Third"), OURS, "llama-3.2")
    assert ModelAlias.objects.get().version.slug == "llama-3.2"
    events = Event.objects.filter(kind="licence.version_confirmed").order_by("seq")
    assert [(one.subject, one.facts["before"]) for one in events] == [("llama-3.3", None), ("llama-3.2", "llama-3.3")]


def test_a_rule_that_says_otherwise_still_wins_for_other_names(journey: journeys.Journey) -> None:
    choose(journey, "meta-llama/Llama-3.1-8B-Instruct", "llama-3.2")  # somebody insists on another version
    assert ModelAlias.objects.count() == 1
    assert proposal_for("meta-llama/Llama-3.1-8B-Instruct").versions == ("llama-3.1",)
