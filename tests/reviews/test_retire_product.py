"""Retiring a product ends everything that stands or waits: reviews, approvals, version records, questions."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from deployments.actions.questions import ask_colleague
from deployments.models import Approval, ColleagueQuestion, Product, StopDuty
from deployments.queries import records_of
from evidence.record import build_record
from foundation.accounts.company_day import company_day
from foundation.accounts.policy import NotAllowed
from foundation.audit.models import Event
from foundation.audit.queries import events_for
from licences.models import LlamaVersion
from notifications.actions import read_log, remind
from notifications.models import Notice
from reviews.actions import retire_product as module
from reviews.actions.choose_version import choose_version
from reviews.actions.moves import revoke, suspend
from reviews.actions.open_review import open_review
from reviews.actions.record_rollout import record_checked_rollout
from reviews.actions.retire_product import retire_product
from reviews.actions.trigger_reviews import open_triggered_reviews
from reviews.errors import ReviewError
from reviews.models import Review
from reviews.standing import Standing, standing_of
from tests import journeys
from tests.cast import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def journey() -> journeys.Journey:
    """Approved on 3.1 and running there; Llama 4 is chosen, so a second review is open."""
    journey = journeys.approved()
    record_checked_rollout(
        component=journey.component,
        deployment=journey.production,
        version=LlamaVersion.objects.get(slug="llama-3.1"),
        raw_model_id=journeys.MODEL,
        effective_at=timezone.now() - timedelta(days=3),
        by=journey.cast.olive,
    )
    choose_version(
        component=journey.component,
        raw_model_id="meta-llama/Llama-4-Scout-17B-16E-Instruct",
        version=LlamaVersion.objects.get(slug="llama-4"),
        by=journey.cast.olive,
    )
    return journey


def retired(journey: journeys.Journey, reason: str = "Replaced") -> list[StopDuty]:
    return retire_product(product=journey.product, by=journey.cast.olive, reason=reason)


def approval_of(journey: journeys.Journey) -> Approval:
    return Approval.objects.get(review_reference=journey.review.reference)


def test_open_reviews_are_withdrawn_with_the_reason_and_legal_hears_of_it(journey):
    waiting = Review.objects.open().get()
    retired(journey)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.state_reason) == ("withdrawn", "Product retired")
    assert waiting.decided_at is not None
    assert not Review.objects.open().exists()
    event = events_for(waiting.reference).latest("seq")
    assert (event.kind, event.facts["to"]) == ("review.withdrawn", "withdrawn")
    read_log()
    assert Notice.objects.filter(person=journey.cast.rita, kind="review.withdrawn", subject=waiting.reference).exists()


def test_an_approval_ends_and_says_why(journey):
    assert standing_of(approval_of(journey), timezone.now()).in_force
    retired(journey)
    approval = approval_of(journey)
    assert approval.state == "terminated"
    assert re.fullmatch(r"The product was retired on \d{1,2} [A-Z][a-z]{2} \d{4}\.", approval.state_reason)
    standing = standing_of(approval, timezone.now())
    assert standing.standing == Standing.TERMINATED
    assert "The product was retired on" in standing.reasons[0]
    assert (journey.fresh().state, journey.fresh().state_reason) == ("terminated", approval.state_reason)
    event = events_for(approval.reference).latest("seq")
    assert (event.kind, event.subject) == ("approval.ended", journey.review.reference)
    read_log()
    assert Notice.objects.filter(person=journey.cast.rita, kind="approval.ended").exists()


def test_a_suspended_approval_ends_too_and_what_was_revoked_stays_revoked():
    one = journeys.approved()
    suspend(review=one.review, by=one.cast.leo, reason="A doubt")
    retired(one)
    assert approval_of(one).state == "terminated"


def test_what_was_decided_before_stays_as_it_was(journey):
    revoke(review=journey.review, by=journey.cast.leo, reason="Meta wrote to us")
    retired(journey)
    assert (approval_of(journey).state, approval_of(journey).state_reason) == ("revoked", "Meta wrote to us")
    assert journey.fresh().state == "revoked"


def test_the_version_records_end(journey):
    now = timezone.now()
    assert [one.ends_at for one in records_of(journey.product, as_of=now, known_at=now)] == [None]
    retired(journey)
    now = timezone.now()
    [record] = records_of(journey.product, as_of=now, known_at=now)
    assert record.ends_at is not None
    stop = journey.component.rollouts.latest("pk")
    assert (stop.running, stop.note, stop.recorded_by) == (False, "Product retired", journey.cast.olive)


def test_what_a_fast_clock_recorded_for_the_next_minutes_ends_too():
    journey = journeys.approved()
    soon = timezone.now() + timedelta(minutes=3)
    record_checked_rollout(
        component=journey.component,
        deployment=journey.production,
        version=LlamaVersion.objects.get(slug="llama-3.1"),
        raw_model_id=journeys.MODEL,
        effective_at=soon,
        by=journey.cast.olive,
    )
    retired(journey)
    later = soon + timedelta(minutes=1)
    assert all(one.ends_at for one in records_of(journey.product, as_of=later, known_at=later))


def test_nothing_runs_nothing_is_recorded_as_stopped():
    journey = journeys.approved()
    retired(journey)
    assert not journey.component.rollouts.exists()


def test_the_stop_duties_stay_and_cover_every_version(journey):
    duties = retired(journey)
    assert {duty.version.slug for duty in duties} == {"llama-3.1", "llama-4"}
    assert {duty.cause for duty in duties} == {"retired"}
    assert journey.product.state == "retired"


def test_questions_to_colleagues_are_closed(journey):
    question = ask_colleague(
        product=journey.product, field_key="user_information", asked_of=journey.cast.cleo, by=journey.cast.olive
    )
    retired(journey)
    question = ColleagueQuestion.objects.get(pk=question.pk)
    assert question.closed_as == "retired"
    page = signed_in(journey.cast.cleo).get(reverse("deployments:answer", args=[question.pk])).content.decode()
    assert "was retired" in page


def test_no_reminder_and_no_new_review_follows(journey):
    approval = approval_of(journey)
    due = Review.objects.open().get().due_on
    retired(journey)
    before = Notice.objects.filter(kind="reminder").count()
    remind(timezone.now() + timedelta(days=(due - company_day(timezone.now())).days))
    reminded = Notice.objects.filter(kind="reminder")[before:]
    assert not [one.subject for one in reminded if one.subject.startswith("REV-")]
    assert open_triggered_reviews(approval.valid_until) == []
    with pytest.raises(ReviewError, match="retired"):
        open_review(sheet=journey.sheet, reason="asked", by=journey.cast.olive)


def test_it_happens_as_a_whole_or_not_at_all(journey, monkeypatch):
    def broken(*_args: object) -> None:
        raise RuntimeError("the power went")

    before = Event.objects.count()
    monkeypatch.setattr(module, "_end", broken)
    with pytest.raises(RuntimeError):
        retired(journey)
    assert Event.objects.count() == before
    assert Product.objects.get(pk=journey.product.pk).state != "retired"
    assert Review.objects.open().count() == 1
    assert not StopDuty.objects.exists()
    assert approval_of(journey).state == "in_force"


@pytest.mark.parametrize("who", ["rita", "leo", "petra", "anna", "adam", "sam", "cleo"])
def test_nobody_but_the_owner_retires(journey, who):
    before = Event.objects.count()
    with pytest.raises(NotAllowed):
        retire_product(product=journey.product, by=getattr(journey.cast, who))
    assert Event.objects.count() == before


def test_the_page_says_what_ends_and_ends_it(journey):
    address = reverse("portal:retire", args=[journey.product.reference])
    client = signed_in(journey.cast.olive)
    assert "approvals end" in client.get(address).content.decode()
    assert client.post(address, {"reason": "Replaced"}).status_code == 422
    page = client.post(address, {"reason": "Replaced", "confirm": "on"}, follow=True).content.decode()
    assert "Product retired" in page
    assert approval_of(journey).state == "terminated"
    assert client.get(address).status_code == 403


def test_a_later_edition_of_the_record_tells_it(journey):
    retired(journey)
    end = events_for(journey.review.reference).latest("seq").seq
    record = build_record(journey.fresh(), edition=2, through=end, keys={})
    assert record["decision"]["outcome"].startswith("approved")
    assert [one["standing"] for one in record["later"]] == ["ended"]
