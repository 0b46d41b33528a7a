"""What a comparison amounts to, in words: what changes for whom, and which clauses of both documents changed. Pure.

Sentences come from the terms of the two versions (comparison_points.py), items from the policy; every clause that
changed in what none of them tells gets a sentence too, so nothing that the redline shows is missing at the top. That a
sentence cites a clause is not enough: the month of the users test tells nothing of what section 2 says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licences.comparison_points import Citation, Point, Whom, points_of_terms
from licences.normalise import fold_version, straighten
from licences.redline import ClausePair, PairKind
from licences.terms import AupItem, Terms
from licences.words import OBLIGATION_TITLES

__all__ = ["ChangedClause", "Citation", "Point", "Summary", "Whom", "changed_clauses", "summarise"]

WHOM_TITLES = {
    Whom.EU: gettext_lazy("Licensees based in the European Union"),
    Whom.EVERYBODY: gettext_lazy("Every licensee"),
    Whom.TRAINERS: gettext_lazy("Whoever trains or improves models"),
    Whom.DISTRIBUTORS: gettext_lazy("Whoever distributes or makes available"),
    Whom.LARGE: gettext_lazy("Large groups: the users test"),
}
EU_CLAUSE = "eu-multimodal"
Pairs = Mapping[str, Sequence[ClausePair]]  # by document: LICENSE, AUP; one that is not imported is left out


@dataclass(frozen=True)
class ChangedClause:
    """A clause that was added, removed or moved, or says something else."""

    id: str  # 1.b.v
    kind: PairKind
    reworded: bool
    was: str  # where a moved clause stood
    anchor: str  # where the comparison shows it: "LICENSE 1.b.v", with "removed" behind it where the number is taken


@dataclass(frozen=True)
class Summary:
    """The whole of it. `changed` has an entry for each document whose clauses could be compared."""

    points: tuple[Point, ...]
    changed: Mapping[str, tuple[ChangedClause, ...]]

    @property
    def groups(self) -> list[tuple[str, list[Point]]]:
        """The points by whom they concern; nobody without one."""
        by_whom = [(title, [one for one in self.points if one.whom == whom]) for whom, title in WHOM_TITLES.items()]
        return [(str(title), points) for title, points in by_whom if points]


def summarise(old: Terms, new: Terms, pairs: Pairs) -> Summary:
    """What changes from one version to the other."""
    eu = next((one for one in pairs.get("AUP", ()) if one.new and one.new.id == EU_CLAUSE), None)
    points = [*points_of_terms(old, new, bool(eu and eu.old and eu.substance_equal)), *_items(old, new, pairs)]
    points += _left_over(old, new, pairs, points)
    return Summary(
        tuple(_marked(one, new, pairs) for one in points),
        {document: changed_clauses(document, matched) for document, matched in pairs.items()},
    )


def changed_clauses(document: str, matched: Sequence[ClausePair]) -> tuple[ChangedClause, ...]:
    """The clauses of one document that differ by more than names, addresses and dates."""
    taken = {pair.new.id for pair in matched if pair.new}
    return tuple(
        ChangedClause(
            id=pair.id,
            kind=pair.kind,
            reworded=not pair.substance_equal and pair.old is not None and pair.new is not None,
            was=pair.old.id if pair.old and pair.kind == PairKind.MOVED else "",
            anchor=f"{document} {pair.id}" + (" removed" if pair.new is None and pair.id in taken else ""),
        )
        for pair in matched
        if _differs(pair)
    )


def _differs(pair: ClausePair) -> bool:
    return pair.kind != PairKind.SAME


# --- items of the policy ------------------------------------------------------------------------------------------


def _items(old: Terms, new: Terms, pairs: Pairs) -> Iterator[Point]:
    """Items that came, went, or are about something else."""
    before = {one.id: one for one in old.aup_items}
    was = {pair.new.id: pair.old.id if pair.old else "" for pair in pairs.get("AUP", ()) if pair.new}
    met = set()
    for item in new.aup_items:
        partner = before.get(was.get(item.id, item.id))
        if partner is None:
            words = _("New item of the policy: %(subject)s.") % {"subject": item.subject}
            yield Point(Whom.EVERYBODY, words, (Citation(new.slug, item.clause),))
            continue
        met.add(partner.id)
        if partner.subject != item.subject:
            words = _("Reworded item of the policy, in our words. Now: %(now)s. Before: %(before)s.")
            cites = (Citation(new.slug, item.clause), Citation(old.slug, partner.clause))
            yield Point(Whom.EVERYBODY, words % {"now": item.subject, "before": partner.subject}, cites)
    for item in old.aup_items:
        if item.id not in met:
            words = _("No longer an item of the policy: %(subject)s.") % {"subject": item.subject}
            yield Point(Whom.EVERYBODY, words, (Citation(old.slug, item.clause),))


# --- clauses that no sentence above is about ----------------------------------------------------------------------


def _left_over(old: Terms, new: Terms, pairs: Pairs, points: Sequence[Point]) -> list[Point]:
    names = _names_folded(old, new)
    found = []
    for document, matched in pairs.items():
        for pair in matched:
            cites = tuple(
                Citation(terms.slug, f"{document} {clause.id}")
                for terms, clause in ((new, pair.new), (old, pair.old))
                if clause is not None
            )
            about = [point for point in points if not set(cites).isdisjoint(point.cites)]
            if _differs(pair) and not _is_told(pair, about, names):
                titles = _titles(new if pair.new else old, cites[0].clause)
                found.append(Point(Whom.EVERYBODY, _about(pair, titles, partly_told=bool(about)), cites))
    return found


def _names_folded(old: Terms, new: Terms) -> tuple[str, ...]:
    """The names that make no difference between two clauses, as for the redline."""
    names = {name for terms in (old, new) for name in (terms.slug, terms.name, f"Meta {terms.name}")}
    return tuple(sorted(names))


def _is_told(pair: ClausePair, about: Iterable[Point], names: tuple[str, ...]) -> bool:
    """Whether the sentences that cite a clause tell what happened to it."""
    told = [point.values for point in about]
    if None in told:
        return True
    if pair.old is None or pair.new is None or pair.substance_equal:
        return False  # a value says nothing of a clause that came, went or stands elsewhere
    values = [value for values in told for value in values or ()]
    before, now = ([straighten(value[side]) for value in values] for side in (0, 1))
    return _without(before, pair.old.words, names) == _without(now, pair.new.words, names)


def _without(values: Sequence[str], words: str, names: tuple[str, ...]) -> str:
    """The substance of a clause without these values, each of which leaves its number behind."""
    for number in sorted(range(len(values)), key=lambda one: -len(values[one])):
        if values[number]:
            words = words.replace(values[number], f"{{value {number}}}")
    return fold_version(words, names)


def _about(pair: ClausePair, titles: str, *, partly_told: bool) -> str:
    """What happened to a clause of which the catalogue says the same for both versions, or less than changed."""
    if pair.old is None:
        words = _("New clause: %(subject)s.")
    elif pair.new is None:
        words = _("Clause gone: %(subject)s.")
    elif pair.substance_equal:
        words = _("Same words in another place: %(subject)s.")
    elif partly_told and titles:
        words = _("Reworded in more than our sentences tell: %(subject)s. Judge by the redline.")
    elif partly_told:
        words = _("Reworded in more than our sentences tell. Judge by the redline.")
    elif titles:
        words = _("Reworded, while our summary stays the same: %(subject)s. Judge by the redline.")
    else:
        words = _("Reworded: %(subject)s. Judge by the redline.")
    return words % {"subject": titles or _("a clause that none of our summaries is about")}


def _titles(terms: Terms, clause: str) -> str:
    """How we call the duties that rest on a clause, or what the item of the policy is about."""
    document, _blank, clause_id = clause.partition(" ")
    item: AupItem | None = terms.item(clause_id) if document == "AUP" else None
    if item is not None:
        return item.subject
    above = {clause[:end] for end, mark in enumerate(clause) if mark == "."} | {clause}
    kinds = dict.fromkeys(one.kind for one in terms.obligations if not above.isdisjoint(one.clauses))
    return "; ".join(str(OBLIGATION_TITLES.get(kind, kind)) for kind in kinds)


def _marked(point: Point, new: Terms, pairs: Pairs) -> Point:
    """The point, marked where the clauses that it cites say the same in both versions."""
    by_clause = {f"{document} {one.new.id}": one for document, all_of in pairs.items() for one in all_of if one.new}
    here = [by_clause.get(one.clause) for one in point.cites if one.version == new.slug]
    return replace(point, same_words=bool(here) and all(one is not None and not _differs(one) for one in here))
