"""Equal words compare equal, whatever the layout; different words never do."""

from __future__ import annotations

import hashlib
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licences.normalise import (
    UnreadableText,
    as_printed,
    cut_printed,
    fold_version,
    mask_version,
    normalise,
    normalise_text,
    straighten,
    unmask,
    words_digest,
)


@pytest.mark.parametrize(
    ("laid_out", "words"),
    [
        ("“Otter” isn’t ‘mud’", "\"Otter\" isn't 'mud'"),
        ("Copyright © Otter", "Copyright (c) Otter"),
        ("ii.\u00a0If\u2028then\tnow\n\n\nlater  ", "ii. If then now later"),
        ("a well-\nkept pond", "a well-kept pond"),
        ("a well- \n   kept pond", "a well-kept pond"),
        ("a pond -\nand a stream", "a pond - and a stream"),
        ("line\r\nline\rline", "line line line"),
        ("\ufeffOtter", "Otter"),
        ("ot\u00adter\u200bs", "otters"),
        ("1\\. **Rights**.", "1. Rights."),
        ("3**. Marks**. NO", "3. Marks. NO"),
        ("# Otter\n## Prohibited Uses", "Otter Prohibited Uses"),
        ("[https://o.example/a\\_b](https://o.example/a_b).", "https://o.example/a_b."),
        (
            "(see [https://o.example/](https://o.example/)[)](https://else.example/). All",
            "(see https://o.example/). All",
        ),
        ('<span style="text-decoration:underline;">o.example</span>', "o.example"),
        ("mud<br/>slide", "mud slide"),
    ],
)
def test_layout_is_not_words(laid_out: str, words: str) -> None:
    assert normalise(laid_out.encode()) == words


@pytest.mark.parametrize(
    "plain",
    ["as [Section 1](a) says", "2 * 3 < 4 > 1", "otter_output_feedback", "<heron> and <b-side>", "# of otters: 3# 4"],
)
def test_plain_text_that_only_resembles_markdown_keeps_every_character(plain: str) -> None:
    assert normalise(f"So {plain}".encode()) == f"So {plain}"


def test_what_is_printed_keeps_its_quotes_and_signs() -> None:
    assert as_printed("“Otter’s”  \n **Copyright** © \u200bOtter") == "“Otter’s” Copyright © Otter"


LIKELY = st.text(alphabet="ab “”‘’©\"'()-\n\u200b\u00ad*_#", max_size=60)


@given(LIKELY)
def test_what_is_printed_straightens_to_the_words(text: str) -> None:
    assert straighten(as_printed(text)) == normalise_text(text)


@given(LIKELY, st.lists(st.integers(min_value=0, max_value=60), max_size=5))
def test_cut_pieces_are_all_that_is_printed_and_straighten_to_their_lengths(text: str, cuts: list[int]) -> None:
    printed = as_printed(text)
    words = straighten(printed)
    places = sorted({min(cut, len(words)) for cut in cuts} | {0, len(words)})
    lengths = [end - start for start, end in pairwise(places)]
    pieces = cut_printed(printed, lengths)
    assert "".join(pieces) == printed
    if "©" not in printed:  # the only sign that straightens to several characters
        assert [len(piece) for piece in pieces] == lengths


def test_a_text_in_another_encoding_is_refused_with_what_to_do() -> None:
    with pytest.raises(UnreadableText, match=r"not UTF-8 text \(byte 4 .*Save it as UTF-8"):
        normalise(b"caf\xe9")


def test_a_binary_file_is_refused() -> None:
    with pytest.raises(UnreadableText, match=r"NUL byte \(character 5\)"):
        normalise(b"%PDF\0")


def test_the_digest_of_the_words_holds_its_schema() -> None:
    assert words_digest("“Otter”\n".encode()) == hashlib.sha256(b'words-v1\n"Otter"').hexdigest()
    assert words_digest(b"otter") != words_digest(b"Otter")


