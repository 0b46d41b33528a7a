"""Which words of the licence base somebody means: the word itself, its other spelling, its beginning, a slip. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# Words that questions are made of and that no clause is looked for by.
STOP_WORDS = frozenset(
    word
    for line in (
        "a an and any are as at be been by can could do does for from has have how i if in into is it its may me my no",
        "not of on or our should so that the their them then there these they this those to under us was we were what",
        "when where which who why will with would you your",
    )
    for word in line.split()
)
# British and American spellings: the texts are American, our words British.
SPELLINGS = (
    ("licence", "license"),
    ("defence", "defense"),
    ("offence", "offense"),
    ("isation", "ization"),
    ("ise", "ize"),
    ("our", "or"),
    ("programme", "program"),
)
LEAST_BEGINNING = 4  # letters that a beginning of a word needs
LEAST_LIKENESS = 0.4  # share of letter triples in common: one slip in a word of eight letters gives about 0.5
MOST_BEGUN = 12


@dataclass(frozen=True)
class Meant:
    """One word that was asked for, and the words of the base that it stands for: none where nothing is like it."""

    asked: str
    words: tuple[str, ...]
    guessed: bool = False  # the word itself is nowhere in the base


def meant(asked: Iterable[str], vocabulary: Mapping[str, int]) -> list[Meant]:
    """What each word stands for. Stop words are left out, unless nothing else was asked for."""
    words = list(dict.fromkeys(asked))
    telling = [word for word in words if word not in STOP_WORDS] or words
    return [_meant(word, vocabulary) for word in telling]


def _meant(word: str, vocabulary: Mapping[str, int]) -> Meant:
    known = tuple(one for one in _spellings(word) if one in vocabulary)
    if known:
        return Meant(word, known)
    if len(word) >= LEAST_BEGINNING:
        begun = sorted((one for one in vocabulary if one.startswith(word)), key=lambda one: (-vocabulary[one], one))
        if begun:
            return Meant(word, tuple(begun[:MOST_BEGUN]))
    if word.isdigit():
        return Meant(word, ())
    return Meant(word, _like(word, vocabulary), guessed=True)


def _spellings(word: str) -> tuple[str, ...]:
    """The word, and the word as the other side of the Atlantic writes it."""
    others = {word.replace(one, other) for pair in SPELLINGS for one, other in (pair, pair[::-1])}
    return (word, *sorted(others - {word}))


def _like(word: str, vocabulary: Mapping[str, int]) -> tuple[str, ...]:
    """The words that are most like it; of those equally like, the most frequent."""
    likeness = {one: likeness_of(word, one) for one in vocabulary if not one.isdigit() and one not in STOP_WORDS}
    best = max(likeness.values(), default=0.0)
    if best < LEAST_LIKENESS:
        return ()
    equal = sorted((one for one in likeness if likeness[one] == best), key=lambda one: (-vocabulary[one], one))
    return tuple(equal[:2])


def likeness_of(one: str, other: str) -> float:
    """Share of letter triples in common, beginning and end included: 1 is equal, 0 has nothing in common."""
    left, right = _triples(one), _triples(other)
    return 2 * len(left & right) / (len(left) + len(right))


def _triples(word: str) -> frozenset[str]:
    padded = f"  {word} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))
