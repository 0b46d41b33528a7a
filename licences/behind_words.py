"""What pages say of terms that are behind the text: the duties by name, and where they are corrected. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from licences.behind import clauses_uncited, duties_behind, items_behind
from licences.terms import Terms
from licences.words import OBLIGATION_TITLES


@dataclass(frozen=True)
class WhatIsBehind:
    """For templates/licences/_behind.html."""

    duties: list[tuple[str, tuple[str, ...]]]  # each with its clauses that read otherwise
    items: list[str]  # clauses of the policy's items
    uncited: tuple[str, ...]  # clauses that no term speaks of
    compared: bool  # whether the text that the terms were written for is here
    file: str  # of the catalogue


def what_is_behind(terms: Terms) -> WhatIsBehind | None:
    """None where the terms were written for the words that they stand beside."""
    if not terms.behind:
        return None
    return WhatIsBehind(
        duties=[(str(OBLIGATION_TITLES.get(one.kind, one.key)), found) for one, found in duties_behind(terms)],
        items=[item.clause for item in items_behind(terms)],
        uncited=clauses_uncited(terms),
        compared=bool(terms.behind.clauses),
        file=f"licences/catalogue/{terms.slug}.toml",
    )
