"""Which words of the licence base somebody means: the word itself, its other spelling or form, its beginning, a short
form, a slip. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from licences.search.short_forms import full_form_at, full_forms
from licences.search.slips import Words, near

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
# Endings that change places on one stem: what a search by stems takes for one word, or nearly.
ENDINGS = (
    ("y", "ies", "ied", "ication", "ications"),
    ("", "s", "es", "e", "ed", "ing", "er", "ers", "or", "ors", "ion", "ions", "ation", "ations", "ment", "ments"),
)
LEAST_STEM = 4  # letters before an ending
LEAST_BEGINNING = 4  # letters that a beginning of a word needs
MOST_BEGUN = 12


@dataclass(frozen=True)
class Meant:
    """One word that was asked for, and the words of the base that it stands for: none where nothing is like it."""

    asked: str  # as it was typed
    words: tuple[str, ...]
    guessed: bool = False  # the word itself is nowhere in the base
    also: tuple[str, ...] = ()  # the full form of a short one, or the short form of a full one
    offered: tuple[str, ...] = ()  # where nothing is near enough to be searched: what it may have been


def meant(asked: Iterable[str], words: Words) -> list[Meant]:
    """What each word stands for. Stop words are left out, unless nothing else was asked for."""
    typed = list(asked)
    small = [word.lower() for word in typed]
    telling = any(word not in STOP_WORDS for word in small)
    found: dict[str, Meant] = {}
    at = 0
    while at < len(small):
        if whole := _in_full(small, typed, at, words):
            count, one = whole
            found.setdefault(one.asked.lower(), one)
            at += count
            continue
        word = small[at]
        if word not in found and (word not in STOP_WORDS or not telling):
            before, after = small[at - 1] if at else "", small[at + 1] if at + 1 < len(small) else ""
            found[word] = _meant(typed[at], words, before, after)
        at += 1
    return list(found.values())


def _in_full(small: list[str], typed: list[str], at: int, words: Words) -> tuple[int, Meant] | None:
    """Words that the base has only in their short form, such as European Economic Area."""
    whole = full_form_at(small, at)
    if whole is None:
        return None
    count, short = whole
    if short not in words.often or _stands(small[at : at + count], words):
        return None
    return count, Meant(" ".join(typed[at : at + count]), (short,), also=(short.upper(),))


def _stands(phrase: Sequence[str], words: Words) -> bool:
    """Whether the base has these words, each beside the next."""
    return phrase[0] in words.often and all(pair in words.pairs for pair in pairwise(phrase))


def _meant(typed: str, words: Words, before: str, after: str) -> Meant:
    word, often = typed.lower(), words.often
    known = tuple(one for one in _spellings(word) if one in often)
    also = tuple(full for full in full_forms(word) if _stands(full.lower().split(), words))
    if also:
        return Meant(typed, (*known, *(full.lower() for full in also)), also=also)
    if known:
        return Meant(typed, known)
    if len(word) >= LEAST_BEGINNING and (begun := [one for one in often if one.startswith(word)]):
        return Meant(typed, tuple(_most_frequent(begun, often)[:MOST_BEGUN]))
    if word.isdigit():
        return Meant(typed, ())
    if forms := _forms(word, often):
        return Meant(typed, tuple(forms), guessed=True)
    nearest = near(word, words, before, after, STOP_WORDS)
    either = dict.fromkeys(one for near_by in nearest.meant for one in _spellings(near_by) if one in often)
    return Meant(typed, tuple(either), guessed=True, offered=nearest.offered)


def _spellings(word: str) -> tuple[str, ...]:
    """The word, and the word as the other side of the Atlantic writes it."""
    others = {word.replace(one, other) for pair in SPELLINGS for one, other in (pair, pair[::-1])}
    return (word, *sorted(others - {word}))


def _forms(word: str, often: Mapping[str, int]) -> list[str]:
    """The words of the base that have the stem of this one and another ending; those of its longest stem."""
    stems = [(word[: len(word) - len(ending)], group) for group in ENDINGS for ending in group if word.endswith(ending)]
    for stem, group in sorted(stems, key=lambda one: -len(one[0])):
        if len(stem) >= LEAST_STEM and (forms := {stem + ending for ending in group} & often.keys()):
            return _most_frequent(forms, often)
    return []


def _most_frequent(found: Iterable[str], often: Mapping[str, int]) -> list[str]:
    return sorted(found, key=lambda one: (-often[one], one))
