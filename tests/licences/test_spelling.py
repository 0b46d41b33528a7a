"""Which words of the base somebody means: known ones, other spellings, beginnings, slips. Never something far off."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licences.search.spelling import likeness_of, meant

VOCABULARY = Counter(
    {"attribution": 9, "notice": 7, "license": 30, "licence": 4, "defense": 2, "million": 6, "otter": 5, "otters": 1}
)


def words_meant(asked: str) -> list[tuple[tuple[str, ...], bool]]:
    return [(one.words, one.guessed) for one in meant(asked.split(), VOCABULARY)]


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
        ("zebra", [((), True)]),
        ("7000", [((), False)]),
        ("what is the notice", [(("notice",), False)]),
        ("the", [((), True)]),
    ],
)
def test_a_word_stands_for_what_the_base_has(asked: str, expected: list[tuple[tuple[str, ...], bool]]) -> None:
    assert words_meant(asked) == expected


@given(st.text(alphabet="abcdefg'", min_size=1, max_size=12), st.text(alphabet="abcdefg'", min_size=1, max_size=12))
def test_likeness_is_a_share_and_the_same_both_ways(one: str, other: str) -> None:
    assert 0 <= likeness_of(one, other) == likeness_of(other, one) <= 1
    assert likeness_of(one, one) == 1
