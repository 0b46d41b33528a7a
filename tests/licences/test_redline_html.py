"""The redline as HTML: safe, readable without colour, with ids that no other clause uses."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licences.redline import redline
from licences.redline_html import element_id, redline_html, side_by_side_html

HIDDEN = re.compile(r'<span class="visually-hidden">[^<]*</span>')
OWN_MARK = re.compile(r'</?(?:ins|del)(?: id="[a-z0-9-]+")?>')


def visible(page: str) -> str:
    return html.unescape(OWN_MARK.sub("", HIDDEN.sub("", page)))


def test_added_and_deleted_words_are_marked_and_said() -> None:
    shown = redline_html(redline("feed 500 fish", "feed 300 fish"), "aup-2-a")
    assert shown == (
        'feed <del id="aup-2-a-change-2"><span class="visually-hidden">[deleted: </span>500'
        '<span class="visually-hidden">]</span></del>'
        '<ins id="aup-2-a-change-3"><span class="visually-hidden">[added: </span>300'
        '<span class="visually-hidden">]</span></ins> fish'
    )


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", '" onclick="x', "{0} {text}", "&lt;b&gt;", "</ins><img src=x>"]
)
def test_a_text_cannot_bring_its_own_marks(hostile: str) -> None:
    for old, new in ((hostile, "calm"), ("calm", hostile), (hostile, hostile)):
        shown = redline_html(redline(old, new), "c")
        assert "<script" not in shown
        assert "<img" not in shown
        assert set(re.findall(r"<(/?\w+)", shown)) <= {"ins", "/ins", "del", "/del", "span", "/span"}
        assert hostile in visible(shown)


@given(st.text(max_size=40), st.text(max_size=40))
def test_side_by_side_shows_exactly_the_old_and_the_new_text(old: str, new: str) -> None:
    left, right = side_by_side_html(redline(old, new), "c")
    assert visible(left) == old
    assert visible(right) == new
    assert "<ins" not in left
    assert "<del" not in right


def test_ids_on_one_page_are_unique_over_clauses_and_views() -> None:
    spans = redline("one fish two otters", "two fish two herons")
    page = ""
    for clause_id in ("1.b", "1.b.i", "2", "appended-aup.2"):
        element = element_id("license", clause_id)
        page += redline_html(spans, element) + "".join(side_by_side_html(spans, element))
    ids = re.findall(r'id="([^"]+)"', page)
    assert len(ids) == len(set(ids)) == 4 * 8


def test_an_element_id_is_made_of_plain_characters() -> None:
    assert element_id("AUP", "1.a.iv") == "aup-1-a-iv"
    assert element_id("agreement", "definition.llama-materials") == "agreement-definition-llama-materials"
