"""Where an approval stands now: in force, or why not. Expiry and staleness are computed on read, never stored."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db.models import Max
from django.utils.translation import gettext as _

from deployments.models import Approval, ApprovalState, Declaration
from foundation.accounts.company_day import company_day
from licences.models import LicenceText
from reviews.examined import examine
from reviews.models import Condition, ConditionKind
from reviews.staleness import SignedFor, reasons


class Standing(StrEnum):
    IN_FORCE = "in_force"
    NOT_YET = "not_yet_valid"
    EXPIRED = "expired"
    STALE = "stale"
    CONDITION_OPEN = "condition_open"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    TERMINATED = "terminated"
    SUPERSEDED = "superseded"


_STATES = {
    ApprovalState.SUSPENDED: Standing.SUSPENDED,
    ApprovalState.REVOKED: Standing.REVOKED,
    ApprovalState.TERMINATED: Standing.TERMINATED,
    ApprovalState.SUPERSEDED: Standing.SUPERSEDED,
}


@dataclass(frozen=True)
class ApprovalStanding:
    """The standing, with every reason in a sentence. `in_force` is the only one that lets anything out."""

    approval: Approval
    standing: Standing
    reasons: list[str] = field(default_factory=list)

    @property
    def in_force(self) -> bool:
        return self.standing == Standing.IN_FORCE


def standing_of(approval: Approval, now: datetime) -> ApprovalStanding:
    """The standing of one approval; two queries when nothing changed since it was signed."""
    return standings_of([approval], now)[approval.pk]


def standings_of(approvals: Iterable[Approval], now: datetime) -> dict[int, ApprovalStanding]:
    """The standings of many approvals by key; queries grow only with those that something changed for."""
    rows = list(approvals)
    sheets = {row.sheet_id for row in rows}
    latest = dict(Declaration.objects.filter(sheet__in=sheets).values_list("sheet").annotate(Max("pk")))
    current = set(
        LicenceText.objects.filter(is_current=True, version__in={row.version_id for row in rows})
        .order_by()  # the default order joins the version
        .values_list("pk", flat=True)
    )
    conditions: dict[str, list[Condition]] = {}
    for condition in Condition.objects.filter(
        review__in=[int(row.review_reference.partition("-")[2]) for row in rows if row.with_conditions]
    ).select_related("review"):
        conditions.setdefault(condition.review.reference, []).append(condition)
    return {
        row.pk: _standing(row, now, latest.get(row.sheet_id), current, conditions.get(row.review_reference, []))
        for row in rows
    }


def _standing(
    approval: Approval,
    now: datetime,
    latest_declaration: int | None,
    current_texts: set[int],
    conditions: list[Condition],
) -> ApprovalStanding:
    if approval.state in _STATES:
        word = ApprovalState(approval.state).label
        return ApprovalStanding(approval, _STATES[ApprovalState(approval.state)], [f"{word}: {approval.state_reason}"])
    if now < approval.valid_from:
        return ApprovalStanding(
            approval, Standing.NOT_YET, [_("The approval begins on %(date)s.") % {"date": _day(approval.valid_from)}]
        )
    if now >= approval.valid_until:
        return ApprovalStanding(
            approval, Standing.EXPIRED, [_("The approval ended on %(date)s.") % {"date": _last_day(approval)}]
        )
    stale = _why_stale(approval, latest_declaration, current_texts)
    if stale:
        return ApprovalStanding(approval, Standing.STALE, stale)
    waiting = open_conditions(conditions, company_day(now))
    if waiting:
        return ApprovalStanding(approval, Standing.CONDITION_OPEN, waiting)
    return ApprovalStanding(approval, Standing.IN_FORCE)


def _why_stale(approval: Approval, latest_declaration: int | None, current_texts: set[int]) -> list[str]:
    """Compare in full only when a newer declaration, a newer entity fact or another current text exists."""
    untouched = (
        latest_declaration == approval.declaration_id
        and approval.licensee.facts_revision == approval.licensee_facts_revision
        and {approval.agreement_id, approval.aup_id} <= current_texts
    )
    if untouched:
        return []
    newest = (
        Declaration.objects.filter(sheet=approval.sheet_id)
        .order_by("-revision")
        .select_related("sheet__component__product")
        .first()
    )
    assert newest is not None
    now = examine(newest, approval.version, approval.licensee).signed_for
    signed = SignedFor(json.loads(approval.facts), approval.agreement.words_digest, approval.aup.words_digest)
    return reasons(signed, now)


def open_conditions(conditions: Iterable[Condition], today: date) -> list[str]:
    """The conditions that hold the gate, one sentence each."""
    found = []
    for condition in conditions:
        words = {"reference": condition.reference, "text": condition.text}
        if condition.kind == ConditionKind.CONTINUOUS:
            if condition.breached:
                found.append(_("%(reference)s is broken: %(text)s") % words)
        elif condition.met_at is None:
            if condition.kind == ConditionKind.BEFORE_GO_LIVE:
                found.append(_("%(reference)s must hold before go-live: %(text)s") % words)
            elif condition.due_on is not None and condition.due_on < today:
                found.append(
                    _("%(reference)s was due on %(date)s: %(text)s") % {**words, "date": condition.due_on.isoformat()}
                )
    return found


def _day(instant: datetime) -> str:
    return company_day(instant).isoformat()


def _last_day(approval: Approval) -> str:
    return _day(approval.valid_until - timedelta(seconds=1))
