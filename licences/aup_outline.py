"""Where the items of an acceptable use policy begin and end. Pure; see clauses.py.

Items are counted by nesting: Llama 3.1 prints bullets, 3.2 prints wrong numbers and 4 skips one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from licences.outline import (
    BULLETS,
    LETTERS,
    LIST_MARKER,
    ROMANS,
    Block,
    Line,
    Numbering,
    UnsplittableText,
    labels_after,
    numbered_block,
)

TITLE = re.compile(r".{0,60}Acceptable Use Policy", re.IGNORECASE)
PROHIBITED_USES = re.compile(r"prohibited uses:?", re.IGNORECASE)


def aup_begins_at(lines: Sequence[Line], after: int) -> int | None:
    """The index of the title of an AUP behind this line. The title alone could be the end of a sentence that was
    wrapped, so the heading of the prohibited uses must follow it."""
    for index in range(after + 1, len(lines)):
        if TITLE.fullmatch(lines[index].words):
            return index if any(PROHIBITED_USES.fullmatch(line.words) for line in lines[index:]) else None
    return None


def aup_blocks(lines: Sequence[Line]) -> list[Block]:
    """Introduction, prohibited uses with their items, the paragraph on the European Union, and where to report."""
    uses = next((i for i, line in enumerate(lines) if PROHIBITED_USES.fullmatch(line.words)), None)
    if uses is None:
        raise UnsplittableText(
            lines[0].number, "no line “Prohibited Uses” was found, so this is not a known form of policy."
        )
    items = next((i for i in range(uses + 1, len(lines)) if LIST_MARKER.match(lines[i].words)), None)
    if items is None:
        raise UnsplittableText(lines[uses].number, "no list follows the heading “Prohibited Uses”.")
    intro = [line for line in lines[:uses] if line.words]
    blocks = []
    if intro:
        blocks.append(Block("intro", intro, heading=intro[0].words if TITLE.fullmatch(intro[0].words) else ""))
    lead = [line for line in lines[uses:items] if line.words]
    blocks.append(Block("prohibited-uses", lead, heading=lead[0].words))
    return blocks + _AfterHeading(lines, items).blocks()


class _AfterHeading:
    """Reads on from the first item: list, paragraphs, list of places to report to."""

    def __init__(self, lines: Sequence[Line], start: int) -> None:
        self.lines = _without_common_indent(lines, start)
        self.start = start
        self.found: list[Block] = []
        self.in_list = True
        self.reports = 0
        self.in_reports = False
        self.unnumbered = 0
        self.place = self._placing()

    def blocks(self) -> list[Block]:
        for index in range(self.start, len(self.lines)):
            line = self.lines[index]
            if not line.words:
                continue
            if LIST_MARKER.match(line.words):
                self._item(index, line)
            elif self.lines[index - 1].words or (line.indent and (self.in_list or self.in_reports)):
                self.found[-1].lines.append(line)
            else:
                self._paragraph(index, line)
        _refuse_lost_nesting(self.found)
        return self.found

    def _placing(self) -> _ByLabel | _ByIndent:
        """Letters and roman numbers say their level themselves; numbers and bullets only by their indent."""
        for line in self.lines[self.start :]:
            marker = LIST_MARKER.match(line.words)
            if line.words and not marker and not line.indent:
                break
            if marker and marker.group()[0].isalpha():
                return _ByLabel(self.lines)
        return _ByIndent()

    def _item(self, index: int, line: Line) -> None:
        if self.in_list:
            self.found.append(self.place.block(index, line))
        elif self.in_reports and line.words[0] in BULLETS:
            self.reports += 1
            self.found.append(Block(f"reporting.{self.reports}", [line], 1, "reporting", marked=True))
        else:
            raise UnsplittableText(
                line.number, f"“{line.words.split()[0]}” begins an item after the list of prohibited uses has ended."
            )

    def _paragraph(self, index: int, line: Line) -> None:
        """A paragraph after the list. It is addressed by what it is about, else by its order."""
        self.in_list = self.in_reports = False
        end = index
        while end < len(self.lines) and self.lines[end].words and not LIST_MARKER.match(self.lines[end].words):
            end += 1
        words = " ".join(each.words for each in self.lines[index:end])
        following = next((each.words for each in self.lines[end:] if each.words), "")
        if LIST_MARKER.match(following) and "report" in words.lower():
            self.in_reports = True
            self.found.append(Block("reporting", [line]))
        elif "multimodal" in words and "European Union" in words:
            self.found.append(Block("eu-multimodal", [line]))
        else:
            self.unnumbered += 1
            self.found.append(Block(f"unnumbered.{self.unnumbered}", [line]))


def _without_common_indent(lines: Sequence[Line], start: int) -> Sequence[Line]:
    """The same lines from `start` on without what all of them are set in by, as inside a block of YAML or a quote."""
    margin = min((line.indent for line in lines[start:] if line.words), default=0)
    if not margin:
        return lines
    return [*lines[:start], *(replace(line, indent=max(line.indent - margin, 0)) for line in lines[start:])]


def _refuse_lost_nesting(blocks: Sequence[Block]) -> None:
    """A copy that lost its indents would count on at one level: what a colon introduces must stand below it."""
    for above, below in pairwise(one for one in blocks if one.marked):
        introduces = " ".join(line.words for line in above.lines).endswith(":")
        if introduces and below.depth <= above.depth:
            raise UnsplittableText(
                below.lines[0].number,
                f"item {above.id} above ends with a colon, and what it introduces is not set in below it. The indents "
                "of this copy may be lost; without them the items cannot be counted.",
            )


class _ByLabel:
    """As in the policy inside the Llama 3 agreement, whose indent mixes blanks and tabs."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.numbering = Numbering()

    def block(self, index: int, line: Line) -> Block:
        parts = self.numbering.step(line, line.words.split(".", 1)[0], labels_after(self.lines, index))
        return numbered_block(parts, parts, line)


