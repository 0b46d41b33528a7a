"""The gate's decision, without a database: every way to be refused, and the one way to be let through."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gate.decide import (
    ApprovalFacts,
    ComponentFacts,
    Decision,
    ReviewFacts,
    decide,
    retired_product,
    unknown_environment,
    unknown_model,
    unknown_product,
)

UNTIL = datetime(2027, 1, 1, tzinfo=UTC)


def approval(
    standing: str = "in_force", *, deployment: bool = True, model: bool = True, reasons=(), lets_out: bool = False
) -> ApprovalFacts:
    return ApprovalFacts(
        review="REV-00001",
        standing=standing,
        lets_out=lets_out or standing == "in_force",
        reasons=list(reasons),
        covers_deployment=deployment,
        covers_model=model,
        valid_until=UNTIL,
    )


def component(*approvals: ApprovalFacts, review: ReviewFacts | None = None, version: str | None = "Llama 3.1"):
    return ComponentFacts("Chat model", version, approvals, review)


OPEN = ReviewFacts("REV-00002", "in_review", "In review", True)
REJECTED = ReviewFacts("REV-00003", "rejected", "Rejected", False)


def test_an_approval_in_force_that_covers_both_allows_until_it_ends():
    answer = decide([component(approval())])
    assert (answer.decision, answer.review, answer.expires_at) == (Decision.ALLOW, "REV-00001", UNTIL)


@pytest.mark.parametrize(
    ("facts", "decision", "words"),
    [
        (component(approval("expired", reasons=["The approval ended."])), "deny", "The approval ended."),
        (component(approval("stale", reasons=["The audience changed."])), "deny", "The audience changed."),
        (component(approval("condition_open", reasons=["CND-1 must hold."])), "deny", "CND-1 must hold."),
        (component(approval("suspended", reasons=["Suspended: incident."])), "deny", "Suspended: incident."),
        (component(approval("not_yet_valid", reasons=["It begins later."])), "deny", "It begins later."),
        (component(approval(deployment=False)), "deny", "outside the scope of REV-00001"),
        (component(approval(model=False)), "deny", "another model"),
        (component(), "deny", "Nothing is approved"),
        (component(version=None), "deny", "no Llama version yet"),
        (component(review=OPEN), "pending", "REV-00002 is open"),
        (component(approval("expired", reasons=["Ended."]), review=OPEN), "pending", "Ended."),
        (component(review=REJECTED), "deny", "REV-00003: Rejected"),
    ],
)
def test_everything_else_is_refused_with_its_reason(facts, decision, words):
    answer = decide([facts])
    assert answer.decision == decision
    assert any(words in reason for reason in answer.reasons), answer.reasons
    assert answer.expires_at is None


def test_what_must_hold_before_go_live_is_said_where_it_does_not_bind_yet():
    waiting = approval("condition_open", reasons=["CND-1 must hold before go-live."], lets_out=True)
    answer = decide([component(waiting)])
    assert answer.decision == Decision.ALLOW
    assert answer.reasons[-1] == "In production: CND-1 must hold before go-live."


def test_a_review_that_was_approved_is_not_named_again_beside_what_is_open():
    waiting = approval("condition_open", reasons=["CND-1 must hold before go-live."])
    approved = ReviewFacts("REV-00001", "approved_with_conditions", "Approved with conditions", False)
    answer = decide([component(waiting, review=approved)])
    assert answer.reasons == ("REV-00001: approved with conditions; open: CND-1 must hold before go-live.",)
    assert answer.review == "REV-00001"


def test_every_component_that_runs_the_model_must_be_covered():
    covered, open_one, bare = component(approval()), component(review=OPEN), component()
    assert decide([covered, covered]).decision == Decision.ALLOW
    assert decide([covered, open_one]).decision == Decision.PENDING
    assert decide([covered, open_one, bare]).decision == Decision.DENY


def test_an_approval_of_another_version_or_scope_never_helps_beside_one_that_is_superseded():
    answer = decide([component(approval("superseded"), approval("expired", reasons=["Ended."]))])
    assert answer.decision == Decision.DENY


@pytest.mark.parametrize(
    "answer",
    [
        unknown_product("PRD-1"),
        retired_product("PRD-1"),
        unknown_environment("PRD-1", "Moon"),
        unknown_model("PRD-1", "x"),
    ],
)
def test_what_is_unknown_is_denied_and_says_what_to_do(answer):
    assert answer.decision == Decision.DENY
    assert answer.reasons
