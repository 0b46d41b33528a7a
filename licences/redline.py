"""The legal redline: what changed between two wordings, word by word, clause by clause. Pure; no HTML here.

Two promises, held by property tests: equal + deleted is the old text, and equal + added is the new text, to the
character.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Literal

from licences.clauses import Clause

SpanKind = Literal["equal", "deleted", "added"]
Fold = Callable[[str], str]

# A blank rides in front of its word, so that blanks never decide the alignment; "3.1", "700,000" and "Meta's" are one.
TOKEN = re.compile(r"\s*(?:\w+(?:['’.,]\w+)*|[^\w\s])|\s+\Z")
BRIDGE_WORDS = 3  # an equal run up to this long between two larger changes reads better as part of one change

SAME_ID_LIKENESS = 0.3  # likeness is the share of word pairs in common: unrelated clauses stay below 0.1
OTHER_ID_LIKENESS = 0.5
LEAST_LIKENESS = 0.1


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text that stayed, went or came."""

    kind: SpanKind
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One place where the wording differs: words that went, words that came, or both."""

    number: int
    deleted: str
    added: str


class PairKind(StrEnum):
    """What happened to a clause. MOVED: found under another id; its words may have changed too."""

    SAME = "same"
    REWORDED = "reworded"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class ClausePair:
    """A clause and its counterpart. One side is missing where it was added or removed."""

    old: Clause | None
    new: Clause | None
    kind: PairKind
    words_equal: bool  # to the character
    substance_equal: bool  # once version names, addresses and dates are folded

    @property
    def id(self) -> str:
        """The id to show it by: the new one where there is one."""
        present = self.new or self.old
        assert present is not None
        return present.id

    @property
    def spans(self) -> tuple[Span, ...]:
        """The redline of the real words, never of folded ones."""
        return redline(self.old.words if self.old else "", self.new.words if self.new else "")


@functools.lru_cache(maxsize=4096)
def redline(old: str, new: str) -> tuple[Span, ...]:
    """The spans from the old wording to the new one. In a change the deleted words come before the added ones."""
    spans: list[Span] = []
    for before, after in _joined(_runs(TOKEN.findall(old), TOKEN.findall(new))):
        if before == after:
            _append(spans, "equal", before)
            continue
        shared, before, after = _shared_blank(before, after)
        _append(spans, "equal", shared)
        _append(spans, "deleted", before)
        _append(spans, "added", after)
    return tuple(spans)


def changes(spans: Iterable[Span]) -> list[Change]:
    """The changes of a redline, numbered from 1."""
    found: list[Change] = []
    deleted = ""
    for span in spans:
        if span.kind == "deleted":
            deleted = span.text
            found.append(Change(len(found) + 1, deleted, ""))
        elif span.kind == "added":
            if deleted:
                found.pop()
            found.append(Change(len(found) + 1, deleted, span.text))
            deleted = ""
        else:
            deleted = ""
    return found


def compare(old: Sequence[Clause], new: Sequence[Clause], fold: Fold | None = None) -> list[ClausePair]:
    """Match two texts clause to clause and say what happened to each, in the order of the new text.

    `fold` takes away what differs between versions without changing a rule (see normalise.fold_version); a pair that
    is equal after folding is "same", with words_equal telling whether the wording is the same too. Removed clauses
    stand where they were.
    """
    folded = fold or _as_it_is
    partners = _match(old, new, folded)
    new_partners = {j: i for i, j in partners.items()}
    removed_after: dict[int, list[Clause]] = {}
    at = -1  # the last new clause whose counterpart stood before the removed one
    for i, clause in enumerate(old):
        if i in partners:
            at = partners[i]
        else:
            removed_after.setdefault(at, []).append(clause)
    pairs = [_pair(clause, None, folded) for clause in removed_after.get(-1, [])]
    for j, clause in enumerate(new):
        pairs.append(_pair(old[new_partners[j]] if j in new_partners else None, clause, folded))
        pairs.extend(_pair(gone, None, folded) for gone in removed_after.get(j, []))
    return pairs


def summary(pairs: Iterable[ClausePair]) -> dict[str, int]:
    """How many clauses of each kind. "renamed" counts, of the same ones, those equal only apart from names, addresses
    and dates; "moved_reworded" counts, of the moved ones, those whose substance changed too."""
    counts = {kind.value: 0 for kind in PairKind} | {"renamed": 0, "moved_reworded": 0}
    for pair in pairs:
        counts[pair.kind.value] += 1
        counts["renamed"] += pair.kind is PairKind.SAME and not pair.words_equal
        counts["moved_reworded"] += pair.kind is PairKind.MOVED and not pair.substance_equal
    return counts


# --- words ----------------------------------------------------------------------------------------------------


def _append(spans: list[Span], kind: SpanKind, text: str) -> None:
    if not text:
        return
    if spans and spans[-1].kind == kind:
        text = spans.pop().text + text
    spans.append(Span(kind, text))


@dataclass(slots=True)
class _Run:
    """Tokens that are equal on both sides, or the two sides of a change."""

    old: list[str]
    new: list[str]

    @property
    def equal(self) -> bool:
        return self.old == self.new

    @property
    def size(self) -> int:
        return max(sum(map(len, self.old)), sum(map(len, self.new)))


def _runs(old: list[str], new: list[str]) -> list[_Run]:
    """The alignment. Common beginnings and ends are cut off first, so that the slow part sees only what differs."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    middle_old, middle_new = old[start : len(old) - end], new[start : len(new) - end]
    codes = SequenceMatcher(None, middle_old, middle_new, autojunk=False).get_opcodes()
    runs = [_Run(old[:start], new[:start])]
    runs += [_Run(middle_old[i1:i2], middle_new[j1:j2]) for _, i1, i2, j1, j2 in codes]
    runs.append(_Run(old[len(old) - end :], new[len(new) - end :]))
    return [run for run in runs if run.old or run.new]


