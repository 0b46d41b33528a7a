"""The redline: to the character, in whole words, clause by clause."""

from __future__ import annotations

import functools
import itertools
import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licences.clauses import Clause, split
from licences.normalise import fold_version
from licences.redline import Change, ClausePair, PairKind, changes, compare, likeness, redline, summary
from tests.licences.texts import AGREEMENT, AUP

WORDS = [
    "the",
    "otter",
    "otters",
    "may",
    "not",
    "swim",
    "500",
    "1.b.i",
    "3.1",
    "pond's",
    "(A)",
    ";",
    "“Fish”",
    "\n",
    "  ",
    "é",
    "不",
]
wordings = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join))


def old_side(old: str, new: str) -> str:
    return "".join(span.text for span in redline(old, new) if span.kind != "added")


def new_side(old: str, new: str) -> str:
    return "".join(span.text for span in redline(old, new) if span.kind != "deleted")


def found_changes(old: str, new: str) -> list[tuple[str, str]]:
    return [(change.deleted, change.added) for change in changes(redline(old, new))]


# --- words ----------------------------------------------------------------------------------------------------


@given(wordings, wordings)
def test_equal_and_deleted_are_the_old_text_and_equal_and_added_the_new(old: str, new: str) -> None:
    assert old_side(old, new) == old
    assert new_side(old, new) == new


@given(wordings)
def test_a_text_against_itself_has_no_change(text: str) -> None:
    assert changes(redline(text, text)) == []


@given(wordings, wordings)
def test_no_span_is_empty_and_deleted_words_come_before_added_ones(old: str, new: str) -> None:
    spans = redline(old, new)
    assert all(span.text for span in spans)
    assert all((a.kind, b.kind) != ("equal", "equal") for a, b in itertools.pairwise(spans))
    for a, b in itertools.pairwise(spans):
        assert (a.kind, b.kind) != ("added", "deleted")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("feed 500 fish", "feed 300 fish", [("500", "300")]),
        ("of Otter 3.1 now", "of Otter 3.2 now", [("3.1", "3.2")]),
        ("up to 700,000 fish", "up to 700,001 fish", [("700,000", "700,001")]),
        ("the otter swims", "the old otter swims", [("", " old")]),
        ("never, ever swim", "never swim", [(", ever", "")]),
        ("the Otter's pond", "the Heron's pond", [("Otter's", "Heron's")]),
        ("", "all new", [("", "all new")]),
        ("all old", "", [("all old", "")]),
        ("human-made", "human made", [("-made", " made")]),
    ],
)
def test_changes_are_whole_words_and_no_larger_than_they_must_be(
    old: str, new: str, expected: list[tuple[str, str]]
) -> None:
    assert found_changes(old, new) == expected


def test_a_replaced_phrase_reads_as_one_change_and_not_as_islands() -> None:
    old = "fed by the keeper of the northern pond each morning"
    new = "fed by a visitor from the southern stream each morning"
    assert found_changes(old, new) == [("the keeper of the northern pond", "a visitor from the southern stream")]


def test_a_long_equal_passage_between_two_longer_changes_stays_equal() -> None:
    kept = "shall be counted twice every day"
    old = f"All of the very oldest otters that live here {kept} by the same warden as in years long gone"
    new = f"Each newborn animal with or without any fur {kept} if nobody else is near enough to hear it"
    assert any(span.kind == "equal" and kept in span.text for span in redline(old, new))


def test_changes_are_numbered_in_order() -> None:
    assert changes(redline("one fish two otters", "two fish two herons")) == [
        Change(1, "one", "two"),
        Change(2, "otters", "herons"),
    ]


# --- clauses --------------------------------------------------------------------------------------------------


def clauses(text: str) -> list[Clause]:
    return split(text.encode(), "agreement")


def kinds(pairs: list[ClausePair], *, all_of_them: bool = False) -> dict[str, str]:
    return {pair.id: pair.kind.value for pair in pairs if all_of_them or pair.kind is not PairKind.SAME}


def after(*replacements: tuple[str, str]) -> list[Clause]:
    text = AGREEMENT
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    return clauses(text)


def test_a_text_against_itself_is_the_same_in_every_clause() -> None:
    pairs = compare(clauses(AGREEMENT), clauses(AGREEMENT))
    assert set(kinds(pairs, all_of_them=True).values()) == {"same"}
    assert all(pair.words_equal for pair in pairs)


def test_a_reworded_clause_is_found_with_its_words() -> None:
    pairs = compare(clauses(AGREEMENT), after(("Herons must ask first", "Herons must ask twice")))
    assert kinds(pairs) == {"2": "reworded"}
    pair = next(pair for pair in pairs if pair.id == "2")
    assert [(c.deleted, c.added) for c in changes(pair.spans)] == [("first", "twice")]


def test_an_inserted_clause_moves_the_ones_below_and_rewords_none() -> None:
    new = after(
        ("2. Herons.", "2. Winter. The ice belongs to nobody at all.\n\n3. Herons."), ("3. Marks.", "4. Marks.")
    )
    pairs = compare(clauses(AGREEMENT), new)
    assert kinds(pairs) == {"2": "added", "3": "moved", "4": "moved", "4.a": "moved", "4.b": "moved"}
    assert [pair.id for pair in pairs] == [clause.id for clause in new]
    assert all(pair.substance_equal for pair in pairs if pair.kind is PairKind.MOVED)