class _ByIndent:
    """Numbers or bullets: deeper by indent, counted by order, whatever is printed."""

    def __init__(self) -> None:
        self.levels: list[_Level] = []

    def block(self, index: int, line: Line) -> Block:
        marker = LIST_MARKER.match(line.words)
        printed = marker.group().rstrip(".") if marker else ""
        printed = "" if printed in BULLETS else printed
        if not self.levels or line.indent > self.levels[-1].indent:
            self.levels.append(_Level(line.indent, bool(printed)))
        while line.indent < self.levels[-1].indent:
            self.levels.pop()
            if not self.levels or line.indent > self.levels[-1].indent:
                raise UnsplittableText(line.number, "the indent lies between two levels of the list above.")
        level = self.levels[-1]
        if level.numbered != bool(printed):
            raise UnsplittableText(line.number, "bullets and numbers are mixed on one level of the list.")
        if len(self.levels) > 3:
            raise UnsplittableText(line.number, "the list is nested more than three levels deep.")
        level.count += 1
        level.printed = printed
        parts = [name(each.count, line) for name, each in zip((_number, _letter, _roman), self.levels, strict=False)]
        return numbered_block(parts, [each.printed for each in self.levels], line)


class _Level:
    def __init__(self, indent: int, numbered: bool) -> None:
        self.indent = indent
        self.numbered = numbered
        self.count = 0
        self.printed = ""


def _number(count: int, line: Line) -> str:
    return str(count)


def _letter(count: int, line: Line) -> str:
    return _nth(LETTERS, count, line)


def _roman(count: int, line: Line) -> str:
    return _nth(ROMANS, count, line)


def _nth(names: Sequence[str], count: int, line: Line) -> str:
    if count > len(names):
        raise UnsplittableText(line.number, f"the list has more than {len(names)} items on one level.")
    return names[count - 1]
