"""Signing: who may, what it covers, and what the last signature leaves behind."""

from __future__ import annotations

import json

import pytest

from deployments.actions.entities import record_mau
from deployments.actions.sheets import save_model_answers, save_product_answers
from deployments.models import Approval
from foundation.accounts.errors import ProofRefused
from foundation.accounts.policy import NotAllowed
from foundation.audit.queries import events_for
from foundation.jobs.models import Job
from reviews.actions.answer_check import answer_check
from reviews.actions.conditions import add_condition
from reviews.actions.declare_facts import reexamine
from reviews.actions.messages import write_message
from reviews.actions.moves import request_changes
from reviews.actions.sign_step import prepare_statement, sign_step
from reviews.errors import ChangedMeanwhile, ReviewError
from reviews.examined import findings_of
from reviews.models import SignOff
from reviews.statement import statement_words
from tests import journeys
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db


def test_the_last_signature_approves_and_asks_for_the_pack():
    journey = journeys.approved()
    approval = Approval.objects.get(review_reference=journey.review.reference)
    assert journey.review.state == "approved"
    assert list(approval.deployments.all()) == [journey.production]
    assert approval.facts_digest == journey.review.facts_digest
    assert Job.objects.filter(kind="evidence.build_pack", ref=journey.review.reference).count() == 1
    assert events_for(journey.review.reference).filter(kind="review.approved").count() == 1


def test_a_signature_says_who_in_which_role_what_it_means_and_what_it_covers():
    journey = journeys.signing()
    signed = SignOff.objects.get(review=journey.review)
    document = json.loads(signed.document)
    assert (signed.signer_name, signed.role, signed.method) == ("Rita Reviewer", "legal_reviewer", "password")
    assert "These answers are mine" in signed.statement
    assert set(document["covers"]) == {"facts", "agreement", "aup", "findings", "answers"}
    assert document["covers"]["facts"] == journey.fresh().facts_digest
    assert "Rita" not in signed.document, "the signed document holds a commitment to the name, not the name"


def test_the_owner_signs_no_step_even_with_every_role():
    from foundation.accounts.actions import grant_role
    from foundation.accounts.queries import forget_memberships
    from tests.cast import SYSTEM

    journey = journeys.answered()
    olive = journey.cast.olive
    for role in ("legal_reviewer", "legal_approver", "attribution_owner"):
        grant_role(by=SYSTEM, person=olive, role=role, team=None)
    forget_memberships(olive)
    with pytest.raises(NotAllowed, match="declared or edited"):
        journeys.sign(journey, "reviewer", olive)


def test_nobody_signs_two_steps_of_one_review():
    from foundation.accounts.actions import grant_role
    from foundation.accounts.queries import forget_memberships
    from tests.cast import SYSTEM

    journey = journeys.signing()
    grant_role(by=SYSTEM, person=journey.cast.rita, role="legal_approver", team=None)
    forget_memberships(journey.cast.rita)
    with pytest.raises(NotAllowed, match="nobody signs two"):
        journeys.sign(journey, "approver", journey.cast.rita)


def test_the_approver_waits_for_the_reviewer():
    journey = journeys.answered()
    with pytest.raises(NotAllowed):
        journeys.sign(journey, "approver", journey.cast.leo)


def test_a_wrong_password_signs_nothing():
    journey = journeys.answered()
    statement = prepare_statement(review=journey.fresh(), step_key="reviewer", by=journey.cast.rita)
    with pytest.raises(ProofRefused):
        sign_step(
            review=journey.fresh(),
            step_key="reviewer",
            by=journey.cast.rita,
            session_key=journeys.VISIT,
            password="not the password",
            statement_digest=statement.digest,
        )
    assert not SignOff.objects.exists()


def test_a_page_that_was_overtaken_cannot_sign_and_hears_what_changed():
    journey = journeys.signing()
    shown = prepare_statement(review=journey.fresh(), step_key="approver", by=journey.cast.leo)
    add_condition(
        review=journey.review,
        kind="before_go_live",
        text="Show the display.",
        owner=journey.cast.petra,
        by=journey.cast.leo,
    )
    with pytest.raises(ChangedMeanwhile) as refused:
        sign_step(
            review=journey.fresh(),
            step_key="approver",
            by=journey.cast.leo,
            session_key=journeys.VISIT,
            password=PASSWORD,
            statement_digest=shown.digest,
            parts_shown=shown.parts_shown,
        )
    assert refused.value.differences == ["The conditions changed."]
    assert not SignOff.objects.filter(step__key="approver").exists()


