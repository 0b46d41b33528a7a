"""Correcting a rollout: what really runs is held against the approvals, and owner and legal are told, once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from deployments.models import Rollout
from foundation.accounts.roles import Role
from foundation.audit.models import Event
from licences.models import LlamaVersion
from notifications.actions import read_log
from notifications.models import Notice
from reviews.actions.record_rollout import correct_checked_rollout, record_checked_rollout
from tests import journeys
from tests.cast import make_person, signed_in

pytestmark = pytest.mark.django_db

OTHER = "meta-llama/Llama-3.1-70B-Instruct"


@pytest.fixture
def journey() -> journeys.Journey:
    return journeys.approved()


def rolled_out(journey: journeys.Journey, model: str = journeys.MODEL) -> Rollout:
    return record_checked_rollout(
        component=journey.component,
        deployment=journey.production,
        version=LlamaVersion.objects.get(slug="llama-3.1"),
        raw_model_id=model,
        effective_at=timezone.now() - timedelta(days=1),
        by=journey.cast.olive,
    )


def corrected(journey: journeys.Journey, wrong: Rollout, model: str, **more: Any) -> Rollout:
    values: dict[str, Any] = {"effective_at": wrong.effective_at, "version": LlamaVersion.objects.get(slug="llama-3.1")}
    values |= more
    return correct_checked_rollout(
        rollout=wrong, raw_model_id=model, note="The image held another", by=journey.cast.olive, **values
    )


def flags() -> list[str]:
    return list(Event.objects.filter(kind="rollout.unapproved").order_by("seq").values_list("subject", flat=True))


def told() -> list[str]:
    read_log()
    return sorted(Notice.objects.filter(kind="rollout.unapproved").values_list("person__name", flat=True))


def test_a_correction_to_a_model_that_no_approval_covers_is_flagged_and_told_once(journey):
    wrong = rolled_out(journey)
    assert wrong.approval is not None
    correction = corrected(journey, wrong, OTHER)
    assert correction.approval is None
    assert flags() == [correction.reference]
    assert told() == ["Leo Lawyer", "Rita Reviewer"]
    assert told() == ["Leo Lawyer", "Rita Reviewer"]


def test_the_owner_hears_of_it_when_somebody_else_of_the_team_corrects(journey):
    oskar = make_person("Oskar Owner", role=Role.PRODUCT_OWNER, team=journey.cast.team)
    wrong = rolled_out(journey)
    correct_checked_rollout(
        rollout=wrong,
        version=wrong.version,
        raw_model_id=OTHER,
        effective_at=wrong.effective_at,
        note="It was the large one",
        by=oskar,
    )
    assert told() == ["Leo Lawyer", "Olive Owner", "Rita Reviewer"]


def test_a_correction_to_what_is_approved_is_no_alarm(journey):
    wrong = rolled_out(journey, OTHER)
    assert flags() == [wrong.reference]
    correction = corrected(journey, wrong, journeys.MODEL)
    assert correction.approval is not None
    assert flags() == [wrong.reference]


def test_mending_the_time_of_what_was_flagged_is_no_news_but_another_model_is(journey):
    wrong = rolled_out(journey, OTHER)
    later = corrected(journey, wrong, OTHER, effective_at=wrong.effective_at + timedelta(hours=1))
    assert later.approval is None
    assert flags() == [wrong.reference]
    third = corrected(journey, later, "meta-llama/Llama-3.1-405B")
    assert flags() == [wrong.reference, third.reference]


def test_a_correction_that_says_it_stopped_is_no_alarm(journey):
    wrong = rolled_out(journey)
    corrected(journey, wrong, OTHER, running=False)
    assert flags() == []


def test_the_page_flags_it_too_and_says_so(journey):
    wrong = rolled_out(journey)
    answer = signed_in(journey.cast.olive).post(
        reverse("portal:correct-rollout", args=[wrong.reference]),
        {
            "running": "yes",
            "raw_model_id": OTHER,
            "version": "llama-3.1",
            "effective_at": timezone.localtime(wrong.effective_at).strftime("%Y-%m-%dT%H:%M"),
            "note": "The image held another",
        },
        follow=True,
    )
    assert "No approval covers it" in answer.content.decode()
    assert flags() == [Rollout.objects.latest("pk").reference]
