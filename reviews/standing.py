"""Where an approval stands now: in force, or why not. Expiry and staleness are computed on read, never stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.translation import gettext as _

from deployments.models import Approval, ApprovalState, Declaration
from deployments.queries.facts import NewestDeclarations, newest_declarations, same_shared_part
from foundation.accounts.company_day import company_day
from foundation.accounts.models import Membership
from foundation.accounts.queries import holding_on_day
from foundation.accounts.roles import Role
from foundation.reads import Among, Read
from reviews.models import ROLES_THAT_OWN_CONDITIONS, Condition, ConditionKind
from reviews.what_holds import NAMES_BEHIND, Moved, has_come, moved_since_approval, words_behind_moved


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
    """The standing, with every reason in a sentence."""

    approval: Approval
    standing: Standing
    reasons: list[str] = field(default_factory=list)
    facts_moved: bool = False  # stale for its facts; otherwise only for a text
    only_before_go_live: bool = False  # the conditions that are open bind production alone

    @property
    def in_force(self) -> bool:
        return self.standing == Standing.IN_FORCE

    def lets_out(self, *, production: bool) -> bool:
        """Whether it lets anything out: in force, or waiting only for what must hold before go-live elsewhere."""
        return self.in_force or (
            self.standing == Standing.CONDITION_OPEN and self.only_before_go_live and not production
        )


def standing_of(approval: Approval, now: datetime) -> ApprovalStanding:
    """The standing of one approval; two queries when nothing changed since it was signed, and one more for texts
    behind the model."""
    return standings_of([approval], now)[approval.pk]


@dataclass(frozen=True)
class Ground:
    """What holds now of what an approval rests on; when it is all as signed, nothing needs to be compared."""

    newest: NewestDeclarations
    licensee_facts_revision: int
    texts_are_current: bool
    facts_with_behind: str = ""  # what was signed, where versions stand behind the model: their texts may move too


def standings_of(
    approvals: Iterable[Approval], now: datetime, *, grounds: Mapping[int, Ground] | None = None
) -> dict[int, ApprovalStanding]:
    """The standings of many approvals by key; queries grow only with those that something changed for.

    `grounds`, by approval, spares the reads to whoever has read them already.
    """
    rows = list(approvals)
    grounds = _grounds_of(rows) if grounds is None else grounds
    conditions = _conditions_of(rows, now)
    today = company_day(now)
    declared_since = _declared_something_else(rows, grounds)
    words_moved = words_behind_moved({row.pk: grounds[row.pk].facts_with_behind for row in rows})
    # Compared in full only where something was written since, or a day came on which a fact of the licensee begins or
    # ends: saving without a change never makes it stale.
    moved = moved_since_approval(
        {
            row.pk: grounds[row.pk].newest
            for row in rows
            if row.pk in declared_since | words_moved or not _rests_on_the_same(row, grounds[row.pk], today)
        },
        today,
    )
    return {row.pk: _standing(row, now, moved.get(row.pk), conditions.get(row.review_reference, [])) for row in rows}


def _grounds_of(approvals: list[Approval]) -> dict[int, Ground]:
    newest = newest_declarations({row.sheet_id for row in approvals})
    return {
        row.pk: Ground(
            newest[row.sheet_id],
            row.licensee.facts_revision,
            row.agreement.is_current and row.aup.is_current,
            row.facts if NAMES_BEHIND in row.facts else "",
        )
        for row in approvals
    }


def _conditions_of(approvals: list[Approval], now: datetime) -> dict[str, list[Condition]]:
    """The conditions of the reviews that set some, by reference; no query where none did."""
    reviews = [int(row.review_reference.partition("-")[2]) for row in approvals if row.with_conditions]
    found: dict[str, list[Condition]] = {}
    if reviews:
        set_there = Condition.objects.filter(review__in=reviews).select_related("review")
        for condition in _with_role_of_owner(set_there, now):
            found.setdefault(condition.review.reference, []).append(condition)
    return found


def _with_role_of_owner(conditions: QuerySet[Condition], now: datetime) -> QuerySet[Condition, Any]:
    """Each with the role in which its owner answers for it: who to ask, without a name."""
    of_team = Q(team=None) | Q(team=OuterRef("review__component__product__team"))
    held = Membership.objects.filter(of_team, holding_on_day(now), person=OuterRef("owner")).order_by("pk")
    owns = Q(owner=F("review__component__product__owner"))
    return conditions.annotate(
        role_of_owner=Case(
            When(owns, then=Value(Role.PRODUCT_OWNER.value)),
            default=Subquery(held.filter(role__in=ROLES_THAT_OWN_CONDITIONS).values("role")[:1]),
        )
    )


_DOCUMENTS = Read(
    lambda key, document: (key, document),
    lambda: Declaration.objects.filter(Among("pk", "declarations")).order_by().values_list("pk", "document"),
)


def _declared_something_else(approvals: list[Approval], grounds: Mapping[int, Ground]) -> set[int]:
    """Approvals whose own sheet was declared again, or whose product was declared otherwise for another component.

    One query, and only where a later declaration was made for another component.
    """
    again = {row.pk for row in approvals if grounds[row.pk].newest.own != row.declaration_id}
    elsewhere = {
        row.pk: (row.declaration_id, grounds[row.pk].newest.of_product)
        for row in approvals
        if row.pk not in again and grounds[row.pk].newest.of_product != row.declaration_id
    }
    if not elsewhere:
        return again
    documents = dict(_DOCUMENTS(declarations=list({key for pair in elsewhere.values() for key in pair})))
    return again | {
        key for key, (own, other) in elsewhere.items() if not same_shared_part(documents[own], documents[other])
    }


def _rests_on_the_same(approval: Approval, ground: Ground, today: date) -> bool:
    """Whether neither a fact of the licensee nor a text was written since, and no day of such a fact has come."""
    return (
        ground.texts_are_current
        and ground.licensee_facts_revision == approval.licensee_facts_revision
        and not has_come(approval.licensee_facts_change_on, today)
    )


def _standing(
    approval: Approval,
    now: datetime,
    moved: Moved | None,
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
    if moved is not None:
        return ApprovalStanding(approval, Standing.STALE, moved.reasons, facts_moved=moved.facts_moved)
    waiting = open_conditions(conditions, company_day(now))
    if waiting:
        later = all(one.kind == ConditionKind.BEFORE_GO_LIVE for one, _sentence in waiting)
        sentences = [sentence for _one, sentence in waiting]
        return ApprovalStanding(approval, Standing.CONDITION_OPEN, sentences, only_before_go_live=later)
    return ApprovalStanding(approval, Standing.IN_FORCE)


def open_conditions(conditions: Iterable[Condition], today: date) -> list[tuple[Condition, str]]:
    """The conditions that hold the gate, each with a sentence that says why."""
    return [(one, why) for one in conditions if (why := _why_open(one, today))]


def _why_open(condition: Condition, today: date) -> str:
    words = {"reference": condition.reference, "text": condition.text, "role": _role_of_owner(condition)}
    if condition.kind == ConditionKind.CONTINUOUS:
        return (
            _("%(reference)s must hold continuously and is broken (%(role)s): %(text)s") % words
            if condition.breached
            else ""
        )
    if condition.met_at is not None:
        return ""
    if condition.kind == ConditionKind.BEFORE_GO_LIVE:
        return _("%(reference)s must hold before go-live (%(role)s): %(text)s") % words
    if condition.due_on is not None and condition.due_on < today:
        words["date"] = condition.due_on.isoformat()
        return _("%(reference)s was due on %(date)s (%(role)s): %(text)s") % words
    return ""


def _role_of_owner(condition: Condition) -> str:
    role = getattr(condition, "role_of_owner", None)
    return str(Role(role).label).lower() if role else _("its owner has no role here any more")


def _day(instant: datetime) -> str:
    return company_day(instant).isoformat()


def _last_day(approval: Approval) -> str:
    return _day(approval.valid_until - timedelta(seconds=1))
