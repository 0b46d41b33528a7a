"""Which word somebody meant who slipped on a key: letters swapped, left out, added or mistaken. Pure.

Shared letter triples find the candidates, because they are cheap; the number of slips decides between them, because
two letters swapped leave a short word hardly a triple in common with itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

LEAST_LETTERS = 4  # in a shorter word one slip makes another word
LEAST_LIKENESS = 0.1  # share of letter triples in common that makes a candidate
MOST_SLIPS = ((8, 2), (LEAST_LETTERS, 1))  # from so many letters on, so many slips are put right unasked
MOST_MEANT = 2
# Beside these stands almost any word, so they tell nothing of their neighbour.
BESIDE_ANYTHING = frozenset(
    {"a", "an", "and", "any", "as", "by", "for", "in", "is", "of", "on", "or", "such", "that", "the", "to"}
)


@dataclass(frozen=True)
class Words:
    """The words that can be found: how often each stands in the base, and which stand side by side."""

    often: Mapping[str, int]
    pairs: Collection[tuple[str, str]] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Near:
    """The words that a slip may have been: near enough to be searched, or only to be offered."""

    meant: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()


def near(word: str, words: Words, before: str = "", after: str = "", never: Collection[str] = ()) -> Near:
    """The words of the base that are nearest; `before` and `after` are its neighbours in the question."""
    allowed = _allowed(word)
    if not allowed:
        return Near()
    found: list[tuple[tuple[float, ...], str]] = []
    for one in words.often:
        if abs(len(one) - len(word)) > allowed + 1 or one in never or not one.isalpha():
            continue
        likeness = likeness_of(word, one)
        if likeness < LEAST_LIKENESS or (slips := slips_between(word, one)) > allowed + 1:
            continue
        same_start = word[0] == one[0]
        beside = same_start and _beside(one, before, after, words.pairs)
        sure = slips <= allowed or beside
        if not sure and not (same_start and len(word) > LEAST_LETTERS):
            continue
        # A neighbour makes up for one slip. Of words equally near comes first that which has every letter that was
        # typed: letters are swapped or left out more often than added.
        cost = slips - beside + (0 if same_start else 0.5)
        lacking = (Counter(word) - Counter(one)).total()
        found.append(((not sure, cost, not beside, lacking, len(one) != len(word), -likeness), one))
    if not found:
        return Near()
    best = min(rank for rank, _one in found)
    equal = sorted((one for rank, one in found if rank == best), key=lambda one: (-words.often[one], one))
    nearest = tuple(equal[:MOST_MEANT])
    return Near(offered=nearest) if best[0] else Near(meant=nearest)


def _allowed(word: str) -> int:
    return next((slips for letters, slips in MOST_SLIPS if len(word) >= letters), 0)


def _beside(word: str, before: str, after: str, pairs: Collection[tuple[str, str]]) -> bool:
    """Whether the base has the word next to what stands next to it in the question."""
    return (after not in BESIDE_ANYTHING and (word, after) in pairs) or (
        before not in BESIDE_ANYTHING and (before, word) in pairs
    )


def slips_between(one: str, other: str) -> int:
    """How many letters are left out, added, mistaken or swapped with their neighbour (optimal string alignment)."""
    earlier: list[int] = []
    above = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, opposite in enumerate(other, 1):
            least = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != opposite))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == opposite:
                least = min(least, earlier[j - 2] + 1)
            row.append(least)
        earlier, above = above, row
    return above[-1]


def likeness_of(one: str, other: str) -> float:
    """Share of letter triples in common, beginning and end included: 1 is equal, 0 has nothing in common."""
    left, right = _triples(one), _triples(other)
    return 2 * len(left & right) / (len(left) + len(right))


def _triples(word: str) -> frozenset[str]:
    padded = f"  {word} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))
