"""What changed between the official versions, as read by hand, is what the redline finds."""

from __future__ import annotations

import functools
import time
from pathlib import Path

import pytest

from licences.clauses import Clause, Kind, split
from licences.normalise import fold_version
from licences.redline import ClausePair, PairKind, changes, compare, redline, summary

pytestmark = pytest.mark.official_texts

NAMES = {
    "2": ("Llama 2",),
    "3": ("Meta Llama 3", "Llama 3"),
    "3.1": ("Llama 3.1",),
    "3.2": ("Llama 3.2",),
    "3.3": ("Llama 3.3",),
    "4": ("Llama 4",),
}
FILES: dict[Kind, str] = {"agreement": "LICENSE", "aup": "USE_POLICY.md"}


def clauses(folder: Path, version: str, kind: Kind) -> list[Clause]:
    return split((folder / f"llama-{version}" / FILES[kind]).read_bytes(), kind)


def compared(folder: Path, old: str, new: str, kind: Kind) -> list[ClausePair]:
    fold = functools.partial(fold_version, names=NAMES[old] + NAMES[new])
    return compare(clauses(folder, old, kind), clauses(folder, new, kind), fold)


def differences(pairs: list[ClausePair]) -> dict[str, str]:
    return {
        pair.id: pair.kind.value
        for pair in pairs
        if pair.kind is not PairKind.SAME and not pair.id.startswith("appended-aup.")
    }


@pytest.mark.parametrize(
    ("old", "new", "kind", "expected"),
    [
        ("2", "3", "agreement", {"1.b.i": "reworded", "3": "reworded", "5.a": "reworded", "5.c": "reworded"}),
        ("3", "3.1", "agreement", {"1.b.i": "reworded", "1.b.v": "removed", "5.a": "reworded"}),
        ("3.1", "3.2", "agreement", {}),
        ("3.2", "3.3", "agreement", {}),
        ("3.3", "4", "agreement", {"preamble": "reworded"}),
        ("2", "3", "aup", {}),
        ("3", "3.1", "aup", {"1.f": "reworded", "reporting.4": "reworded"}),
        (
            "3.1",
            "3.2",
            "aup",
            {"1.e": "reworded", "1.h": "added", "2.a": "reworded", "5": "added", "eu-multimodal": "added"},
        ),
        ("3.2", "3.3", "aup", {}),
        ("3.3", "4", "aup", {"3.e": "reworded"}),
    ],
)
def test_exactly_the_known_clauses_changed(
    official_texts: Path, old: str, new: str, kind: Kind, expected: dict[str, str]
) -> None:
    assert differences(compared(official_texts, old, new, kind)) == expected


def test_the_header_of_llama_4_names_an_effective_date_and_nothing_else_changed(official_texts: Path) -> None:
    pair = next(pair for pair in compared(official_texts, "3.3", "4", "agreement") if pair.id == "preamble")
    last = changes(pair.spans)[-1]
    assert last.deleted.startswith("Release Date:")
    assert last.added.startswith("Effective Date:")


def test_the_policy_appended_to_llama_3_came_and_went_as_a_whole(official_texts: Path) -> None:
    came = summary(compared(official_texts, "2", "3", "agreement"))
    went = summary(compared(official_texts, "3", "3.1", "agreement"))
    assert (came["added"], came["removed"]) == (36, 0)
    assert (went["added"], went["removed"]) == (0, 36 + 1)  # and 1.b.v


def test_version_names_are_told_from_identical_words(official_texts: Path) -> None:
    pairs = {pair.id: pair for pair in compared(official_texts, "3.1", "3.2", "agreement")}
    assert pairs["1.a"].words_equal
    assert not pairs["2"].words_equal
    assert pairs["2"].substance_equal


def test_one_word_came_to_5_c_after_the_release_of_llama_2(official_texts: Path) -> None:
    folder = official_texts / "llama-2"
    release_day = split((folder / "revisions" / "2023-07-18-51089e27-LICENSE").read_bytes(), "agreement")
    pairs = compare(release_day, clauses(official_texts, "2", "agreement"))
    assert differences(pairs) == {"5.c": "reworded"}
    assert [(c.deleted, c.added) for p in pairs if p.id == "5.c" for c in changes(p.spans)] == [("", " an")]


def test_both_promises_hold_for_every_pair_of_versions(official_texts: Path) -> None:
    for old in NAMES:
        for new in NAMES:
            for kind in FILES:
                for pair in compared(official_texts, old, new, kind):
                    assert "".join(s.text for s in pair.spans if s.kind != "added") == (
                        pair.old.words if pair.old else ""
                    )
                    assert "".join(s.text for s in pair.spans if s.kind != "deleted") == (
                        pair.new.words if pair.new else ""
                    )


def test_a_whole_agreement_is_compared_in_under_50_milliseconds_once_warm(official_texts: Path) -> None:
    def once() -> float:
        begun = time.perf_counter()
        for pair in compared(official_texts, "2", "4", "agreement"):
            assert pair.spans
        return time.perf_counter() - begun

    once()
    assert min(once() for _ in range(5)) < 0.05
    assert redline.cache_info().hits > 0
