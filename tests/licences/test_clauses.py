"""Clauses: every one addressed, none guessed, no word lost."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import re
import textwrap
from pathlib import Path

import pytest

from licences.clauses import (
    Clause,
    Kind,
    UnsplittableText,
    _refuse_lost_words,
    address,
    split,
    split_appended_aup,
    tree_counts,
)
from licences.normalise import normalise, straighten, words_digest
from licences.outline import Block, read_lines
from licences.terms import load_catalogue
from tests.licences.scenarios import ALL
from tests.licences.texts import AGREEMENT, AUP, official_files

GOLDEN = Path(__file__).parent / "golden"
AGREEMENT_IDS = [
    "preamble", "definition.agreement", "definition.keeper", "definition.otter", "definition.otter-things",
    "acceptance", "1", "1.a", "1.b", "1.b.i", "1.b.ii", "2", "3", "3.a", "3.b",
]  # fmt: skip
AUP_IDS = [
    "intro", "prohibited-uses", "1", "1.a", "1.a.i", "1.a.ii", "1.b", "2", "2.a", "3",
    "eu-multimodal", "reporting", "reporting.1", "reporting.2",
]  # fmt: skip


def ids(text: str, kind: Kind = "agreement") -> list[str]:
    return [clause.id for clause in split(text.encode(), kind)]


def one(text: str, clause_id: str, kind: Kind = "agreement") -> Clause:
    return next(clause for clause in split(text.encode(), kind) if clause.id == clause_id)


def put_together(clauses: list[Clause]) -> str:
    return " ".join(clause.full_text for clause in clauses)


# --- agreements of our own ------------------------------------------------------------------------------------


def test_an_agreement_is_split_into_preamble_definitions_acceptance_and_numbered_clauses() -> None:
    clauses = split(AGREEMENT.encode(), "agreement")
    assert [clause.id for clause in clauses] == AGREEMENT_IDS
    assert [clause.position for clause in clauses] == list(range(1, len(clauses) + 1))
    assert tree_counts(clauses) == {
        "preamble": 1, "definition": 4, "acceptance": 1, "level-1": 3, "level-2": 4, "level-3": 2,
    }  # fmt: skip
    assert put_together(clauses) == normalise(AGREEMENT.encode())


def test_a_clause_knows_its_place_label_and_heading() -> None:
    clause = one(AGREEMENT, "1.a")
    assert (clause.printed_label, clause.marker, clause.depth, clause.parent) == ("1.a", "a.", 1, "1")
    assert (clause.heading, clause.text) == ("Grant of Swimming.", "You may swim on week-days only.")
    assert one(AGREEMENT, "1.b.ii").parent == "1.b"
    assert one(AGREEMENT, "3.a").heading == ""
    assert one(AGREEMENT, "definition.keeper").text == '"Keeper" or "you" means whoever feeds the otters.'
    assert one(AGREEMENT, "preamble").heading == "OTTER 2 COMMUNITY LICENSE AGREEMENT"


def test_inline_letters_stay_inside_their_clause_even_at_a_line_beginning() -> None:
    assert one(AGREEMENT, "1.b.i").text.endswith("(A) a spoon; (B) a fish.")


@pytest.mark.parametrize("indent", ["", "\t", "        "])
def test_indent_does_not_matter_in_an_agreement(indent: str) -> None:
    laid_out = "\n".join(indent + line.strip() if line.strip() else "" for line in AGREEMENT.splitlines())
    assert ids(laid_out) == AGREEMENT_IDS


def test_a_clause_is_known_by_its_words_and_not_by_its_number() -> None:
    moved = dataclasses.replace(one(AGREEMENT, "2"), id="9", printed_label="9", marker="9.", position=40)
    assert (
        moved.digest
        == one(AGREEMENT, "2").digest
        == hashlib.sha256(b"clause-v1\nHerons. Herons must ask first.").hexdigest()
    )
    assert one(AGREEMENT.replace("ask first", "ask twice"), "2").digest != moved.digest


def test_markdown_and_blanks_that_do_not_break_still_split() -> None:
    text = AGREEMENT.replace("2. Herons.", "2\\. **Herons**.").replace("3. Marks.", "3**. Marks**.\u2028")
    text = text.replace("ii. Lend", "ii.\u00a0Lend").replace("\n\n1. Rights", "\n\u00a0 \u00a0 \n1. Rights")
    assert ids(text) == AGREEMENT_IDS
    assert [c.digest for c in split(text.encode(), "agreement")] == [
        c.digest for c in split(AGREEMENT.encode(), "agreement")
    ]


def test_a_line_separator_inside_a_line_does_not_shift_line_numbers() -> None:
    text = AGREEMENT.replace("2. Herons. Herons must", "2. Herons.\u2028Herons must").replace("3. Marks.", "4. Marks.")
    with pytest.raises(UnsplittableText) as refused:
        ids(text)
    assert refused.value.line == AGREEMENT.split("\n").index("3. Marks.") + 1


def test_an_agreement_without_a_title_line_splits_all_the_same() -> None:
    without = AGREEMENT.split("\n", 1)[1]
    assert ids(without) == AGREEMENT_IDS
    assert one(without, "preamble").heading == ""


def test_a_paragraph_of_no_number_gets_an_address_of_its_own() -> None:
    text = AGREEMENT.replace("3. Marks.", "Fish are counted daily.\n\n3. Marks.") + "\nEnd of the rules.\n"
    assert ids(text) == [*AGREEMENT_IDS[:12], "unnumbered.1", *AGREEMENT_IDS[12:], "unnumbered.2"]


def long_list(last: str) -> str:
    letters = "\n".join(f"{letter}. Rule." for letter in "abcdefgh")
    return f"1. Rules.\n\n{letters}\n\ni. Rule.\n\n{last}"


def test_the_ninth_letter_and_the_first_roman_number_are_told_apart_by_what_follows() -> None:
    assert ids(long_list("j. Rule."))[-2:] == ["1.i", "1.j"]
    assert ids(long_list("ii. Rule."))[-2:] == ["1.h.i", "1.h.ii"]


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        (long_list("2. End."), 12, "may be a letter or a roman number"),
        ("Just words.", 1, "no section “1.”"),
        (AGREEMENT.replace("2. Herons", "3. Herons"), 27, "found “3.” where “2.” or “c.” or “iii.” was expected"),
        (AGREEMENT.replace("3. Marks.", "1. Marks."), 29, "found “1.” where “3.”"),
        (AGREEMENT.replace("a. No otter", "b. No otter"), 31, "found “b.” where “4.” or “a.”"),
        (AGREEMENT.replace("spoon;\n", "spoon in section\n").replace("(B) a", "2. A"), 24, "which has no end"),
        (AGREEMENT.replace("      a. No", "      (a) No"), 31, "“(a)” looks like a label"),
        (AGREEMENT.replace("      a. No", "      3.1 No"), 31, "“3.1” looks like a label"),
        (AGREEMENT.replace("      a. No", "      * No"), 31, "“*” looks like a label"),
        (AGREEMENT.replace("a. No otter may be painted.", "a."), 31, "without any words"),
        (AGREEMENT.replace("By whistling", "Otters sing.\n\nBy whistling"), 14, "one paragraph of acceptance"),
        (AGREEMENT.replace('"Otter Things"', '"Otter 2"'), 11, "a second “definition.otter”"),
    ],
)
def test_a_text_that_would_have_to_be_guessed_is_refused_with_line_and_reason(text: str, line: int, why: str) -> None:
    with pytest.raises(UnsplittableText, match=re.escape(why)) as refused:
        split(text.encode(), "agreement")
    assert refused.value.line == line
    assert str(refused.value).startswith(f"Line {line}: ")


@pytest.mark.parametrize(
    ("whole", "why"), [("1. Otters swim. Herons fly.", "belong to no clause"), ("1. Otters", "run together")]
)
def test_the_last_check_refuses_any_word_that_the_clauses_do_not_hold(whole: str, why: str) -> None:
    blocks = [Block("1", read_lines(b"1. Otters swim."))]
    clauses = [Clause("1", "1", "1.", "", "Otters swim.", 0, None, 1)]
    _refuse_lost_words("1. Otters swim.", blocks, clauses)
    with pytest.raises(UnsplittableText, match=why):
        _refuse_lost_words(whole, blocks, clauses)


# --- policies of our own --------------------------------------------------------------------------------------


def test_a_policy_is_split_into_intro_items_paragraphs_and_reporting() -> None:
    clauses = split(AUP.encode(), "aup")
    assert [clause.id for clause in clauses] == AUP_IDS
    assert put_together(clauses) == normalise(AUP.encode())
    assert (clauses[0].heading, clauses[1].heading) == ("Otter 2 Acceptable Use Policy", "Prohibited Uses")


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        (AUP, "2.1"),
        (AUP.replace("\n2. Splash", "\n3. Splash").replace("    1. with", "    8. with"), "3.8"),
        (AUP.replace("1. ", "* ").replace("2. ", "* ").replace("3. ", "* "), ""),
        (AUP.replace("    ", "   "), "2.1"),
        (AUP.replace("    ", "\t"), "2.1"),
        (AUP.replace("\n    1.", "\n  \n    1.").replace("\n    2.", "\n\n    2."), "2.1"),
    ],
    ids=["numbers", "wrong numbers", "bullets", "three blanks", "tabs", "blank lines between"],
)
def test_items_are_counted_by_nesting_whatever_is_printed(text: str, printed: str) -> None:
    assert ids(text, "aup") == AUP_IDS
    assert one(text, "2.a", "aup").printed_label == printed


def test_an_address_shows_the_printed_label_where_it_differs() -> None:
    assert address("aup", one(AUP.replace("\n2. Splash", "\n3. Splash"), "2.a", "aup")) == "AUP 2.a (printed 3.1)"
    assert address("agreement", one(AGREEMENT, "1.b.i")) == "LICENSE 1.b.i"
    assert address("aup", one(AUP, "eu-multimodal", "aup")) == "AUP eu-multimodal"


def test_a_wrapped_item_keeps_its_second_line() -> None:
    text = AUP.replace("2. Lie about fish", "2. Lie about\n       fish").replace("in the ice", "in\nthe ice")
    assert one(text, "1.b", "aup").text == "Lie about fish"
    assert one(text, "3", "aup").text == "Hide known holes in the ice"


def test_an_unknown_paragraph_of_a_policy_gets_an_address_of_its_own() -> None:
    text = AUP.replace("Please report", "Otters are watching.\n\nPlease report")
    assert ids(text, "aup") == [*AUP_IDS[:11], "unnumbered.1", *AUP_IDS[11:]]


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        (AUP.replace("## Prohibited Uses\n", ""), 1, "no line “Prohibited Uses”"),
        (AUP.split("1. Break", maxsplit=1)[0], 5, "no list follows"),
        (AUP.replace("    2. Lie", "  2. Lie"), 12, "between two levels"),
        (AUP.replace("    2. Lie", "    * Lie"), 12, "mixed on one level"),
        (AUP.replace("        2. boats", "            1. boats"), 11, "more than three levels"),
        (AUP.replace("with mud", "with mud-"), 14, "“2.a” begins or ends run together"),
        (
            AUP.replace("Please report any", "4. Moreover, never\n\nPlease report any"),
            19,
            "after the list of prohibited uses has ended",
        ),
        (
            AUP.replace("\nPlease report any splash through one of these:\n", ""),
            19,
            "after the list of prohibited uses has ended",
        ),
    ],
)
def test_a_policy_that_would_have_to_be_guessed_is_refused(text: str, line: int, why: str) -> None:
    with pytest.raises(UnsplittableText, match=re.escape(why)) as refused:
        split(text.encode(), "aup")
    assert refused.value.line == line


def test_a_copy_of_a_policy_that_lost_its_indents_is_refused_where_it_first_shows() -> None:
    lines = AUP.split("\n")
    first = next(number for number, line in enumerate(lines, start=1) if line.startswith("1. "))
    with pytest.raises(UnsplittableText, match="The indents of this copy may be lost") as refused:
        split("\n".join(line.lstrip() for line in lines).encode(), "aup")
    assert refused.value.line == first + 1


def test_a_policy_that_is_set_in_as_a_whole_has_the_same_items() -> None:
    assert ids(textwrap.indent(AUP, "  "), "aup") == ids(AUP, "aup") == AUP_IDS


# --- a policy appended to an agreement ------------------------------------------------------------------------

LETTERED = """\
Great Otter 2 Acceptable Use Policy
Be kind.
Prohibited Uses
You agree not to:
1. Break the law, including to:
\ta. Steal, such as:
      \t\ti. fish
      \t\tii. boats
   \tb. Lie about fish
