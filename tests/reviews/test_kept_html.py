"""What is kept is used again for exactly the same, and never grows past its bound."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import override

from licences.kept_html import KeptHtml

TEMPLATE = "_parts/_check_mark.html"


def drawing(answer: str, drawn: list[str]) -> Callable[[], dict[str, Any]]:
    def context() -> dict[str, Any]:
        drawn.append(answer)
        return {"check": {"url": "#check-1", "status": "met", "label": answer}}

    return context


def test_the_same_key_is_drawn_once_and_another_is_drawn_by_itself():
    kept = KeptHtml(100_000)
    drawn: list[str] = []
    first = kept.draw(TEMPLATE, "a", 1, context=drawing("one", drawn))
    assert kept.draw(TEMPLATE, "a", 1, context=drawing("never", drawn)) == first
    assert "two" in kept.draw(TEMPLATE, "a", 2, context=drawing("two", drawn))
    assert "three" in kept.draw(TEMPLATE, "a1", context=drawing("three", drawn))
    assert drawn == ["one", "two", "three"]


def test_each_language_has_its_own():
    kept = KeptHtml(100_000)
    drawn: list[str] = []
    kept.draw(TEMPLATE, "a", context=drawing("one", drawn))
    with override("nl"):
        kept.draw(TEMPLATE, "a", context=drawing("een", drawn))
    assert drawn == ["one", "een"]


def test_what_is_drawn_is_escaped_and_marked_as_safe():
    html = KeptHtml(100_000).draw(TEMPLATE, context=drawing("<script>", []))
    assert "&lt;script&gt;" in html and hasattr(html, "__html__")


def test_it_never_holds_more_than_its_bytes_and_forgets_what_was_used_longest_ago():
    kept = KeptHtml(4_000)
    drawn: list[str] = []
    for number in range(40):
        kept.draw(TEMPLATE, "always", context=drawing("always", drawn))
        kept.draw(TEMPLATE, number, context=drawing(f"{number:0300}", drawn))
        assert 0 < kept.bytes <= 4_000
    assert drawn.count("always") == 1
    kept.draw(TEMPLATE, 0, context=drawing("again", drawn))
    assert drawn[-1] == "again"


def test_something_larger_than_the_bound_is_drawn_and_not_kept():
    kept = KeptHtml(1_000)
    drawn: list[str] = []
    for _ in range(2):
        assert len(kept.draw(TEMPLATE, "big", context=drawing("x" * 5_000, drawn))) > 5_000
    assert len(drawn) == 2
    assert kept.bytes == 0
