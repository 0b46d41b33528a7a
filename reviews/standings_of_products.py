"""Where the approvals of what products run stand, for pages that show one product or many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Case, F, TextField, Value, When

from deployments.models import Approval, ApprovalState
from deployments.queries import NewestDeclarations, newest_declarations_of
from foundation.reads import Among, Read
from reviews.standing import ApprovalStanding, Ground, standings_of
from reviews.what_holds import NAMES_BEHIND

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
        "licensee_facts_change_on",
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
_KEY = _OF_APPROVAL.index("id")


def _approvals(column: str) -> Read[Any]:
    """Approvals by the keys in this column, each once for each deployment that it covers. First come the deployment
    and what now holds of what the approval rests on, then its own columns."""
    return Read(
        lambda *cells: cells,
        lambda: (
            Approval.objects.filter(Among(column, "keys"))
            .exclude(state=ApprovalState.SUPERSEDED)
            .order_by("-decided_at", "-pk")
            .annotate(
                behind=Case(
                    When(facts__contains=NAMES_BEHIND, then=F("facts")), default=Value("", output_field=TextField())
                )
            )
            .values_list(
                "deployments",
                "licensee__facts_revision",
                "agreement__is_current",
                "aup__is_current",
                "behind",
                *_OF_APPROVAL,
            )
        ),
    )


_OF_COMPONENTS, _OF_SHEETS = _approvals("component"), _approvals("sheet")


class Standings(NamedTuple):
    """The standings of some approvals by component, newest first, and which deployments each approval covers."""

    by_component: dict[int, list[ApprovalStanding]]
    covers: set[tuple[int, int]]  # approval, deployment


def standings_in(
    products: list[int],
    components: Iterable[int],
    now: datetime,
    *,
    newest: Mapping[int, NewestDeclarations] | None = None,
) -> Standings:
    """The standings for these components of these products. Two queries when nothing changed since they were
    signed, and one more where versions stand behind a model.

    `newest`, by sheet, spares one of them to whoever has read the newest declarations already.
    """
    return _standings(_OF_COMPONENTS, set(components), products, now, newest)


def standings_of_sheets(sheets: Iterable[int], *, product: int, now: datetime) -> Standings:
    """The standings for these model sheets of one product: what is approved of other versions is not even compared."""
    return _standings(_OF_SHEETS, set(sheets), [product], now)


def _standings(
    read: Read[Any],
    keys: set[int],
    products: list[int],
    now: datetime,
    newest: Mapping[int, NewestDeclarations] | None = None,
) -> Standings:
    rows = read(keys=list(keys)) if keys else []
    if not rows:
        return Standings({}, set())
    newest = newest_declarations_of(products) if newest is None else newest
    approvals: dict[int, Approval] = {}
    grounds: dict[int, Ground] = {}
    covers: set[tuple[int, int]] = set()
    for deployment, revision, agreement, aup, behind, *cells in rows:
        key = cells[_KEY]
        if key not in approvals:
            approvals[key] = Approval.from_db(DEFAULT_DB_ALIAS, _OF_APPROVAL, cells)
            grounds[key] = Ground(newest[approvals[key].sheet_id], revision, agreement and aup, behind)
        if deployment is not None:
            covers.add((key, deployment))
    found: dict[int, list[ApprovalStanding]] = {}
    for standing in standings_of(approvals.values(), now, grounds=grounds).values():
        found.setdefault(standing.approval.component_id, []).append(standing)
    return Standings(found, covers)
