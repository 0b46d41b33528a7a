"""A text that cannot be split into clauses: its lines as the file has them, and where the splitting fails."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from foundation.files.store import read
from licences.document import split_file
from licences.normalise import decode
from licences.outline import UnsplittableText

MOST_LINES = 2000  # the longest official text has 125; more of a strange file is to be downloaded


@dataclass(frozen=True)
class RawLine:
    """One line of the file."""

    number: int
    words: str
    marked: bool  # the splitting fails here


@dataclass(frozen=True)
class RawText:
    """The file around the line where the splitting fails; all of it, unless it is very long."""

    sha256: str
    kind: str
    why: str  # a sentence that names the line
    line: int
    lines: tuple[RawLine, ...]
    whole: bool


@lru_cache(maxsize=32)
def raw_if_unsplittable(sha256: str, kind: str) -> RawText | None:
    """The raw text, where no clauses can be read from it; DamagedFile where the bytes are not those imported."""
    try:
        split_file(sha256, kind)
    except UnsplittableText as error:
        return _around(sha256, kind, error)
    return None


def _around(sha256: str, kind: str, error: UnsplittableText) -> RawText:
    every = decode(read(sha256)).split("\n")  # as outline.read_lines() counts them
    first = max(0, min(error.line - 1 - MOST_LINES // 2, len(every) - MOST_LINES))
    lines = tuple(
        RawLine(number, words, number == error.line)
        for number, words in enumerate(every[first : first + MOST_LINES], start=first + 1)
    )
    return RawText(sha256, kind, str(error), error.line, lines, len(lines) == len(every))
