"""Where the clauses of a community licence agreement begin and end. Pure; see clauses.py."""

from __future__ import annotations

import re
from collections.abc import Sequence

from licences.outline import (
    FOREIGN_LABEL,
    LABEL,
    Block,
    Line,
    Numbering,
    UnsplittableText,
    labels_after,
    may_begin,
    numbered_block,
)

DEFINITION = re.compile(r'"([^"]{1,60})"(?: or "[^"]+")* (?:means|shall mean|refers to|has the meaning)\b')
TITLE = re.compile(r"(?=.*\b(?:agreement|licen[cs]e)\b)[^.;]{1,120}", re.IGNORECASE)


def first_section(lines: Sequence[Line]) -> int | None:
    """The index of the line where section 1 begins."""
    return next(
        (i for i, line in enumerate(lines) if (m := LABEL.match(line.words)) and m[1] == "1" and may_begin(lines, i)),
        None,
    )


def agreement_blocks(lines: Sequence[Line]) -> list[Block]:
    """Preamble, definitions and acceptance, then the numbered sections."""
    start = first_section(lines)
    if start is None:
        raise UnsplittableText(1, "no section “1.” was found, so this is not an agreement with numbered sections.")
    return _before_sections(lines[:start]) + _section_blocks(lines[start:])


def _before_sections(lines: Sequence[Line]) -> list[Block]:
    """Title and date, the definitions by their term, and the sentence that says how the agreement is accepted."""
    quoted = [i for i, line in enumerate(lines) if line.words.startswith('"')]
    starts = [(i, found.group(1)) for i in quoted if (found := DEFINITION.match(_paragraph_from(lines, i)))]
    first_definition = starts[0][0] if starts else len(lines)
    preamble = _preamble_block(lines[:first_definition])
    blocks = [preamble] if preamble else []
    depth, parent = (1, preamble.id) if preamble else (0, None)
    ends = [i for i, _ in starts[1:]]
    if starts:
        ends.append(_end_of_paragraph(lines, starts[-1][0]))
        rest = [line for line in lines[ends[-1] :] if line.words]
    for (begin, term), end in zip(starts, ends, strict=True):
        own = [line for line in lines[begin:end] if line.words]
        blocks.append(Block(f"definition.{_term_slug(term, own[0])}", own, depth, parent))
    if starts and rest:
        if any(not line.words for line in lines[rest[0].number - lines[0].number : rest[-1].number - lines[0].number]):
            raise UnsplittableText(
                rest[0].number,
                "after the last definition one paragraph of acceptance was expected before section 1, not several.",
            )
        blocks.append(Block("acceptance", rest, depth, parent))
    return blocks


def _preamble_block(lines: Sequence[Line]) -> Block | None:
    own = [line for line in lines if line.words]
    if not own:
        return None
    title = own[0].words if len(own) > 1 and TITLE.fullmatch(own[0].words) else ""
    return Block("preamble", own, heading=title)


def _end_of_paragraph(lines: Sequence[Line], index: int) -> int:
    return next((i for i in range(index, len(lines)) if not lines[i].words), len(lines))


def _paragraph_from(lines: Sequence[Line], index: int) -> str:
    """The words from this line to the next blank one: a definition may wrap before its "means"."""
    return " ".join(line.words for line in lines[index : _end_of_paragraph(lines, index)])


def _term_slug(term: str, line: Line) -> str:
    """The term as an id. The product's own name loses "Meta" and its number, so that versions share the address."""
    slug = re.sub(r"[^a-z0-9]+", "-", term.lower()).strip("-")
    if re.search(r"\d", slug):
        slug = re.sub(r"-?\d+(?:-\d+)*", "", slug).removeprefix("meta-")
    if not slug:
        raise UnsplittableText(line.number, f"the defined term “{term}” has no letters to address it by.")
    return slug


def _is_inline(lines: Sequence[Line], index: int) -> bool:
    """Whether the sentence of the line above goes on here, as in "(A) a copy; and" followed by a line with "(B)"."""
    before = lines[index - 1].words
    return bool(before) and not before.endswith((".", ":"))


def _section_blocks(lines: Sequence[Line]) -> list[Block]:
    blocks: list[Block] = []
    numbering = Numbering()
    unnumbered = 0
    for index, line in enumerate(lines):
        if not line.words:
            continue
        begins = may_begin(lines, index)
        found = LABEL.match(line.words)
        if found and not begins and found.group(1) in numbering.expected:
            raise UnsplittableText(
                line.number,
                f"“{found.group(1)}.” may begin a clause or go on with the sentence above, which has no end. "
                "A clause after a line without a full stop must be set apart by a blank line.",
            )
        if found and begins:
            parts = numbering.step(line, found.group(1), labels_after(lines, index))
            blocks.append(numbered_block(parts, parts, line))
        elif (foreign := FOREIGN_LABEL.match(line.words)) and not _is_inline(lines, index):
            raise UnsplittableText(
                line.number,
                f"“{foreign.group()}” looks like a label of a style that is not known here; "
                "known are “1.”, “a.” and “i.” at the beginning of a line.",
            )
        elif not lines[index - 1].words:  # a paragraph of its own, and nothing says to which clause it belongs
            unnumbered += 1
            blocks.append(Block(f"unnumbered.{unnumbered}", [line]))
        else:
            blocks[-1].lines.append(line)
    return blocks
