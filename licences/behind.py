"""How far the terms of a version are behind the text that is relied on: which of their clauses read otherwise. Pure.

Terms are written for one text of each document, the catalogue's primary one. A lawyer may accept another with other
words. Until somebody corrects the terms, what they say of a clause that changed may be out of date, and whoever reads
it is told so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from licences.redline import ClausePair

if TYPE_CHECKING:
    from licences.terms import AupItem, Obligation, Terms


@dataclass(frozen=True)
class Behind:
    """What the terms were not written for; empty where the words relied on are those that they were written for."""

    clauses: tuple[str, ...] = ()  # "LICENSE 2": new, gone, moved, or with other words
    documents: tuple[str, ...] = ()  # "LICENSE", "AUP": other words, and what they are held against is not here

    def __bool__(self) -> bool:
        return bool(self.clauses or self.documents)

    def of(self, cited: Iterable[str]) -> tuple[str, ...]:
        """Those of these citations that read otherwise, or may; a change below a clause is one of the clause."""
        return tuple(one for one in cited if self._in_an_unread(one) or any(_is_in(it, one) for it in self.clauses))

    def _in_an_unread(self, citation: str) -> bool:
        return citation.partition(" ")[0] in self.documents


UP_TO_DATE = Behind()


def reworded(document: str, pairs: Sequence[ClausePair]) -> tuple[str, ...]:
    """The clauses that are not word for word those that the terms were written for, as these cite them.

    Within one version a date or an address counts as well: the month of the users test rests on the header's date.
    """
    found = []
    for pair in pairs:
        if pair.old and pair.new and pair.words_equal and pair.old.id == pair.new.id:
            continue
        present = pair.old or pair.new
        assert present is not None
        found.append(f"{document} {present.id}")
    return tuple(dict.fromkeys(found))


def duties_behind(terms: Terms) -> list[tuple[Obligation, tuple[str, ...]]]:
    """The duties whose clauses read otherwise, each with these clauses."""
    return [(one, found) for one in terms.obligations if (found := terms.behind.of(one.clauses))]


def items_behind(terms: Terms) -> list[AupItem]:
    """The policy items whose clause reads otherwise. What changed in an item below is that item's own."""
    own = {item.clause for item in terms.aup_items}
    touched = {_nearest(clause, own) for clause in terms.behind.clauses}
    return [item for item in terms.aup_items if item.clause in touched or "AUP" in terms.behind.documents]


def clauses_uncited(terms: Terms) -> tuple[str, ...]:
    """Clauses that read otherwise, or are new, and that no duty and no item cites: what follows from them?"""
    cited = {one for duty in terms.obligations for one in duty.clauses} | {item.clause for item in terms.aup_items}
    return tuple(clause for clause in terms.behind.clauses if _nearest(clause, cited) is None)


def _nearest(clause: str, among: Iterable[str]) -> str | None:
    """The deepest of these that is the clause, or that the clause stands in."""
    return max((one for one in among if _is_in(clause, one)), key=len, default=None)


def _is_in(clause: str, above: str) -> bool:
    return clause == above or clause.startswith(f"{above}.")