def test_a_message_never_touches_what_is_signed():
    journey = journeys.signing()
    before = prepare_statement(review=journey.fresh(), step_key="approver", by=journey.cast.leo).digest
    write_message(review=journey.review, kind="remark", text="Looks fine.", by=journey.cast.rita)
    assert prepare_statement(review=journey.fresh(), step_key="approver", by=journey.cast.leo).digest == before


def test_facts_of_the_entity_that_changed_stop_every_signature_until_taken_again():
    journey = journeys.signing()
    record_mau(
        entity=journey.inc,
        month="2024-06",
        figure=700_000_001,
        counted_how="Recount",
        source="BI",
        by=journey.cast.rita,
    )
    with pytest.raises(ChangedMeanwhile) as refused:
        journeys.sign(journey, "approver", journey.cast.leo)
    assert any("Monthly active users" in line for line in refused.value.differences)
    taken = reexamine(review=journey.fresh(), by=journey.cast.rita, why="recount")
    assert (taken.state, taken.round) == ("in_review", 2)


def test_an_unknown_fact_blocks_the_signature_and_says_what_is_missing():
    journey = journeys.declared(attribution_places=["unknown"])
    for number in range(1, 6):
        answer_check(review=journey.review, number=number, answer="met", reasoning="Seen.", by=journey.cast.rita)
    with pytest.raises(ReviewError, match="Unknown"):
        journeys.sign(journey, "reviewer", journey.cast.rita)


def test_an_unseen_display_becomes_a_condition_before_go_live():
    journey = journeys.signing()
    journeys.sign(journey, "attribution_owner", journey.cast.petra)
    journeys.sign(journey, "approver", journey.cast.leo)
    review = journey.fresh()
    assert review.state == "approved_with_conditions"
    assert [(one.kind, one.owner) for one in review.conditions.all()] == [("before_go_live", journey.cast.petra)]


def test_asking_for_changes_opens_a_new_round_and_keeps_the_old_signatures():
    journey = journeys.signing()
    request_changes(review=journey.review, by=journey.cast.rita, reason="Say who the customers are.")
    save_model_answers(
        sheet=journey.sheet, answers={**journey.sheet.answers, "attribution_places": ["website"]}, by=journey.cast.olive
    )
    review = journey.fresh()
    assert (review.state, review.round) == ("changes_requested", 2)
    assert SignOff.objects.filter(review=review, round=1).count() == 1


def test_where_the_reviewer_says_that_no_display_is_due_nobody_answers_for_one():
    """Purely internal use: the text leaves the display to judgement, and the reviewer's answer settles it."""
    journey = journeys.registered()
    journeys.answered_facts(journey, attribution_places=["none"])
    save_product_answers(product=journey.product, answers={"audience": ["employees"]}, by=journey.cast.olive)
    journeys.declare_now(journey)
    assert any(one["key"] == "display" and one["status"] == "legal_judgement" for one in findings_of(journey.fresh()))
    journeys.answered(journey)
    answer_check(
        review=journey.review,
        number=3,
        answer="not_applicable",
        reasoning="Nobody outside the company sees the product.",
        by=journey.cast.rita,
    )
    journeys.sign(journey, "reviewer", journey.cast.rita)
    assert set(journey.fresh().steps.values_list("key", flat=True)) == {"reviewer", "approver"}
    journeys.sign(journey, "approver", journey.cast.leo)
    assert (journey.fresh().state, journey.fresh().conditions.count()) == ("approved", 0)


def test_a_statement_ends_with_one_full_stop():
    assert statement_words("risk_owner", entity="Norrbro B.V.").endswith("for Norrbro B.V.")
    assert statement_words("risk_owner", entity="Norrbro Inc").endswith("for Norrbro Inc.")
    assert "for Norrbro B.V. This is" in statement_words("approver", entity="Norrbro B.V.")
