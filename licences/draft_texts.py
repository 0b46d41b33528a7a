"""The texts of a version's draft as pages show them: against those of the nearest version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from licences.document import ShownClause, names_folded, shown_files
from licences.models import TextKind, VersionDraft
from licences.queries import current_text


def redline_of(draft: VersionDraft, kind: TextKind) -> tuple[ShownClause, ...]:
    """Every clause of one text of the draft, as differences from the nearest version's current one."""
    before = current_text(draft.based_on, kind)
    names = names_folded(draft.name, draft.based_on.name, draft.slug, draft.based_on.slug)
    return shown_files(kind.value, file_of(draft, kind), before.sha256 if before else "", names)


def file_of(draft: VersionDraft, kind: TextKind) -> str:
    """The SHA-256 of the draft's text of this kind."""
    return str(draft.agreement_id if kind == TextKind.AGREEMENT else draft.aup_id)


def clauses_cited(draft: VersionDraft, citations: Iterable[str], gone: Iterable[str] = ()) -> list[ShownClause]:
    """What the citations ("LICENSE 1.b", "AUP 2.a") point to, each with all that stands under it.

    `gone` are citations of the nearest version that the new texts have no longer. Citations of clauses that are in
    neither text bring nothing.
    """
    here, before = tuple(citations), tuple(gone)
    found = []
    for kind in TextKind:
        for clause in redline_of(draft, kind):
            removed = clause.kind == "removed"
            place = clause.id.removesuffix(" removed") if removed else clause.id
            if _is_cited(place, before if removed else here):
                found.append(clause)
    return found


def citations_lost(draft: VersionDraft, citations: Iterable[str]) -> list[str]:
    """Those of the citations that neither text of the draft has a clause for."""
    there = {clause.id for kind in TextKind for clause in redline_of(draft, kind) if clause.kind != "removed"}
    return [one for one in citations if one not in there]


def in_order_of_policy(draft: VersionDraft, items: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Items of the policy (catalogue rows with an "id") in the order of the draft's policy; others at the end."""
    places = {clause.id: place for place, clause in enumerate(redline_of(draft, TextKind.AUP))}
    return sorted(items, key=lambda item: places.get(f"AUP {item['id']}", len(places)))


def _is_cited(place: str, citations: Iterable[str]) -> bool:
    return any(place == one or place.startswith(f"{one}.") for one in citations)
