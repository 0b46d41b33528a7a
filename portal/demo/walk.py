"""The steps of a review, taken as people take them on the pages. Each looks first whether it was taken already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from deployments.actions.observations import record_attribution_sighting
from deployments.models import Deployment, ModelSheet, Observation, Rollout
from deployments.queries.facts import declaration_statement
from foundation.accounts.company_day import company_day
from foundation.accounts.models import User
from portal.demo.people import PASSWORD, Cast
from reviews.actions.answer_check import answer_check
from reviews.actions.conditions import add_condition
from reviews.actions.declare_facts import declare_facts
from reviews.actions.record_rollout import record_checked_rollout
from reviews.actions.scope import set_scope
from reviews.actions.sign_step import prepare_statement, sign_step
from reviews.models import Review
from reviews.states import State

VISIT = "visit of the demo seed"  # a proof is bound to a visit; these signatures are made in one that no browser holds


@dataclass(frozen=True)
class Answer:
    """A reviewer's answer to one check."""

    answer: str
    reasoning: str
    clauses: tuple[str, ...]
    reading: str = ""
    residual_risk: str = ""


def days_ago(days: int) -> date:
    """A day in the past, where the company keeps its clock."""
    return company_day(timezone.now()) - timedelta(days=days)


def latest_review(sheet: ModelSheet) -> Review:
    """The newest review of this sheet: choosing a version has opened one."""
    return Review.objects.filter(sheet=sheet).order_by("-pk")[:1].get()


def declare(sheet: ModelSheet, by: User) -> Review:
    """The owner signs the declaration of both sheets as they stand."""
    review = latest_review(sheet)
    if review.state != State.FACTS_NEEDED:
        return review
    return declare_again(sheet, by)


def declare_again(sheet: ModelSheet, by: User) -> Review:
    """Declare also where nothing waits for it: facts changed after an approval, and this opens the next review."""
    sheet = ModelSheet.objects.select_related("component__product__sheet", "version").get(pk=sheet.pk)
    statement = declaration_statement(sheet)
    return declare_facts(sheet=sheet, by=by, session_key=VISIT, password=PASSWORD, statement_digest=statement.digest)


def answer(review: Review, by: User, answers: Mapping[int, Answer]) -> None:
    """The reviewer answers these checks. What is answered stays as it is."""
    if _fresh(review).state != State.IN_REVIEW:
        return
    answered = set(review.checks.exclude(answer="").values_list("number", flat=True))
    for number, one in answers.items():
        if number in answered:
            continue
        answer_check(
            review=review,
            number=number,
            answer=one.answer,
            reasoning=one.reasoning,
            clauses=list(one.clauses),
            reading=one.reading,
            residual_risk=one.residual_risk,
            by=by,
        )


def approve_from(review: Review, by: User, valid_from: date, valid_until: date | None = None) -> None:
    """Set the dates of the approval; the rest of the proposed scope stays."""
    now = _fresh(review)
    if now.state != State.IN_REVIEW:
        return
    set_scope(
        review=now,
        deployments=list(now.scope_deployments.all()),
        use=now.scope_use,
        countries=now.scope_countries,
        valid_from=valid_from,
        valid_until=valid_until or valid_from + timedelta(days=settings.APPROVAL_DAYS),
        by=by,
    )


def demand(review: Review, by: User, *, kind: str, text: str, owner: User, due_on: date | None = None) -> None:
    """Set a condition."""
    if _fresh(review).state == State.IN_REVIEW and not review.conditions.filter(text=text).exists():
        add_condition(review=review, kind=kind, text=text, owner=owner, by=by, due_on=due_on)


def sign_all(review: Review, cast: Cast, *, reviewer: User) -> Review:
    """Everybody whom the plan asks for signs; the last signature approves."""
    signers = {
        "reviewer": reviewer,
        "attribution_owner": cast["petra"],
        "risk_owner": cast["ravi"],
        "approver": cast["leo"],
    }
    for key, person in signers.items():
        _sign(_fresh(review), key, person)
    return _fresh(review)


def see(sheet: ModelSheet, by: User, *, text: str, address: str, deployment: Deployment | None = None) -> None:
    """Somebody looks for the attribution, and finds it."""
    if not Observation.objects.filter(component=sheet.component, kind="attribution", text=text).exists():
        record_attribution_sighting(
            component=sheet.component,
            observed_on=days_ago(1),
            seen=True,
            text=text,
            address=address,
            deployment=deployment,
            by=by,
        )


def roll_out(sheet: ModelSheet, environment: str, by: User, *, days: int, running: bool = True, note: str = "") -> None:
    """Record that this model runs, or stopped, in an environment since so many days ago."""
    deployment = Deployment.objects.get(product=sheet.component.product, name=environment)
    same = Rollout.objects.filter(
        component=sheet.component, deployment=deployment, raw_model_id=sheet.raw_model_id, running=running
    )
    if same.exists():
        return
    record_checked_rollout(
        component=sheet.component,
        deployment=deployment,
        version=sheet.version,
        raw_model_id=sheet.raw_model_id,
        effective_at=datetime.combine(days_ago(days), time(9, 30), ZoneInfo(settings.COMPANY_TIME_ZONE)),
        running=running,
        note=note,
        by=by,
    )


def roll_out_to(sheet: ModelSheet, by: User, days_by_environment: Iterable[tuple[str, int]]) -> None:
    """Record several rollouts."""
    for environment, days in days_by_environment:
        roll_out(sheet, environment, by, days=days)


def _sign(review: Review, step_key: str, by: User) -> None:
    step = review.steps.filter(round=review.round, key=step_key).first()
    if step is None or hasattr(step, "sign_off"):
        return
    statement = prepare_statement(review=review, step_key=step_key, by=by)
    sign_step(
        review=review,
        step_key=step_key,
        by=by,
        session_key=VISIT,
        password=PASSWORD,
        statement_digest=statement.digest,
        parts_shown=statement.parts_shown,
    )


def _fresh(review: Review) -> Review:
    return Review.objects.select_related("component__product", "version", "sheet", "licensee").get(pk=review.pk)
