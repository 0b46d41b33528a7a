"""Everyone who must act is told, in the portal and by mail, reminded, and no longer once it is done; never twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from foundation.accounts.company_day import company_day
from foundation.jobs.actions import run_all_due
from licences.models import LlamaVersion
from notifications.actions import read_log, remind
from notifications.mail import send
from notifications.models import Cursor, Mail, Notice
from reviews.actions.choose_version import choose_version
from reviews.actions.messages import write_counsel_note
from reviews.actions.moves import request_changes
from reviews.actions.record_rollout import record_checked_rollout
from tests import journeys

pytestmark = pytest.mark.django_db


def mailboxes() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for message in mail.outbox:
        found.setdefault(message.to[0].split("@")[0], []).append(str(message.subject))
    return found


def test_declared_facts_reach_the_reviewer_once_however_often_the_log_is_read():
    journeys.declared()
    for _again in range(3):
        read_log()
        run_all_due()
    rita = mailboxes()["rita"]
    assert sum("Facts are declared" in subject for subject in rita) == 1
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == len(mail.outbox)


def test_nobody_hears_of_what_they_did_themselves():
    journey = journeys.declared()
    read_log()
    assert not Notice.objects.filter(person=journey.cast.olive, kind="review.facts_taken").exists()


def test_the_next_signers_hear_that_it_is_their_turn():
    journey = journeys.signing()
    read_log()
    waiting = Notice.objects.filter(kind="review.step_signed", must_act=True)
    assert {notice.person for notice in waiting} == {journey.cast.leo, journey.cast.petra}


def test_changes_are_asked_of_the_owner_and_the_mail_does_not_repeat_the_reason():
    journey = journeys.answered()
    request_changes(review=journey.review, by=journey.cast.rita, reason="The salary data are missing.")
    read_log()
    run_all_due()
    notice = Notice.objects.get(person=journey.cast.olive, kind="review.changes_requested")
    assert notice.must_act
    assert not any("salary" in message.body for message in mail.outbox)


def test_a_new_version_opens_a_review_at_once_and_tells_owner_and_legal():
    journey = journeys.approved()
    read_log()
    run_all_due()
    mail.outbox.clear()
    _sheet, review = choose_version(
        component=journey.component,
        raw_model_id="meta-llama/Llama-4-Scout-17B-16E-Instruct",
        version=LlamaVersion.objects.get(slug="llama-4"),
        by=journey.cast.olive,
    )
    assert review is not None
    assert journey.fresh().state == "approved", "the approval of the old version stays what it was"
    read_log()
    run_all_due()
    assert any("Llama 4" in subject for subject in mailboxes()["rita"])


def test_a_rollout_without_approval_is_told_to_owner_and_legal_at_once():
    journey = journeys.declared()
    record_checked_rollout(
        component=journey.component,
        deployment=journey.production,
        version=journey.review.version,
        raw_model_id=journeys.MODEL,
        effective_at=timezone.now(),
        by=journey.cast.olive,
    )
    read_log()
    told = set(Notice.objects.filter(kind="rollout.unapproved").values_list("person__name", flat=True))
    assert {"Rita Reviewer", "Leo Lawyer"} <= told


def test_reminders_go_out_before_and_after_the_due_day_once_each_and_stop_when_it_is_done():
    journey = journeys.declared()
    due = timezone.now() + timedelta(days=(journey.review.due_on - company_day(timezone.now())).days)
    for days in (-2, -2, 0, 0, 1, 3):
        remind(due + timedelta(days=days))
    stages = [
        notice.key.rsplit(":", 1)[1]
        for notice in Notice.objects.filter(person=journey.cast.rita, kind="reminder").order_by("pk")
    ]
    assert stages == ["2-before", "due", "1-after", "3-after"]
    journeys.approved(journey)
    before = Notice.objects.filter(kind="reminder").count()
    remind(due + timedelta(days=14))
    assert Notice.objects.filter(kind="reminder").count() == before


def test_a_reminder_whose_cause_is_gone_is_not_mailed():
    journey = journeys.declared()
    remind(timezone.now() + timedelta(days=9))
    journeys.approved(journey)
    run_all_due()
    skipped = Mail.objects.filter(notice__kind="reminder", notice__person=journey.cast.rita)
    assert {row.skipped for row in skipped} == {"done before the mail went out"}


def test_a_crash_between_hand_over_and_confirmation_never_mails_twice():
    journeys.declared()
    read_log()
    row = Mail.objects.select_related("notice").first()
    assert row is not None
    Mail.objects.filter(pk=row.pk).update(handed_over_at=timezone.now())
    send(row.notice_id)
    row.refresh_from_db()
    assert row.sent_at is None
    assert "unclear" in row.skipped
    assert mail.outbox == []


def test_a_crash_while_reading_the_log_loses_nothing_and_doubles_nothing():
    journeys.declared()
    read_log()
    first = Notice.objects.count()
    Cursor.objects.update(sequence=0)  # as if the cursor's commit had been lost
    read_log()
    assert Notice.objects.count() == first


def test_a_counsels_note_reaches_no_mail():
    journey = journeys.declared()
    write_counsel_note(review=journey.review, text="zebra", by=journey.cast.rita)
    read_log()
    run_all_due()
    assert mail.outbox
    assert not any("zebra" in f"{message.body} {message.subject}" for message in mail.outbox)


def test_an_approval_with_conditions_says_what_the_gate_waits_for():
    journey = journeys.signing()
    journeys.sign(journey, "attribution_owner", journey.cast.petra)  # nobody saw the display: due before go-live
    journeys.sign(journey, "approver", journey.cast.leo)
    read_log()
    notice = Notice.objects.get(person=journey.cast.olive, kind="review.approved")
    (condition,) = journey.fresh().conditions.all()
    assert notice.title.startswith("Approved with conditions: ")
    assert notice.text == f"The gate denies production until {condition.reference} is recorded as met."


def test_an_approval_without_conditions_says_just_that():
    journey = journeys.approved()
    read_log()
    notice = Notice.objects.get(person=journey.cast.olive, kind="review.approved")
    assert notice.title.startswith("Approved: ")
    assert notice.text == ""
