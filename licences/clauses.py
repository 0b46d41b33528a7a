"""Splits an agreement or an acceptable use policy (AUP) into clauses that can be addressed. Pure.

Clauses are counted by nesting, because printed numbers are missing, repeated or skipped in several official files; the
printed label is kept beside. Nothing is guessed: a text that could be read in two ways is refused with its line. And
nothing is lost: the clauses, put together again, are exactly the normalised words of the file.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from licences.agreement_outline import agreement_blocks, first_section
from licences.aup_outline import aup_begins_at, aup_blocks
from licences.normalise import as_printed, cut_printed, normalise, straighten
from licences.outline import Block, Line, UnsplittableText, read_lines

__all__ = ["Clause", "Kind", "UnsplittableText", "address", "split", "split_appended_aup", "tree_counts"]

Kind = Literal["agreement", "aup"]

CLAUSE_SCHEMA = "clause-v1"
APPENDED_AUP = "appended-aup"
DOCUMENT_NAMES: dict[Kind, str] = {"agreement": "LICENSE", "aup": "AUP"}

SMALL_WORD = "of|and|or|the|to|for|in|on"
RUN_IN_HEADING = re.compile(rf"[A-Z][\w'-]*(?: (?:[A-Z][\w'-]*|{SMALL_WORD})){{0,7}}\.(?= |$)")


@dataclass(frozen=True, slots=True)
class Clause:
    """One addressable part of a text. `marker` is what the file prints before it, such as "a." or a bullet.

    Heading and text are normalised, for comparing; the printed ones have the quotes and signs of the file, for showing.
    """

    id: str
    printed_label: str
    marker: str
    heading: str
    text: str
    depth: int
    parent: str | None
    position: int
    printed_heading: str = ""
    printed_text: str = ""

    @property
    def words(self) -> str:
        """Heading and text without the number: what two versions are compared by."""
        return " ".join(part for part in (self.heading, self.text) if part)

    @property
    def printed_words(self) -> str:
        """The words as the file prints them."""
        return " ".join(part for part in (self.printed_heading, self.printed_text) if part)

    @property
    def full_text(self) -> str:
        """Everything that the file prints for this clause, normalised."""
        return " ".join(part for part in (self.marker, self.heading, self.text) if part)

    @property
    def digest(self) -> str:
        """SHA-256 of the normalised words, with the schema inside the digest."""
        return hashlib.sha256(f"{CLAUSE_SCHEMA}\n{self.words}".encode()).hexdigest()


def split(raw: bytes, kind: Kind) -> list[Clause]:
    """The clauses of a text, in the order of the file.

    An AUP appended to an agreement (as in Llama 3) comes last, with ids under "appended-aup.".
    Raises UnreadableText or UnsplittableText, each with a sentence that says what is wrong and where.
    """
    return list(_split(raw, kind))


def split_appended_aup(raw: bytes) -> bytes | None:
    """The bytes of the AUP that an agreement carries after its last section, or None."""
    aup_at = _appended_aup_at(read_lines(raw))
    if aup_at is None:
        return None
    line_ends = [found.end() for found in re.finditer(b"\r\n|\r|\n", raw)]
    return raw[line_ends[aup_at - 1] :]


def address(kind: Kind, clause: Clause) -> str:
    """The clause as a page names it: "LICENSE 1.b.i", or "AUP 2.a (printed 3.1)" where the file prints that instead."""
    shown = f"{DOCUMENT_NAMES[kind]} {clause.id}"
    own_id = clause.id.removeprefix(f"{APPENDED_AUP}.")
    return f"{shown} (printed {clause.printed_label})" if clause.printed_label not in ("", own_id) else shown


def tree_counts(clauses: Iterable[Clause]) -> dict[str, int]:
    """How many clauses there are of each sort: numbered ones by level, the others by the first part of their id."""
    return dict(
        Counter(f"level-{each.depth + 1}" if each.id[0].isdigit() else each.id.split(".", 1)[0] for each in clauses)
    )


@functools.lru_cache(maxsize=64)
def _split(raw: bytes, kind: Kind) -> tuple[Clause, ...]:
    lines = read_lines(raw)
    if kind == "aup":
        blocks = aup_blocks(lines)
    else:
        aup_at = _appended_aup_at(lines)
        blocks = agreement_blocks(lines[:aup_at])
        if aup_at is not None:
            blocks += [_as_appended(block) for block in aup_blocks(lines[aup_at:])]
    _refuse_repeated_ids(blocks)
    clauses = tuple(_clause(block, position) for position, block in enumerate(blocks, start=1))
    _refuse_lost_words(normalise(raw), blocks, clauses)
    return clauses


def _appended_aup_at(lines: Sequence[Line]) -> int | None:
    sections = first_section(lines)
    return None if sections is None else aup_begins_at(lines, after=sections)


def _as_appended(block: Block) -> Block:
    block.id = f"{APPENDED_AUP}.{block.id}"
    block.parent = f"{APPENDED_AUP}.{block.parent}" if block.parent else None
    return block


def _clause(block: Block, position: int) -> Clause:
    printed = as_printed("\n".join(line.raw for line in block.lines))
    words = whole = straighten(printed)
    marker, heading = "", block.heading
    if block.marked:
        marker, _, words = words.partition(" ")
        if not words:
            raise UnsplittableText(block.lines[0].number, f"“{marker}” is printed without any words after it.")
        if found := RUN_IN_HEADING.match(words):
            heading = found.group()
    text = words.removeprefix(heading).lstrip(" ")
    before = len(whole) - len(words)
    between = len(words) - len(heading) - len(text)
    _, printed_heading, _, printed_text = cut_printed(printed, (before, len(heading), between, len(text)))
    return Clause(
        block.id,
        block.printed_label,
        marker,
        heading,
        text,
        block.depth,
        block.parent,
        position,
        printed_heading,
        printed_text,
    )


def _refuse_repeated_ids(blocks: Sequence[Block]) -> None:
    seen: set[str] = set()
    for block in blocks:
        if block.id in seen:
            raise UnsplittableText(block.lines[0].number, f"a second “{block.id}” begins here; the first is above.")
        seen.add(block.id)


def _refuse_lost_words(whole: str, blocks: Sequence[Block], clauses: Sequence[Clause]) -> None:
    """The promise of this module: put together again, the clauses are the normalised text to the character."""
    at = 0
    for block, clause in zip(blocks, clauses, strict=True):
        end = at + len(clause.full_text)
        if whole[at:end] != clause.full_text or whole[end : end + 1] not in ("", " "):
            raise UnsplittableText(
                block.lines[0].number,
                f"the words where “{clause.id}” begins or ends run together with their neighbours, so it cannot be "
                "cut out exactly. Look for a link, a tag or a hyphen at a line end.",
            )
        at = end + 1
    if at < len(whole):
        raise UnsplittableText(blocks[-1].lines[-1].number, "the words after this line belong to no clause.")
