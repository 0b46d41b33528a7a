"""The words of a licence on a web page, held against the text that is known. Pure.

A page prints the same words in other markup: list numbers come from the browser, links and breaks stand elsewhere, and
a frame of menus surrounds them. So clause by clause is looked for, in order, and what stands between two clauses must
be no more than a number or a bullet. What a page adds before the first and after the last clause is not seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

from licences.clauses import Clause
from licences.normalise import normalise_text

_UNSEEN = frozenset({"script", "style", "template", "noscript", "svg", "head", "nav"})
_INLINE = frozenset({"a", "abbr", "b", "code", "em", "font", "i", "mark", "small", "span", "strong", "sub", "sup", "u"})
_VOID = frozenset({"area", "base", "col", "embed", "img", "input", "link", "meta", "source", "track", "wbr"})
_BLANKS = re.compile(r"\s+")
_MARKER = re.compile(r"(?:[(]?(?:\d{1,2}|[a-z]|[ivx]{1,5})[.)]|[•*·◦▪-])*", re.IGNORECASE)


@dataclass(frozen=True)
class Comparison:
    """What of a text a page does not show as it is. Empty both: the page has the same words."""

    missing: tuple[str, ...]  # ids of clauses whose words are not there
    added: tuple[str, ...]  # words between two clauses, none missing between them, that are no number or bullet
    found: int  # clauses that are there
    first: str  # words of the first and of the last clause that are there
    last: str

    @property
    def same(self) -> bool:
        return not self.missing and not self.added

    @property
    def is_the_text(self) -> bool:
        """Whether the page shows this text at all: a page of another kind has hardly any of its clauses."""
        return self.found > len(self.missing)


def page_lines(html: str) -> list[str]:
    """The visible text of a page, a line for each block; numbers of ordered lists are printed."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return [line for line in (one.rstrip() for one in reader.lines()) if line.strip()]


def compare(clauses: Iterable[Clause], lines: Iterable[str]) -> Comparison:
    """Look for every clause in its order. Blanks and line ends do not count."""
    page = _squeezed("\n".join(lines))
    missing: list[str] = []
    added: list[str] = []
    there: list[str] = []
    at, skipped = 0, False
    for clause in clauses:
        words = _squeezed(clause.words)
        place = page.find(words, at)
        if place < 0:
            missing.append(clause.id)
            skipped = True
            continue
        between = page[at:place]
        if there and not skipped and not _MARKER.fullmatch(between):
            added.append(between[:120])
        skipped = False
        there.append(clause.words)
        at = place + len(words)
    first, last = (there[0], there[-1]) if there else ("", "")
    return Comparison(tuple(missing), tuple(added), len(there), first, last)


def cut_out(lines: list[str], comparison: Comparison) -> str:
    """The part of the page from the first to the last clause that is there, as a plain text that can be split."""
    start = _line_of(lines, _squeezed(comparison.first)[:40])
    end = len(lines) - 1 - _line_of(lines[::-1], _squeezed(comparison.last)[-40:])
    return "\n\n".join(lines[start : end + 1]) + "\n"


def _line_of(lines: list[str], words: str) -> int:
    return next((place for place, line in enumerate(lines) if words and words in _squeezed(line)), 0)


def _squeezed(text: str) -> str:
    return _BLANKS.sub("", normalise_text(text))


class _Reader(HTMLParser):
    """Collects what a reader sees: text by blocks, with the numbers that a browser prints before list items."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = [""]
        self._unseen: list[str] = []
        self._lists: list[int | None] = []  # how far each open list has counted; None for bullets

    def lines(self) -> Iterator[str]:
        """The lines so far."""
        return iter(self._lines)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._unseen or tag in _UNSEEN:
            if tag not in _VOID:
                self._unseen.append(tag)
            return
        if tag in _INLINE or tag in _VOID:
            return
        self._lines.append("")
        if tag in {"ol", "ul"}:
            start = dict(attrs).get("start") or "1"
            self._lists.append(int(start) - 1 if tag == "ol" and start.isdigit() else 0 if tag == "ol" else None)
        elif tag == "li" and self._lists:
            indent, count = "    " * (len(self._lists) - 1), self._lists[-1]
            self._lists[-1] = None if count is None else count + 1
            self._lines[-1] = f"{indent}* " if count is None else f"{indent}{count + 1}. "

    def handle_endtag(self, tag: str) -> None:
        if self._unseen:
            if tag in self._unseen:
                del self._unseen[self._unseen.index(tag) :]
            return
        if tag in _INLINE:
            return
        if tag in {"ol", "ul"} and self._lists:
            self._lists.pop()
        self._lines.append("")

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        words = _BLANKS.sub(" ", data)
        line = self._lines[-1]
        if line.endswith((" ", "")) and (not line.strip() or line.endswith(" ")):
            words = words.lstrip(" ")
        self._lines[-1] = line + words
