"""A licence text on a page: the words as its file prints them, in every view."""

from __future__ import annotations

import pytest

from foundation.audit.actors import Actor
from licences.actions import import_text
from licences.document import Marks, ShownClause, shown, split_text
from licences.models import LicenceText, LlamaVersion, TextKind
from tests.licences.texts import AGREEMENT

pytestmark = pytest.mark.django_db

OLD = AGREEMENT.replace("3. Marks.", '3. Marks. © Otter © Pond, all "rights".')
NEW = AGREEMENT.replace("3. Marks.", "3. Marks. © Otter © Lake, all “rights”.").replace(
    "Herons must ask first.", "Herons “must” ask."
)


def imported(version: LlamaVersion, words: str) -> LicenceText:
    return import_text(
        version=version,
        kind=TextKind.AGREEMENT,
        data=words.encode(),
        source="invented",
        imported_by=Actor.system("tests"),
    )


@pytest.fixture
def clauses(catalogue: list[LlamaVersion]) -> dict[str, ShownClause]:
    old, new = imported(catalogue[0], OLD), imported(catalogue[1], NEW)
    return {clause.number: clause for clause in shown(new, old)}


def marked(old: LicenceText, new: LicenceText, marks: Marks, number: str) -> tuple[ShownClause, list[tuple[str, str]]]:
    clause = next(one for one in shown(new, old, marks) if one.number == number)
    return clause, [(span.kind, span.text.strip()) for span in clause.segments if span.kind != "equal"]


def joined(spans) -> str:
    return "".join(span.text for span in spans)


def test_each_side_has_the_quotes_and_signs_of_its_file(clauses: dict[str, ShownClause]) -> None:
    assert clauses["3"].text == "© Otter © Lake, all “rights”."
    assert joined(clauses["3"].old_segments) == '© Otter © Pond, all "rights".'
    assert joined(clauses["3"].new_segments) == clauses["3"].text


def test_another_style_of_quotes_is_no_change(clauses: dict[str, ShownClause]) -> None:
    changed = [(span.kind, span.text.strip()) for span in clauses["3"].segments if span.kind != "equal"]
    assert changed == [("deleted", "Pond"), ("added", "Lake")]


def test_a_redline_in_one_column_shows_the_new_quotes(clauses: dict[str, ShownClause]) -> None:
    assert joined(span for span in clauses["2"].segments if span.kind != "deleted") == "Herons “must” ask."


# --- substance and letter -----------------------------------------------------------------------------------------

TITLE = "OTTER 2 COMMUNITY LICENSE AGREEMENT\nOtter 2 Version Release Date: May 4, 2031"
FIRST = AGREEMENT.replace(TITLE, TITLE.replace("Otter 2", "Llama 2")).replace(
    "Herons must ask first.", 'Herons ask Llama 2 at https://otter.example/2 "first".'
)
SECOND = AGREEMENT.replace(
    TITLE, TITLE.replace("Otter 2", "Meta Llama 3").replace("May 4, 2031", "June 5, 2032")
).replace("Herons must ask first.", "Herons ask Meta Llama 3 at otter.example/three “first”.")


@pytest.fixture
def two(catalogue: list[LlamaVersion]) -> tuple[LicenceText, LicenceText]:
    """Two agreements that differ in names, a date, an address and quotes alone."""
    return imported(catalogue[0], FIRST), imported(catalogue[1], SECOND)


@pytest.mark.parametrize("number", ["2", "preamble"])
def test_in_substance_names_dates_and_addresses_are_neither_marked_nor_a_change(
    two: tuple[LicenceText, LicenceText], number: str
) -> None:
    clause, marks = marked(*two, Marks.SUBSTANCE, number)
    assert marks == []
    assert (clause.changed, clause.renamed, clause.kind) == (False, True, "same")
    assert joined(clause.new_segments) == clause.text


def test_to_the_letter_names_dates_addresses_and_quotes_are_marked_and_a_change(
    two: tuple[LicenceText, LicenceText],
) -> None:
    clause, marks = marked(*two, Marks.LETTER, "2")
    assert (clause.changed, clause.renamed, clause.kind) == (True, True, "reworded")
    words = " ".join(text for _kind, text in marks)
    assert all(one in words for one in ("Meta", "3", "https", "three", '"', "“", "”"))
    assert joined(clause.old_segments).endswith('https://otter.example/2 "first".')
    assert joined(clause.new_segments) == clause.text
    _preamble, of_preamble = marked(*two, Marks.LETTER, "preamble")
    assert ("added", "June 5, 2032") in of_preamble or ("added", "June 5") in of_preamble


def test_a_clause_with_the_same_letters_is_no_change_to_the_letter(two: tuple[LicenceText, LicenceText]) -> None:
    clause, marks = marked(*two, Marks.LETTER, "1.a")
    assert (marks, clause.changed, clause.renamed) == ([], False, False)


def test_in_a_reworded_clause_only_what_is_of_substance_is_marked(catalogue: list[LlamaVersion]) -> None:
    old = imported(catalogue[0], FIRST)
    new = imported(catalogue[1], SECOND.replace("Herons ask", "Herons beg"))
    clause, marks = marked(old, new, Marks.SUBSTANCE, "2")
    assert clause.reworded
    assert marks == [("deleted", "ask"), ("added", "beg")]
    assert joined(clause.new_segments) == "Herons beg Meta Llama 3 at otter.example/three “first”."
    assert joined(clause.old_segments) == 'Herons ask Llama 2 at https://otter.example/2 "first".'


@pytest.mark.official_texts
@pytest.mark.parametrize("marks", Marks)
def test_every_side_of_every_official_comparison_is_its_text_to_the_character(
    official_base: list[LlamaVersion], marks: Marks
) -> None:
    for kind in TextKind:
        texts = [version.texts.select_related("version").get(kind=kind, is_current=True) for version in official_base]
        for old in texts:
            printed = {words for one in split_text(old) for words in (one.printed_text, one.printed_words)}
            for new in texts:
                for clause in shown(new, old, marks) if new != old else ():
                    assert not clause.old_segments or joined(clause.old_segments) in printed
                    assert clause.kind == "removed" or joined(clause.new_segments) == clause.text
