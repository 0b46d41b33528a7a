"""A review that is read in three queries is the row that Django would load, with its neighbours."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from reviews.actions.answer_check import answer_check
from reviews.actions.conditions import add_condition
from reviews.actions.moves import request_changes
from reviews.policies import read_known
from reviews.reading import (
    checks_of,
    conditions_of,
    deployments_of,
    entities_of,
    put_previous,
    read_review,
    steps_of,
)
from tests import journeys

pytestmark = pytest.mark.django_db

NEIGHBOURS = ("version", "licensee", "declaration", "sheet", "component", "agreement", "aup")


def columns(row: Model | None) -> dict[str, object] | None:
    """Every column of a row; what was left out is read now."""
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields} if row else None


def test_it_is_the_row_with_its_neighbours_in_three_queries():
    review = journeys.approved().review
    with CaptureQueriesContext(connection) as captured:
        found = read_review(review.pk)
        assert found is not None
        assert found.product.owner.name == "Olive Owner"
        assert [getattr(found, name) is not None for name in NEIGHBOURS] == [True] * len(NEIGHBOURS)
        assert found.agreement is not None and found.agreement.version.name
    assert len(captured) == 3
    assert columns(found) == columns(review)
    for name in NEIGHBOURS:
        assert columns(getattr(found, name)) == columns(getattr(review, name)), name
    assert columns(found.product) == columns(review.product)


def test_a_review_that_waits_for_facts_has_neither_declaration_nor_texts():
    found = read_review(journeys.registered().review.pk)
    assert found is not None
    assert [found.declaration, found.agreement, found.aup] == [None, None, None]


def test_there_is_no_review_with_a_key_that_nobody_has():
    assert read_review(0) is None


def test_the_review_approved_last_comes_with_its_version_and_texts():
    journey = journeys.approved()
    before = journey.fresh()
    again = journeys.declared(journeys.reviewed_again(journey)).fresh()
    assert again.previous_id == before.pk
    found = read_review(again.pk)
    assert found is not None
    put_previous(found)
    with CaptureQueriesContext(connection) as captured:
        assert found.previous is not None
        assert found.previous.decided_at == before.decided_at
        assert found.previous.version.name == "Llama 3.1"
        assert found.previous.agreement is not None and found.previous.aup is not None
    assert len(captured) == 0
    assert found.previous.pk == before.pk


def test_checks_come_with_their_positions_and_conditions_with_their_owners():
    journey = journeys.declared()
    answer_check(
        review=journey.review,
        number=2,
        answer="position_taken",
        reasoning="Arguable.",
        reading="A reading",
        residual_risk="A risk",
        by=journey.cast.rita,
    )
    made = add_condition(
        review=journey.review, kind="before_go_live", text="Show it.", owner=journey.cast.petra, by=journey.cast.rita
    )
    first, second = checks_of(journey.review)[:2]
    assert (first.has_position, first.answered_by_reference, first.answer_in_words) == (False, None, "")
    assert (second.reading, second.residual_risk) == ("A reading", "A risk")
    assert (second.answered_by_reference, second.answered_by_name) == (journey.cast.rita.reference, "Rita Reviewer")
    [condition] = conditions_of(journey.review)
    assert (condition.reference, condition.owner_reference) == (made.reference, journey.cast.petra.reference)


def test_the_scope_comes_in_the_order_of_keys():
    journey = journeys.declared()
    review = journey.fresh()
    review.scope_entities.set([journey.bv, journey.inc])
    assert [one.reference for one in entities_of(review)] == [journey.inc.reference, journey.bv.reference]
    assert [one.name for one in deployments_of(review)] == ["Production US"]


def test_steps_of_earlier_rounds_are_told_apart_from_those_of_this_one():
    journey = journeys.signing()
    request_changes(review=journey.review, by=journey.cast.rita, reason="Say more.")
    journeys.declare_now(journey)
    review = journey.fresh()
    assert {(step.round, step.key) for step in steps_of(review) if step.signed} == {(1, "reviewer")}
    known = read_known(journey.cast.rita, review)
    assert {step.round for step in known.steps} == {2}
    assert not any(step.signed for step in known.steps)