def _joined(runs: list[_Run]) -> list[tuple[str, str]]:
    """Join changes over short equal runs, so that a replaced phrase reads as one; give back what both ends share."""
    done: list[_Run] = []
    for run in runs:
        done.append(run)
        while len(done) >= 3 and not done[-1].equal and done[-2].equal and not done[-3].equal:
            first, bridge, last = done[-3:]
            if len(bridge.old) > BRIDGE_WORDS or bridge.size > min(first.size, last.size):
                break
            done[-3:] = [_Run(first.old + bridge.old + last.old, first.new + bridge.new + last.new)]
    parts = [part for run in done for part in ([run] if run.equal else _trimmed(run))]
    return [("".join(part.old), "".join(part.new)) for part in parts]


def _trimmed(run: _Run) -> list[_Run]:
    """A joined change may begin or end with the same words on both sides: those did not change."""
    start = 0
    while start < min(len(run.old), len(run.new)) and run.old[start] == run.new[start]:
        start += 1
    end = 0
    while end < min(len(run.old), len(run.new)) - start and run.old[-1 - end] == run.new[-1 - end]:
        end += 1
    cut = (
        slice(0, start),
        slice(start, -end or None),
        slice(len(run.old) - end, None),
        slice(len(run.new) - end, None),
    )
    return [
        _Run(run.old[cut[0]], run.new[cut[0]]),
        _Run(run.old[cut[1]], run.new[cut[1]]),
        _Run(run.old[cut[2]], run.new[cut[3]]),
    ]


def _shared_blank(before: str, after: str) -> tuple[str, str, str]:
    """Keep a blank that both sides begin with outside the marks: “the <old><new>”, not “the< old>< new>”."""
    if before[:1] == " " and after[:1] == " ":
        return " ", before[1:], after[1:]
    return "", before, after


# --- clauses --------------------------------------------------------------------------------------------------


