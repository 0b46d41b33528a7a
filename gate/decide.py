"""May this version go out? Pure: facts in, decision and every reason out. It fails closed (rule 8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _


class Decision(StrEnum):
    ALLOW = "allow"
    DENY = "deny"
    PENDING = "pending"


@dataclass(frozen=True)
class ApprovalFacts:
    """One approval of the component on this version: its standing and whether the deployment is in its scope."""

    review: str
    standing: str  # of reviews.standing.Standing
    lets_out: bool  # into this deployment: what must hold before go-live binds production alone
    reasons: Sequence[str]
    covers_deployment: bool
    covers_model: bool
    valid_until: datetime


@dataclass(frozen=True)
class ReviewFacts:
    """The newest review of the component on this version that left no approval in force."""

    reference: str
    state: str  # of reviews.states.State
    state_label: str
    is_open: bool


@dataclass(frozen=True)
class ComponentFacts:
    """One component of the product that names the model asked about."""

    name: str
    version: str | None  # the name of the Llama version; None while nobody has resolved the model name
    approvals: Sequence[ApprovalFacts]
    review: ReviewFacts | None


@dataclass(frozen=True)
class Answer:
    """The gate's words. `review` is the one to open next, or the one that allows."""

    decision: Decision
    reasons: tuple[str, ...]
    review: str = ""
    expires_at: datetime | None = None
    others: tuple[str, ...] = field(default=())  # further reviews, when several components use the model


def unknown_product(reference: str) -> Answer:
    return _deny(
        _("No product %(reference)s is known to this token. Register it, or use a token of its team.")
        % {"reference": reference}
    )


def retired_product(reference: str) -> Answer:
    return _deny(_("%(reference)s is retired: nothing of it may go out.") % {"reference": reference})


def unknown_environment(product: str, environment: str) -> Answer:
    return _deny(
        _("%(product)s has no environment “%(environment)s”. Add it to the product, then have it reviewed.")
        % {"product": product, "environment": environment}
    )


def unknown_model(product: str, model: str) -> Answer:
    return _deny(
        _("No component of %(product)s names the model “%(model)s”. Choose it for a component: that opens its review.")
        % {"product": product, "model": model}
    )


def decide(components: Sequence[ComponentFacts]) -> Answer:
    """Every component that runs the model must be covered; deny beats pending, pending beats allow."""
    answers = [_decide_one(component) for component in components]
    order = (Decision.DENY, Decision.PENDING, Decision.ALLOW)
    worst = min(answers, key=lambda answer: order.index(answer.decision))
    same = [answer for answer in answers if answer.decision == worst.decision]
    expiries = [answer.expires_at for answer in answers if answer.expires_at is not None]
    return Answer(
        worst.decision,
        tuple(reason for answer in same for reason in answer.reasons),
        worst.review,
        min(expiries) if worst.decision == Decision.ALLOW and expiries else None,
        tuple(answer.review for answer in answers if answer.review and answer.review != worst.review),
    )


def _decide_one(component: ComponentFacts) -> Answer:
    if component.version is None:
        return _deny(
            _("The model of component “%(name)s” has no Llama version yet. Confirm one: that opens its review.")
            % {"name": component.name}
        )
    covering = [one for one in component.approvals if one.covers_deployment and one.covers_model]
    for approval in covering:
        if approval.lets_out:
            words = {"review": approval.review, "version": component.version}
            return Answer(
                Decision.ALLOW,
                (_("%(review)s approves this on %(version)s.") % words, *_not_yet_in_production(approval)),
                approval.review,
                approval.valid_until,
            )
    reasons = _why_not(component, covering)
    review = component.review
    if review is not None and review.is_open:
        words = {"review": review.reference, "state": review.state_label}
        return Answer(Decision.PENDING, (*reasons, _("%(review)s is open: %(state)s.") % words), review.reference)
    told = {approval.review for approval in covering}  # why it holds no longer, or not yet
    if review is not None and review.reference not in told:
        words = {"review": review.reference, "state": review.state_label}
        reasons = (*reasons, _("%(review)s: %(state)s.") % words)
    return Answer(Decision.DENY, reasons, review.reference if review else (covering[0].review if covering else ""))


def _not_yet_in_production(approval: ApprovalFacts) -> list[str]:
    return [_("In production: %(reason)s") % {"reason": reason} for reason in approval.reasons]


def _why_not(component: ComponentFacts, covering: Sequence[ApprovalFacts]) -> tuple[str, ...]:
    """Every reason why no approval lets it out, nearest first."""
    found: list[str] = []
    for approval in covering:
        if approval.standing == "condition_open":
            sentence = _("%(review)s: approved with conditions; open: %(reason)s")
        else:
            sentence = _("%(review)s: %(reason)s")
        found += [sentence % {"review": approval.review, "reason": reason} for reason in approval.reasons]
    if covering:
        return tuple(found)
    for approval in component.approvals:
        if approval.standing == "superseded":
            continue
        if not approval.covers_model:
            found.append(_("%(review)s approves another model than this one.") % {"review": approval.review})
        if not approval.covers_deployment:
            found.append(_("This environment is outside the scope of %(review)s.") % {"review": approval.review})
    if not found:
        words = {"version": component.version, "name": component.name}
        found.append(_("Nothing is approved for component “%(name)s” on %(version)s.") % words)
    return tuple(found)


def _deny(reason: str) -> Answer:
    return Answer(Decision.DENY, (reason,))