@given(st.text())
def test_normalised_words_hold_no_line_end_and_no_double_blank(text: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    if "\0" in text:
        return
    words = normalise(text.encode())
    assert words == words.strip()
    assert "  " not in words
    assert not set(words) & set("\n\r\t\u00a0\u2028“”‘’©")


@pytest.mark.parametrize(
    "hostile", ["[" * 50_000, "[a](" * 20_000, "<b " * 20_000, "a." * 50_000, "x-\n" * 30_000, "\\" * 50_000]
)
def test_a_hostile_text_takes_no_unreasonable_time(hostile: str) -> None:
    begun = time.perf_counter()
    fold_version(normalise(hostile.encode()), ("Otter 2",))
    assert time.perf_counter() - begun < 2


def test_version_names_addresses_and_dates_fold() -> None:
    old = "OTTER 2 of May 4, 2031, see otter.example/two/use-policy). Otter 2's pond"
    new = "Great Otter 3 of June 9, 2032, see https://www.otter.example/three-x/use ). Great Otter 3's pond"
    names = ("Otter 2", "Otter 3", "Great Otter 3")
    assert fold_version(old, names) == fold_version(new, names) == (
        "{version} of {date}, see {address}). {version}'s pond"
    )  # fmt: skip


@pytest.mark.parametrize("other", ["Otter 2.1 swims", "Otter 20 swims", "Otter swims", "Trotter 2 swims"])
def test_another_version_or_the_bare_family_name_does_not_fold(other: str) -> None:
    assert fold_version(other, ("Otter 2",)) == other


@pytest.mark.parametrize(
    "kept", ["Section 1.b.ii and 5(a)", "the U.S. Act of 1989", "write to Mud@otter.example", "Ponds, Inc. (if"]
)
def test_references_laws_and_mail_addresses_do_not_fold(kept: str) -> None:
    assert fold_version(kept, ("Otter 2",)) == kept


@pytest.mark.official_texts
def test_copies_of_one_text_in_different_layouts_have_equal_words(official_texts: Path) -> None:
    revisions = official_texts / "llama-2" / "revisions"

    def words(path: Path) -> str:
        return words_digest(path.read_bytes())

    current = words(official_texts / "llama-2" / "LICENSE")
    assert words(revisions / "2023-08-25-28c98e84-LICENSE") == current
    assert words(revisions / "2023-07-18-51089e27-LICENSE") != current  # one word came later, in 5.c
    assert words(revisions / "2023-07-18-abbcc199-USE_POLICY.md") == words(official_texts / "llama-2" / "USE_POLICY.md")
    newer = official_texts / "llama-3.3"
    assert words(newer / "revisions" / "2024-12-06-2b5602b4-USE_POLICY.md") == words(newer / "USE_POLICY.md")


@pytest.mark.official_texts
def test_the_markdown_of_llama_3_3_leaves_no_trace(official_texts: Path) -> None:
    words = normalise((official_texts / "llama-3.3" / "LICENSE").read_bytes())
    assert not set(words) & set("*\\[]")
    assert words.count("https://") == 4


MASKED = [
    ("Use Llama 3 of May 4, 2031, see https://otter.example/a .", 3),
    ("Meta Llama 3.1 and Llama 3 and Llama 31", 2),
    ("nothing of the kind", 0),
    ("a sign of private use \ue002 and Llama 3", 0),
]


@pytest.mark.parametrize(("text", "number"), MASKED)
def test_what_is_masked_comes_back_to_the_character(text: str, number: int) -> None:
    names = ["Llama 3", "Meta Llama 3", "Meta Llama 3.1"]
    masked, taken = mask_version(text, names)
    assert len(taken) == number
    assert unmask([masked], taken) == [text]
    assert "".join(unmask(list(masked), taken)) == text


def test_a_full_stop_behind_an_address_makes_no_difference() -> None:
    with_stop, without = "at otter.example/use.", "at https://otter.example/other/use"
    assert fold_version(with_stop, []) == fold_version(without, [])
    assert fold_version("at otter.example/use. Then", []) == fold_version("at otter.example/use Then", [])
