"""The words of a text on a web page: same words in other markup are the same, and what a page changes is named."""

from __future__ import annotations

import pytest

from licences.clauses import split
from licences.web_copy import compare, cut_out, page_lines
from tests.licences.texts import AGREEMENT, AUP

CLAUSES = split(AUP.encode(), "aup")

PAGE = """<!doctype html><html><head><title>Use policy</title><style>p {color: red}</style></head><body>
<nav><a href="/">Home</a></nav><header><h2>Menu</h2></header>
<main><h1>Otter 2 Acceptable Use Policy</h1>
<p>Be <b>kind</b> to Otter&nbsp;2. The newest copy is at <a href="https://otter.example/use">otter.example/use</a>.</p>
<h2>Prohibited Uses</h2><p>You agree not to use Otter 2 to:</p>
<ol><li>Break the law, including to:<ol><li>Steal, such as:<ol><li>fish</li><li>boats</li></ol></li>
<li>Lie about fish</li></ol></li><li>Splash people:<ol><li>with mud</li></ol></li>
<li>Hide known holes in the ice</li></ol>
<p>With respect to any multimodal otters, no pond in the European Union is meant.</p>
<p>Please report any splash through one of these:</p>
<ul><li>Reporting mud: mud@otter.example</li>
<li>Reporting holes: <a href="https://otter.example/holes">otter.example/holes</a></li></ul></main>
<script>track("otter");</script><footer>© Otters</footer></body></html>"""


def test_the_same_words_in_other_markup_are_the_same() -> None:
    found = compare(CLAUSES, page_lines(PAGE))
    assert (found.missing, found.added) == ((), ())
    assert found.same
    assert found.found == len(CLAUSES)


def test_a_changed_word_is_named_by_its_clause() -> None:
    found = compare(CLAUSES, page_lines(PAGE.replace("with mud", "with mud or sand and")))
    assert found.missing == () or "2.a" in found.missing
    assert not found.same


@pytest.mark.parametrize(
    ("old", "new", "missing"),
    [("Lie about fish", "Lie about birds", ("1.b",)), ("Hide known holes", "Hide all holes", ("3",))],
)
def test_a_reworded_clause_is_named(old: str, new: str, missing: tuple[str, ...]) -> None:
    assert compare(CLAUSES, page_lines(PAGE.replace(old, new))).missing == missing


def test_a_new_item_between_two_clauses_is_seen() -> None:
    found = compare(CLAUSES, page_lines(PAGE.replace("<li>with mud</li>", "<li>with mud</li><li>with tea</li>")))
    assert found.missing == ()
    assert any("withtea" in words for words in found.added)


def test_a_page_of_another_kind_is_not_the_text() -> None:
    found = compare(CLAUSES, page_lines("<html><body><h1>Not found</h1><p>Go home.</p></body></html>"))
    assert not found.is_the_text


def test_scripts_styles_and_menus_are_not_read() -> None:
    lines = page_lines(PAGE)
    assert not any("track" in line or "color" in line or "Home" in line for line in lines)


def test_what_is_cut_out_splits_into_the_same_clauses() -> None:
    changed = page_lines(PAGE.replace("Lie about fish", "Lie about birds"))
    text = cut_out(changed, compare(CLAUSES, changed))
    again = split(text.encode(), "aup")
    assert [one.id for one in again] == [one.id for one in CLAUSES]
    assert [one.words for one in again if one.id == "1.b"] == ["Lie about birds"]


def test_an_agreement_on_one_page_of_paragraphs_is_found() -> None:
    clauses = split(AGREEMENT.encode(), "agreement")
    page = "<main>" + "".join(f"<p>{clause.full_text}</p>" for clause in clauses) + "</main>"
    assert compare(clauses, page_lines(page)).same
