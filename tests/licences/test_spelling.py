"""Which words of the base somebody means: known ones, other spellings, beginnings, slips. Never something far off."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licences.search.short_forms import with_plain_numbers
from licences.search.slips import Words, likeness_of, slips_between
from licences.search.spelling import Meant, meant

PHRASES = (
    "attribution notice",
    "license licence defense otter otters liability definition defamation",
    "monthly active users uses the trademark trade mark",
    "700 million users",
    "built with llama",
    "bind the employer",
    "european union",
    "the eea",
    "keeper keeps keep",
    "negligence comply disinformation impersonating",
)
VOCABULARY = Words(
    Counter(word for phrase in PHRASES for word in phrase.split()),
    {pair for phrase in PHRASES for pair in pairwise(phrase.split())},
)


def words_meant(asked: str) -> list[tuple[tuple[str, ...], bool]]:
    return [(one.words, one.guessed) for one in meant(asked.split(), VOCABULARY)]


def only(asked: str) -> Meant:
    (one,) = meant(asked.split(), VOCABULARY)
    return one


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("notice", [(("notice",), False)]),
        ("licence", [(("licence", "license"), False)]),
        ("defence", [(("defense",), False)]),
        ("attrib", [(("attribution",), False)]),
        ("atribution", [(("attribution",), True)]),
        ("attribtuion", [(("attribution",), True)]),
        ("milion", [(("million",), True)]),
        ("ottr", [(("otter",), True)]),
        ("trademrak", [(("trademark",), True)]),
        ("usres", [(("users",), True)]),
        ("keepr", [(("keeper",), True)]),
        ("motice", [(("notice",), True)]),
        ("liabilities", [(("liability",), True)]),
        ("lisence", [(("licence", "license"), True)]),
        ("zebra", [((), True)]),
        ("teh", [((), True)]),
        ("österreich", [((), True)]),
        ("competitive", [((), True)]),
        ("intelligence", [((), True)]),
        ("7000", [((), False)]),
        ("what is the notice", [(("notice",), False)]),
        ("of", [((), True)]),
    ],
)
def test_a_word_stands_for_what_the_base_has(asked: str, expected: list[tuple[tuple[str, ...], bool]]) -> None:
    assert words_meant(asked) == expected


def test_a_neighbour_in_the_base_decides_between_words_that_are_near() -> None:
    assert words_meant("bild") == [(("bind",), True)]
    assert words_meant("bild with llama")[0] == (("built",), True)
    assert words_meant("bild the herd")[0] == (("bind",), True)  # beside “the” stands almost any word


def test_slips_are_put_right_by_the_length_of_the_word_and_one_more_is_only_offered() -> None:
    assert only("impresonatnig").words == ("impersonating",)  # two swaps in a long word
    offered = only("atribtoin")
    assert (offered.words, offered.offered) == ((), ("attribution",))
    far = only("intelligence")
    assert (far.words, far.offered) == ((), ())


@pytest.mark.parametrize(
    ("asked", "words", "also"),
    [
        ("EU", ("european union",), ("European Union",)),
        ("maus", ("monthly active users",), ("monthly active users",)),
        ("700M", ("700 million",), ("700 million",)),
        ("700mio", ("700 million",), ("700 million",)),
        ("EEA", ("eea",), ()),
        ("European Economic Area", ("eea",), ("EEA",)),
        ("CSAM", (), ()),  # no text of this base says it
        ("800M", (), ()),
    ],
)
def test_a_short_form_stands_for_the_words_of_the_texts(
    asked: str, words: tuple[str, ...], also: tuple[str, ...]
) -> None:
    one = only(asked)
    assert (one.words, one.also) == (words, also)


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("700 M users", "700M users"),
        ("more than 700,000,000 users", "more than 700m users"),
        ("700000000", "700m"),
        ("700,000,001", "700,000,001"),
        ("1,500", "1,500"),
        ("5 may", "5 may"),
    ],
)
def test_numbers_of_millions_are_one_word(question: str, read: str) -> None:
    assert with_plain_numbers(question) == read


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [("", "", 0), ("notice", "notice", 0), ("notcie", "notice", 1), ("ntice", "notice", 1), ("bild", "built", 2)],
)
def test_slips_are_counted(one: str, other: str, slips: int) -> None:
    assert slips_between(one, other) == slips_between(other, one) == slips


@given(st.text(alphabet="abcdefg'", min_size=1, max_size=12), st.text(alphabet="abcdefg'", min_size=1, max_size=12))
def test_likeness_is_a_share_and_the_same_both_ways(one: str, other: str) -> None:
    assert 0 <= likeness_of(one, other) == likeness_of(other, one) <= 1
    assert likeness_of(one, one) == 1
