"""What the product's page shows of this room: its reviews, and where the approvals of what runs stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS

from deployments.models import Approval, ApprovalState, Product
from deployments.queries import NewestDeclarations, newest_declarations_of
from foundation.reads import Given, Read
from reviews.models import Review
from reviews.standing import ApprovalStanding, Ground, standings_of
from reviews.states import OPEN_STATES, State

_REASONS = dict(Review._meta.get_field("reason").flatchoices)


class ReviewLine(NamedTuple):
    """A review, as a line."""

    pk: int
    component_id: int
    component: str
    version_id: int
    version: str
    state: str
    reason: str
    due_on: date
    decided_at: datetime | None

    @property
    def reference(self) -> str:
        return Review.reference_of(self.pk)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def state_in_words(self) -> str:
        return str(State(self.state).label)

    @property
    def reason_in_words(self) -> str:
        return str(_REASONS[self.reason])


_REVIEWS = Read(
    ReviewLine,
    lambda: (
        Review.objects.filter(component__product=Given("product"))
        .order_by("-pk")
        .values_list(
            "pk",
            "component",
            "component__name",
            "version",
            "version__name",
            "state",
            "reason",
            "due_on",
            "decided_at",
        )
    ),
)


def reviews_of(product: Product) -> list[ReviewLine]:
    """Every review of a product, newest first. One query."""
    return _REVIEWS(product=product.pk)


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
        Approval.objects.filter(component__product=Given("product"))
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


def standings_in(product: Product, components: Iterable[int], now: datetime) -> Standings:
    """The standings for these components of a product. Two queries when nothing changed since they were signed."""
    wanted = set(components)
    if not wanted:
        return Standings({}, set())
    rows = [row for row in _APPROVALS(product=product.pk) if row.approval.component_id in wanted]
    newest = newest_declarations_of(product)
    standings = standings_of(
        {row.approval.pk: row.approval for row in rows}.values(),
        now,
        grounds={row.approval.pk: row.ground(newest) for row in rows},
    )
    found: dict[int, list[ApprovalStanding]] = {}
    for standing in standings.values():
        found.setdefault(standing.approval.component_id, []).append(standing)
    return Standings(found, {(row.approval.pk, row.deployment) for row in rows if row.deployment is not None})
