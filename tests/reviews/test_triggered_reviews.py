"""Reviews that nobody asks for: the portal opens them when an approval went stale or is about to end."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from deployments.actions.entities import record_litigation
from deployments.models import Approval
from foundation.accounts.company_day import company_day
from foundation.jobs.actions import run as run_job
from foundation.jobs.models import Job
from foundation.jobs.schedule import enqueue_due
from licences.models import LlamaVersion
from notifications.actions import read_log
from notifications.models import Notice
from reviews.actions.choose_version import choose_version
from reviews.actions.moves import withdraw
from reviews.actions.trigger_reviews import open_triggered_reviews
from reviews.models import Review
from tests import journeys

pytestmark = pytest.mark.django_db


def test_nothing_is_opened_while_an_approval_stands():
    journeys.approved()
    assert open_triggered_reviews(timezone.now()) == []


def test_the_review_that_follows_opens_before_an_approval_ends_and_only_once():
    journey = journeys.approved()
    approval = Approval.objects.get(component=journey.component)
    soon = approval.valid_until - timedelta(days=44)
    assert open_triggered_reviews(approval.valid_until - timedelta(days=46)) == []
    [review] = open_triggered_reviews(soon)
    assert (review.reason, review.state, review.previous) == ("expiring", "facts_needed", journey.review)
    assert open_triggered_reviews(soon) == []
    with time_machine.travel(soon):
        withdraw(review=review, by=journey.cast.olive, reason="We shut it down before.")
    assert open_triggered_reviews(soon + timedelta(days=1)) == [], "one call for each approval and reason"


def test_a_fact_that_legal_recorded_opens_the_review_of_the_approval_it_made_stale():
    journey = journeys.approved()
    record_litigation(
        entity=journey.inc,
        answer="yes",
        as_of=company_day(timezone.now()),
        details="Norrbro v Meta, filed today",
        by=journey.cast.rita,
    )
    [review] = open_triggered_reviews(timezone.now())
    assert review.reason == "facts_changed"
    assert "Proceedings" in review.reason_note
    read_log()
    assert Notice.objects.filter(person=journey.cast.olive, subject=review.reference).exists()


def test_a_product_that_left_the_version_is_not_asked_again():
    journey = journeys.approved()
    approval = Approval.objects.get(component=journey.component)
    choose_version(
        component=journey.component,
        raw_model_id="meta-llama/Llama-4-Scout-17B-16E-Instruct",
        version=LlamaVersion.objects.get(slug="llama-4"),
        by=journey.cast.olive,
    )
    assert open_triggered_reviews(approval.valid_until) == []


def test_the_clock_opens_them():
    """The schedule knows the kind, and running its job does the work."""
    journey = journeys.approved()
    record_litigation(
        entity=journey.inc,
        answer="yes",
        as_of=company_day(timezone.now()),
        details="Norrbro v Meta, filed today",
        by=journey.cast.rita,
    )
    enqueue_due(now=timezone.now())
    assert Job.objects.filter(kind="reviews.open_triggered", dedupe__startswith="every:").count() == 1
    claimed = Job.objects.get(kind="reviews.open_triggered")
    run_job(claimed.pk)
    claimed.refresh_from_db()
    assert claimed.state == "done", claimed.last_error
    assert Review.objects.filter(reason="facts_changed", component=journey.component).count() == 1
