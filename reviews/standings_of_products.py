"""Where the approvals of what products run stand, for pages that show one product or many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS

from deployments.models import Approval, ApprovalState
from deployments.queries import NewestDeclarations, newest_declarations_of
from foundation.reads import Among, Read
from reviews.standing import ApprovalStanding, Ground, standings_of

# What a standing reads of an approval while nothing changed since; a comparison in full loads the others then.
_OF_APPROVAL = [
    field.attname
    for field in Approval._meta.concrete_fields
    if field.name
    in {
        "id",
        "review_reference",
        "component",
        "version",
        "sheet",
        "declaration",
        "licensee",
        "licensee_facts_revision",
        "agreement",
        "aup",
        "raw_model_id",
        "with_conditions",
        "state",
        "state_reason",
        "valid_from",
        "valid_until",
    }
]


class _Approved(NamedTuple):
    """An approval, once for each deployment that it covers, with what now holds of what it rests on."""

    deployment: int | None
    licensee_facts_revision: int
    agreement_is_current: bool
    aup_is_current: bool
    approval: Approval

    @classmethod
    def of(cls, *cells: Any) -> _Approved:
        deployment, revision, agreement, aup, *rest = cells
        return cls(deployment, revision, agreement, aup, Approval.from_db(DEFAULT_DB_ALIAS, _OF_APPROVAL, rest))

    def ground(self, newest: Mapping[int, NewestDeclarations]) -> Ground:
        texts = self.agreement_is_current and self.aup_is_current
        return Ground(newest[self.approval.sheet_id], self.licensee_facts_revision, texts)


_APPROVALS = Read(
    _Approved.of,
    lambda: (
        Approval.objects.filter(Among("component__product", "products"))
        .exclude(state=ApprovalState.SUPERSEDED)
        .order_by("-decided_at", "-pk")
        .values_list(
            "deployments", "licensee__facts_revision", "agreement__is_current", "aup__is_current", *_OF_APPROVAL
        )
    ),
)


class Standings(NamedTuple):
    """The standings of some approvals by component, newest first, and which deployments each approval covers."""

    by_component: dict[int, list[ApprovalStanding]]
    covers: set[tuple[int, int]]  # approval, deployment


def standings_in(products: list[int], components: Iterable[int], now: datetime) -> Standings:
    """The standings for these components of these products. Two queries when nothing changed since they were signed."""
    wanted = set(components)
    return _standings([row for row in _read(products, wanted) if row.approval.component_id in wanted], products, now)


def standings_of_sheets(sheets: Iterable[int], *, product: int, now: datetime) -> Standings:
    """The standings for these model sheets of one product: what is approved of other versions is not even compared."""
    wanted = set(sheets)
    return _standings([row for row in _read([product], wanted) if row.approval.sheet_id in wanted], [product], now)


def _read(products: list[int], wanted: set[int]) -> list[_Approved]:
    return _APPROVALS(products=products) if wanted else []


def _standings(rows: list[_Approved], products: list[int], now: datetime) -> Standings:
    if not rows:
        return Standings({}, set())
    newest = newest_declarations_of(products)
    standings = standings_of(
        {row.approval.pk: row.approval for row in rows}.values(),
        now,
        grounds={row.approval.pk: row.ground(newest) for row in rows},
    )
    found: dict[int, list[ApprovalStanding]] = {}
    for standing in standings.values():
        found.setdefault(standing.approval.component_id, []).append(standing)
    return Standings(found, {(row.approval.pk, row.deployment) for row in rows if row.deployment is not None})