\n2. Splash people:
   \ta. with mud
\nPlease report any splash through one of these:
   \t* Reporting mud: mud@otter.example
"""


def test_a_policy_appended_to_an_agreement_is_split_off_under_its_own_prefix() -> None:
    text = AGREEMENT + "\n\n" + LETTERED
    clauses = split(text.encode(), "agreement")
    own = ["intro", "prohibited-uses", "1", "1.a", "1.a.i", "1.a.ii", "1.b", "2", "2.a", "reporting", "reporting.1"]
    assert [clause.id for clause in clauses] == AGREEMENT_IDS + [f"appended-aup.{name}" for name in own]
    assert put_together(clauses) == normalise(text.encode())
    assert one(text, "appended-aup.1.a").parent == "appended-aup.1"
    assert address("agreement", one(text, "appended-aup.1.a")) == "LICENSE appended-aup.1.a"
    assert tree_counts(clauses)["appended-aup"] == len(own)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_the_bytes_of_an_appended_policy_are_cut_out_exactly(line_end: str) -> None:
    whole = (AGREEMENT + "\n\n" + LETTERED).replace("\n", line_end).encode()
    appended = split_appended_aup(whole)
    assert appended == LETTERED.replace("\n", line_end).encode()
    assert [c.id for c in split(appended, "aup")][:3] == ["intro", "prohibited-uses", "1"]


def test_an_agreement_that_only_mentions_the_policy_has_none_appended() -> None:
    text = AGREEMENT.replace(
        "Herons must ask first.", "Herons must ask first under the\nAcceptable Use Policy\nof the pond."
    )
    assert split_appended_aup(text.encode()) is None
    assert ids(text) == AGREEMENT_IDS


# --- the official texts ---------------------------------------------------------------------------------------


def tree(raw: bytes, kind: Kind) -> dict[str, object]:
    """What a golden file holds: ids, labels and digests, never the words."""
    keys = ("id", "printed_label", "depth", "parent", "digest")
    return {
        "sha256": hashlib.sha256(raw).hexdigest(),
        "words": words_digest(raw),
        "clauses": [{key: getattr(clause, key) for key in keys} for clause in split(raw, kind)],
    }


@pytest.mark.official_texts
def test_every_official_text_and_revision_has_exactly_its_golden_tree(official_texts: Path) -> None:
    """REWRITE_GOLDEN=1 writes the trees anew; the difference is then read by eye before it is committed."""
    seen = set()
    for name, kind, path in official_files(official_texts):
        now = tree(path.read_bytes(), kind)
        golden = GOLDEN / f"clauses-{name}.json"
        if os.environ.get("REWRITE_GOLDEN") == "1":
            golden.write_text(json.dumps(now, indent=1) + "\n")
        assert json.loads(golden.read_text()) == now, name
        seen.add(golden.name)
    assert seen == {path.name for path in GOLDEN.glob("clauses-*.json")}


@pytest.mark.official_texts
def test_no_character_of_an_official_text_is_lost(official_texts: Path) -> None:
    files = official_files(official_texts)
    assert len(files) == 16
    for name, kind, path in files:
        raw = path.read_bytes()
        assert put_together(split(raw, kind)) == normalise(raw), name


@pytest.mark.official_texts
def test_what_an_official_text_prints_is_kept_beside_its_words(official_texts: Path) -> None:
    curly = 0
    for name, kind, path in official_files(official_texts):
        for clause in split(path.read_bytes(), kind):
            assert straighten(clause.printed_words) == clause.words, f"{name} {clause.id}"
            curly += clause.printed_words != clause.words
    assert curly > 20


@pytest.mark.official_texts
@pytest.mark.parametrize("slug", ["llama-2", "llama-3", "llama-3.1", "llama-3.2", "llama-3.3", "llama-4"])
def test_the_notice_line_of_the_catalogue_stands_in_the_text_as_printed(official_texts: Path, slug: str) -> None:
    [terms] = [one for one in load_catalogue() if one.slug == slug]
    clauses = split((official_texts / slug / "LICENSE").read_bytes(), "agreement")
    [clause] = [one for one in clauses if one.id == "1.b.iii"]
    assert terms.notice in clause.printed_text


@pytest.mark.official_texts
def test_the_official_trees_have_the_known_counts(official_texts: Path) -> None:
    for name, kind, path in official_files(official_texts):
        counts = tree_counts(split(path.read_bytes(), kind))
        early = name.startswith(("llama-2-", "llama-3-"))  # with 1.b.v
        if kind == "agreement":
            assert (counts["preamble"], counts["definition"], counts["acceptance"]) == (1, 6, 1), name
            assert [counts[f"level-{level}"] for level in (1, 2, 3)] == [7, 5, 5 if early else 4], name
            assert ("appended-aup" in counts) == name.startswith("llama-3-"), name
        else:
            grown = name.startswith(("llama-3.2-", "llama-3.3-", "llama-4-"))
            assert [counts[f"level-{level}"] for level in (1, 2, 3)] == ([5, 20, 6] if grown else [4, 19, 6]), name
            assert (counts.get("eu-multimodal", 0), counts["reporting"]) == (int(grown), 1 + 4), name


@pytest.mark.official_texts
@pytest.mark.parametrize(
    ("version", "clause_id", "shown"),
    [
        ("llama-4", "2.a", "AUP 2.a (printed 3.1)"),
        ("llama-3.2", "2.a", "AUP 2.a (printed 2.8)"),
        ("llama-3.2", "1.b", "AUP 1.b (printed 1.1)"),
        ("llama-3.1", "2.a", "AUP 2.a"),
        ("llama-3.3", "3.f", "AUP 3.f (printed 3.6)"),
    ],
)
def test_printed_labels_of_the_official_policies_are_kept(
    official_texts: Path, version: str, clause_id: str, shown: str
) -> None:
    clauses = split((official_texts / version / "USE_POLICY.md").read_bytes(), "aup")
    assert next(address("aup", clause) for clause in clauses if clause.id == clause_id) == shown


@pytest.mark.official_texts
def test_the_policy_inside_the_llama_3_agreement_is_cut_out(official_texts: Path) -> None:
    raw = (official_texts / "llama-3" / "LICENSE").read_bytes()
    appended = split_appended_aup(raw)
    assert appended is not None
    assert raw.endswith(appended)
    assert raw[: -len(appended)].count(b"\n") == 43
    assert tree_counts(split(appended, "aup"))["level-2"] == 20  # the known dangers are 3.g here, not item 4
    for name, kind, path in official_files(official_texts):
        if kind == "agreement" and not name.startswith("llama-3-"):
            assert split_appended_aup(path.read_bytes()) is None, name


@pytest.mark.parametrize("slug", ALL)
def test_copies_of_the_official_texts_from_elsewhere_split_alike_or_are_refused(
    official_texts: Path, slug: str
) -> None:
    """Hard-wrapped, with straight quotes, with CR LF, or set in: the same clauses. Without its indents: no guess."""
    agreement, policy = ((official_texts / slug / name).read_text() for name in ("LICENSE", "USE_POLICY.md"))
    kinds: tuple[tuple[str, Kind], ...] = ((agreement, "agreement"), (policy, "aup"))
    for text, kind in kinds:
        digests = {clause.id: clause.digest for clause in split(text.encode(), kind)}
        straight = text.translate(str.maketrans("“”’‘", "\"\"''")).replace("©", "(c)")
        for copy in (straight, text.replace("\n", "\r\n"), _wrapped(text), textwrap.indent(text, "  ")):
            assert {clause.id: clause.digest for clause in split(copy.encode(), kind)} == digests
    flat = re.sub(r"^[^\S\n]+", "", policy, flags=re.MULTILINE)
    with pytest.raises(UnsplittableText, match="not set in below it"):
        split(flat.encode(), "aup")


def _wrapped(text: str) -> str:
    """Wrapped at 76 columns at blanks, each line set in as its paragraph is."""
    paragraphs = []
    for line in text.split("\n"):
        margin = re.match(r"[ \t]*", line)
        paragraphs += textwrap.wrap(
            line, 76, subsequent_indent=margin[0] if margin else "", break_long_words=False, break_on_hyphens=False
        ) or [""]
    return "\n".join(paragraphs)