def test_equal_words_under_another_id_count_for_more_than_like_words_under_the_same_id() -> None:
    new = after(("2. Herons.", "2. Herons. Herons must ask twice.\n\n3. Herons."), ("3. Marks.", "4. Marks."))
    found = kinds(compare(clauses(AGREEMENT), new))
    assert (found["2"], found["3"]) == ("added", "moved")


def test_a_removed_clause_stands_where_it_was() -> None:
    pairs = compare(clauses(AGREEMENT), after(("            ii. Lend no otter to a heron.\n", "")))
    assert kinds(pairs) == {"1.b.ii": "removed"}
    shown = [pair.id for pair in pairs]
    assert shown[shown.index("1.b.ii") - 1] == "1.b.i"
    assert shown[shown.index("1.b.ii") + 1] == "2"


def test_a_removed_first_clause_stands_first() -> None:
    pairs = compare(clauses(AGREEMENT), clauses(AGREEMENT)[1:])
    assert (pairs[0].id, pairs[0].kind) == ("preamble", PairKind.REMOVED)


def test_a_clause_renumbered_and_reworded_keeps_its_counterpart_by_its_words() -> None:
    new = after(
        ("a. No otter may be painted.", "a. Towels stay dry.\n\n      b. No otter may ever be painted."),
        ("b. The keeper", "c. The keeper"),
    )
    pairs = {pair.id: pair for pair in compare(clauses(AGREEMENT), new)}
    assert pairs["3.a"].kind is PairKind.ADDED
    moved = pairs["3.b"]
    assert moved.old is not None
    assert (moved.kind, moved.old.id, moved.substance_equal) == (PairKind.MOVED, "3.a", False)
    assert pairs["3.c"].kind is PairKind.MOVED


def test_a_moved_section_is_found_by_its_heading() -> None:
    new = after(
        ("2. Herons. Herons must ask first.", "2. Moon. Tides are free."),
        ("3. Marks.", "3. Herons. No bird swims.\n\n4. Marks."),
    )
    pair = next(pair for pair in compare(clauses(AGREEMENT), new) if pair.id == "3")
    assert pair.old is not None
    assert (pair.old.id, pair.kind, pair.substance_equal) == ("2", PairKind.MOVED, False)


def test_an_id_that_is_used_again_for_something_else_is_removed_and_added() -> None:
    new = after(("ii. Lend no otter to a heron.", "ii. Moonlight counts double."))
    found = [(pair.id, pair.kind.value) for pair in compare(clauses(AGREEMENT), new) if pair.kind is not PairKind.SAME]
    assert sorted(found) == [("1.b.ii", "added"), ("1.b.ii", "removed")]


def test_names_alone_are_the_same_in_substance_and_the_wording_is_still_shown() -> None:
    new = after(("Otter 2", "Otter 3"), ("OTTER 2", "OTTER 3"), ("May 4, 2031", "June 5, 2032"))
    fold = functools.partial(fold_version, names=("Otter 2", "Otter 3"))
    pairs = compare(clauses(AGREEMENT), new, fold)
    assert kinds(pairs) == {}
    renamed = next(pair for pair in pairs if pair.id == "definition.otter")
    assert (renamed.words_equal, renamed.substance_equal) == (False, True)
    assert [(c.deleted, c.added) for c in changes(renamed.spans)] == [("2", "3")]
    assert "reworded" in kinds(compare(clauses(AGREEMENT), new)).values()


def test_the_summary_counts_every_clause_once() -> None:
    new = after(("Herons must ask first", "Herons must ask twice"), ("            ii. Lend no otter to a heron.\n", ""))
    counted = summary(compare(clauses(AGREEMENT), new))
    assert counted == {
        "same": 13,
        "reworded": 1,
        "added": 0,
        "removed": 1,
        "moved": 0,
        "renamed": 0,
        "moved_reworded": 0,
    }


@given(st.permutations(range(14)), st.integers(0, 14))
def test_no_clause_is_lost_or_used_twice_whatever_the_order(order: list[int], kept: int) -> None:
    old = split(AUP.encode(), "aup")
    new = [old[i] for i in order][:kept]
    pairs = compare(old, new)
    assert sorted(pair.old.id for pair in pairs if pair.old) == sorted(clause.id for clause in old)
    assert [pair.new for pair in pairs if pair.new] == new


@pytest.mark.parametrize(
    ("old", "new", "expected"), [("a b c", "a b c", 1.0), ("a b c", "x y z", 0.0), ("", "a", 0.0), ("", "", 1.0)]
)
def test_likeness_goes_from_nothing_in_common_to_the_same(old: str, new: str, expected: float) -> None:
    assert likeness(old, new) == expected


def test_a_long_block_is_compared_in_reasonable_time() -> None:
    words = random.Random(4)
    vocabulary = [f"word{n}" for n in range(900)]
    old = [words.choice(vocabulary) for _ in range(6000)]
    new = [words.choice(vocabulary) if words.random() < 0.05 else word for word in old]
    begun = time.perf_counter()
    redline(" ".join(old), " ".join(new))
    assert time.perf_counter() - begun < 5