def _as_it_is(text: str) -> str:
    return text


def _pair(old: Clause | None, new: Clause | None, fold: Fold) -> ClausePair:
    if old is None or new is None:
        return ClausePair(old, new, PairKind.ADDED if new else PairKind.REMOVED, False, False)
    words_equal = old.words == new.words
    substance_equal = words_equal or fold(old.words) == fold(new.words)
    if old.id != new.id:
        return ClausePair(old, new, PairKind.MOVED, words_equal, substance_equal)
    kind = PairKind.SAME if substance_equal else PairKind.REWORDED
    return ClausePair(old, new, kind, words_equal, substance_equal)


def _match(old: Sequence[Clause], new: Sequence[Clause], fold: Fold) -> dict[int, int]:
    """Which old clause became which new one, surest matches first; a clause without a like stays unmatched."""
    old_words, new_words = [fold(each.words) for each in old], [fold(each.words) for each in new]
    by_id = {each.id: j for j, each in enumerate(new)}
    matching = _Matching(len(old), len(new))
    same_id = [(i, by_id[each.id]) for i, each in enumerate(old) if each.id in by_id]
    for i, j in same_id:
        if old_words[i] == new_words[j]:
            matching.add(i, j)
    for i, j in _equal_elsewhere(matching, old_words, new_words):
        matching.add(i, j)
    for i, j in same_id:
        alike = likeness(old_words[i], new_words[j]) >= SAME_ID_LIKENESS
        if alike or (old[i].heading and fold(old[i].heading) == fold(new[j].heading)):
            matching.add(i, j)
    for i, j in _alike_elsewhere(matching, old, new, old_words, new_words):
        matching.add(i, j)
    for i, j in same_id:
        if likeness(old_words[i], new_words[j]) >= LEAST_LIKENESS:
            matching.add(i, j)
    return matching.partners


class _Matching:
    """Pairs found so far; the first match of a clause stands."""

    def __init__(self, old_count: int, new_count: int) -> None:
        self.partners: dict[int, int] = {}
        self.old_left = dict.fromkeys(range(old_count))
        self.new_left = dict.fromkeys(range(new_count))

    def add(self, i: int, j: int) -> None:
        if i in self.old_left and j in self.new_left:
            self.partners[i] = j
            del self.old_left[i], self.new_left[j]


def _equal_elsewhere(matching: _Matching, old_words: list[str], new_words: list[str]) -> list[tuple[int, int]]:
    """The same words under another id: a renumbered or moved clause."""
    places: dict[str, list[int]] = {}
    for j in matching.new_left:
        places.setdefault(new_words[j], []).append(j)
    return [(i, j) for i in matching.old_left for j in places.get(old_words[i], [])]


def _alike_elsewhere(
    matching: _Matching, old: Sequence[Clause], new: Sequence[Clause], old_words: list[str], new_words: list[str]
) -> list[tuple[int, int]]:
    """Renumbered and reworded at once: the same heading, else much the same words; the likest pairs first."""
    candidates = []
    for i in matching.old_left:
        for j in matching.new_left:
            heading = bool(old[i].heading) and old[i].heading == new[j].heading
            alike = likeness(old_words[i], new_words[j])
            if heading or alike >= OTHER_ID_LIKENESS:
                candidates.append((-(alike + heading), i, j))
    return [(i, j) for _, i, j in sorted(candidates)]


@functools.lru_cache(maxsize=4096)
def _word_pairs(text: str) -> Counter[tuple[str, str]]:
    words = re.findall(r"\w+", text.lower())
    return Counter(zip(["", *words], [*words, ""], strict=True))


def likeness(old: str, new: str) -> float:
    """The share of neighbouring word pairs that two texts have in common, from 0.0 to 1.0."""
    first, second = _word_pairs(old), _word_pairs(new)
    total = first.total() + second.total()
    return 2 * (first & second).total() / total
