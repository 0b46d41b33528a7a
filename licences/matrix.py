"""Every duty and every item of a policy, one row each, over all versions: what one adds, drops or words anew. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import groupby

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from licences.behind import items_behind
from licences.obligation_kinds import OBLIGATION_KINDS
from licences.side_by_side import eu_paragraph
from licences.terms import AupItem, Obligation, Terms
from licences.words import OBLIGATION_TITLES, parameter_in_words

EU_PARAGRAPH = "eu-multimodal"  # the kind whose words catch other models in every version
ROMAN = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")


@dataclass(frozen=True)
class Effect:
    """What follows for one version from words that others share."""

    version: str  # name
    words: str
    note: str  # of the catalogue


@dataclass(frozen=True)
class MatrixCell:
    """What some versions in a row say alike. `changed` is against the version before; nothing changes in the first.

    What says the same may still do something else, for a version has other models: `effects` tells that for each.
    """

    versions: tuple[str, ...]  # names
    slug: str  # of the newest of them: where its clauses are read
    present: bool
    clauses: tuple[str, ...] = ()
    words: tuple[str, ...] = ()  # values that the text gives, such as the display
    summary: str = ""  # in our words
    changed: str = ""  # "added", "removed" or "reworded"
    effects: tuple[Effect, ...] = ()
    behind: tuple[str, ...] = ()  # of its clauses, those that read otherwise than when this was written

    @property
    def other_effect(self) -> bool:
        """Whether the same words do not come to the same for all of these versions."""
        return len({effect.words for effect in self.effects}) > 1

    @property
    def reach(self) -> str:
        """Which versions these are, in a few words."""
        return self.versions[0] if len(self.versions) == 1 else f"{self.versions[0]} – {self.versions[-1]}"


@dataclass(frozen=True)
class MatrixRow:
    """One obligation or item of the policy, with a cell for each run of versions that say the same."""

    key: str
    title: str
    cells: tuple[MatrixCell, ...]

    @property
    def changes(self) -> bool:
        """Whether any version differs from the one before it, in its words or in what they come to."""
        return any(cell.changed or cell.other_effect for cell in self.cells)

    @property
    def is_behind(self) -> bool:
        """Whether the text of any version was reworded since."""
        return any(cell.behind for cell in self.cells)


def obligation_rows(every: Sequence[Terms]) -> list[MatrixRow]:
    """One row for each obligation that one of these versions has; `every` is in order of release."""
    keys = {one.key: one.kind for terms in every for one in terms.obligations}
    order = list(OBLIGATION_KINDS)
    return [
        MatrixRow(key, str(OBLIGATION_TITLES.get(keys[key], key)), _cells(every, partial(_duty, key), keys[key]))
        for key in sorted(keys, key=lambda one: order.index(keys[one]))
    ]


def policy_rows(every: Sequence[Terms]) -> list[MatrixRow]:
    """One row for each item of the policies, by its id."""
    ids = {item.id: None for terms in every for item in terms.aup_items}
    return [MatrixRow(key, "", _cells(every, partial(_item, key))) for key in sorted(ids, key=_place)]


@dataclass(frozen=True)
class _Said:
    """What one version says of a row, before it is held against the others."""

    clauses: tuple[str, ...]
    words: tuple[str, ...]
    summary: str
    behind: tuple[str, ...] = ()


def _cells(every: Sequence[Terms], read: Callable[[Terms], _Said | None], kind: str = "") -> tuple[MatrixCell, ...]:
    cells: list[MatrixCell] = []
    before: _Said | None = None
    for said, alike in groupby(every, read):
        run = list(alike)
        changed = _change(before, said) if cells else ""
        names, slug = tuple(terms.name for terms in run), run[-1].slug
        if said is None:
            cells.append(MatrixCell(names, slug, present=False, changed=changed))
        else:
            effects = tuple(_eu_effect(terms) for terms in run) if kind == EU_PARAGRAPH else ()
            here = MatrixCell(names, slug, True, said.clauses, said.words, said.summary, changed, effects, said.behind)
            cells.append(here)
        before = said
    return tuple(cells)


def _change(before: _Said | None, said: _Said | None) -> str:
    if before is None or said is None:
        return "added" if said else "removed"
    return "" if (before.words, before.summary) == (said.words, said.summary) else "reworded"


def _eu_effect(terms: Terms) -> Effect:
    """Which models of a version the paragraph catches: its words are the same where there is none."""
    seen = date_format(date.fromisoformat(terms.multimodal_as_of), "j M Y")
    words = _("%(reach)s (list seen %(day)s)") % {"reach": eu_paragraph(terms).note, "day": seen}
    return Effect(terms.name, words, terms.eu_note)


def _duty(key: str, terms: Terms) -> _Said | None:
    duty: Obligation | None = next((one for one in terms.obligations if one.key == key), None)
    if duty is None:
        return None
    words = tuple(filter(None, (parameter_in_words(name, value) for name, value in duty.parameters.items())))
    return _Said(duty.clauses, words, duty.summary, terms.behind.of(duty.clauses))


def _item(key: str, terms: Terms) -> _Said | None:
    item: AupItem | None = next((one for one in terms.aup_items if one.id == key), None)
    if item is None:
        return None
    return _Said((item.clause,), (), item.subject, (item.clause,) if item in items_behind(terms) else ())


def _place(item_id: str) -> tuple[int, str, int]:
    """Where an item such as 1.a.iv stands: a number, a letter, a small Roman number."""
    number, letter, roman = (*item_id.split("."), "", "")[:3]
    return int(number), letter, ROMAN.index(roman)
