"""What a pipeline hears, before and after each thing that happens to an approval."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from deployments.actions.environments import add_deployment, set_gate_mode
from deployments.actions.sheets import save_product_answers
from deployments.models import ModelSheet
from deployments.queries import declaration_statement
from foundation.accounts.actions import issue_token, revoke_token
from foundation.accounts.company_day import company_day
from gate.models import GateAnswer
from reviews.actions.conditions import add_condition, meet_condition
from reviews.actions.declare_facts import declare_facts
from reviews.actions.moves import reinstate, revoke, suspend
from reviews.actions.scope import set_scope
from tests import journeys
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def approved():
    return journeys.approved()


def token(journey, **extra) -> str:
    issued = issue_token(
        by=journey.cast.adam,
        name="pipeline",
        scopes=["gate:check"],
        expires_at=timezone.now() + timedelta(days=9),
        **extra,
    )
    return issued.clear


def ask(journey, clear: str, *, environment: str = "Production US", model: str = journeys.MODEL, product: str = ""):
    answer = Client().post(
        "/api/v1/gate/check",
        json.dumps({"product": product or journey.product.reference, "environment": environment, "model": model}),
        content_type="application/json",
        headers={"authorization": f"Bearer {clear}"},
    )
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_pending_while_the_review_is_open_and_allow_once_it_is_approved():
    journey = journeys.signing()
    clear = token(journey)
    before = ask(journey, clear)
    assert (before["decision"], before["proceed"], before["review"]) == ("pending", False, journey.review.reference)
    journeys.seen(journey)
    journeys.sign(journey, "attribution_owner", journey.cast.petra)
    journeys.sign(journey, "approver", journey.cast.leo)
    after = ask(journey, clear)
    assert (after["decision"], after["proceed"]) == ("allow", True)
    assert after["expires_at"] is not None


def test_suspended_reinstated_revoked(approved):
    clear = token(approved)
    suspend(review=approved.review, by=approved.cast.leo, reason="An incident.")
    denied = ask(approved, clear)
    assert denied["decision"] == "deny"
    assert "An incident." in " ".join(denied["reasons"])
    reinstate(review=approved.fresh(), by=approved.cast.leo, reason="Solved.")
    assert ask(approved, clear)["decision"] == "allow"
    revoke(review=approved.fresh(), by=approved.cast.leo, reason="For good.")
    assert ask(approved, clear)["decision"] == "deny"


def test_another_environment_or_model_is_out_of_scope(approved):
    add_deployment(product=approved.product, name="Production EU", is_production=True, by=approved.cast.olive)
    clear = token(approved)
    assert "outside the scope" in " ".join(ask(approved, clear, environment="production eu")["reasons"])
    assert ask(approved, clear, model="meta-llama/Llama-3.1-70B-Instruct")["decision"] == "deny"
    assert ask(approved, clear, environment="Nowhere")["decision"] == "deny"
    assert ask(approved, clear, product="PRD-99999")["decision"] == "deny"
    assert ask(approved, clear, product="not a reference")["decision"] == "deny"


def test_a_material_change_that_is_declared_makes_it_stale_and_says_which(approved):
    clear = token(approved)
    save_product_answers(
        product=approved.product, answers={**journeys.PRODUCT_ANSWERS, "audience": ["public"]}, by=approved.cast.olive
    )
    assert ask(approved, clear)["decision"] == "allow", "a draft is the owner's; only a declaration counts"
    sheet = ModelSheet.objects.get(pk=approved.sheet.pk)
    statement = declaration_statement(sheet)
    declare_facts(
        sheet=sheet,
        by=approved.cast.olive,
        session_key=journeys.VISIT,
        password=PASSWORD,
        statement_digest=statement.digest,
    )
    answer = ask(approved, clear)
    assert answer["decision"] == "pending"
    assert any("Who receives it" in reason for reason in answer["reasons"])


def test_it_ends_with_its_last_day():
    journey = journeys.seen(journeys.signing())
    today = company_day(timezone.now())
    set_scope(
        review=journey.fresh(),
        deployments=[journey.production],
        use="Support",
        countries=["US"],
        valid_from=today - timedelta(days=400),
        valid_until=today - timedelta(days=2),
        by=journey.cast.leo,
    )
    journeys.sign(journey, "attribution_owner", journey.cast.petra)
    journeys.sign(journey, "approver", journey.cast.leo)
    answer = ask(journey, token(journey))
    assert answer["decision"] == "deny"
    assert "ended on" in " ".join(answer["reasons"])


def test_a_condition_before_go_live_holds_the_gate_until_it_is_met():
    journey = journeys.seen(journeys.signing())
    condition = add_condition(
        review=journey.fresh(), kind="before_go_live", text="Age check.", owner=journey.cast.petra, by=journey.cast.leo
    )
    journeys.sign(journey, "attribution_owner", journey.cast.petra)
    journeys.sign(journey, "approver", journey.cast.leo)
    clear = token(journey)
    assert "Age check." in " ".join(ask(journey, clear)["reasons"])
    meet_condition(condition=condition, by=journey.cast.petra, note="Shown in release 8.")
    assert ask(journey, clear)["decision"] == "allow"


def test_observe_mode_lets_through_and_says_what_it_would_have_said(approved):
    clear = token(approved)
    suspend(review=approved.review, by=approved.cast.leo, reason="An incident.")
    set_gate_mode(deployment=approved.production, gate_mode="observe", by=approved.cast.adam, reason="Trial")
    answer = ask(approved, clear)
    assert (answer["decision"], answer["proceed"], answer["mode"]) == ("deny", True, "observe")


def test_a_token_of_another_team_knows_nothing_of_the_product(approved):
    answer = ask(approved, token(approved, team=approved.cast.other_team))
    assert answer["decision"] == "deny"
    assert approved.review.reference not in json.dumps(answer)


def test_without_a_good_token_there_is_no_answer(approved):
    issued = issue_token(
        by=approved.cast.adam,
        name="old",
        scopes=["gate:check"],
        expires_at=timezone.now() + timedelta(days=1),
    )
    revoke_token(by=approved.cast.adam, token=issued.token)
    body = json.dumps({"product": "PRD-00001", "environment": "Production US", "model": "x"})
    for header in ({}, {"authorization": "Bearer nonsense"}, {"authorization": f"Bearer {issued.clear}"}):
        answer = Client().post("/api/v1/gate/check", body, content_type="application/json", headers=header)
        assert answer.status_code == 401
    assert GateAnswer.objects.count() == 0


def test_a_question_that_is_not_one_is_refused_with_what_is_wrong(approved):
    answer = Client().post(
        "/api/v1/gate/check",
        json.dumps({"product": approved.product.reference}),
        content_type="application/json",
        headers={"authorization": f"Bearer {token(approved)}"},
    )
    assert answer.status_code == 422
    assert "environment" in answer.content.decode()


def test_every_answer_is_kept_and_costs_a_fixed_number_of_queries(approved, django_assert_max_num_queries):
    clear = token(approved)
    ask(approved, clear)
    with django_assert_max_num_queries(10):
        ask(approved, clear)
    assert list(GateAnswer.objects.values_list("decision", flat=True)) == ["allow", "allow"]
