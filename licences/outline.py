"""The lines of a licence text and the labels at their beginnings: what both outlines are read from. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from licences.normalise import decode, normalise_text


class UnsplittableText(ValueError):  # noqa: N818 - a fact about the text, said to the person who added it
    """The text cannot be split without guessing. Says the line and why."""

    def __init__(self, line: int, why: str) -> None:
        self.line = line
        self.why = why
        super().__init__(f"Line {line}: {why}")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file."""

    number: int
    raw: str
    words: str  # normalised; empty for a blank line, also one that holds only U+00A0
    indent: int


@dataclass(slots=True)
class Block:
    """A clause in the making: its place and its lines, not yet its words."""

    id: str
    lines: list[Line] = field(default_factory=list)
    depth: int = 0
    parent: str | None = None
    printed_label: str = ""
    marked: bool = False  # begins with a number or a bullet
    heading: str = ""  # a heading on a line of its own; run-in headings are found later


def numbered_block(parts: Sequence[str], printed: Sequence[str], line: Line) -> Block:
    """A clause that begins with a label: id and printed label are paths through the nesting."""
    parent = ".".join(parts[:-1]) or None
    return Block(".".join(parts), [line], len(parts) - 1, parent, ".".join(p for p in printed if p), marked=True)


def read_lines(raw: bytes) -> list[Line]:
    """The lines of a file, split at \\n only: str.splitlines() would split at the U+2028 inside a line of Llama 3.1."""
    return [
        Line(number, line, normalise_text(line), len(lead := line.expandtabs(4)) - len(lead.lstrip(" ")))
        for number, line in enumerate(decode(raw).split("\n"), start=1)
    ]


ROMANS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi",
          "xvii", "xviii", "xix", "xx")  # fmt: skip
LETTERS = "abcdefghijklmnopqrstuvwxyz"
LABEL = re.compile(rf"(\d{{1,2}}|[a-z]|{'|'.join(ROMANS)})\.(?= |$)")
# Labels of a style that no official text uses. Left alone they would hide clauses inside others.
FOREIGN_LABEL = re.compile(
    rf"(?:\(?(?:\d{{1,2}}|[A-Za-z]|{'|'.join(ROMANS)})\)|\d{{1,2}}(?:\.\d{{1,2}})+\.?|[A-Z]\.|[*+•-])(?= |$)"
)
BULLETS = "*+•-"
LIST_MARKER = re.compile(rf"(?:\d{{1,3}}\.|(?:[a-z]|{'|'.join(ROMANS)})\.|[*+•-])(?= |$)")
ENDS_A_SENTENCE = ('.', ':', ';', '"', "'", ")")  # fmt: skip


class Numbering:
    """Where we are in "1." / "a." / "i.". Indent is no help (Llama 3.3 and 4 have none), so labels alone decide."""

    def __init__(self) -> None:
        self.number = self.letter = self.roman = 0

    @property
    def expected(self) -> tuple[str, ...]:
        number = (str(self.number + 1),)
        letter = (LETTERS[self.letter],) if self.number and self.letter < len(LETTERS) else ()
        roman = (ROMANS[self.roman],) if self.letter and self.roman < len(ROMANS) else ()
        return number + letter + roman

    def step(self, line: Line, label: str, later_labels: Iterable[str]) -> list[str]:
        """Move on to this label; answers the id as its parts."""
        if label not in self.expected:
            wanted = " or ".join(f"“{name}.”" for name in self.expected)
            raise UnsplittableText(line.number, f"found “{label}.” where {wanted} was expected next.")
        if label.isdigit():
            self.number, self.letter, self.roman = self.number + 1, 0, 0
            return [str(self.number)]
        as_letter = bool(self.number) and label == LETTERS[self.letter]
        as_roman = bool(self.letter) and label == ROMANS[self.roman]
        if as_letter and as_roman:  # "h." and then "i.": the next label tells
            as_roman = self._next_is_roman(line, label, later_labels)
        if as_roman:
            self.roman += 1
            return [str(self.number), LETTERS[self.letter - 1], ROMANS[self.roman - 1]]
        self.letter, self.roman = self.letter + 1, 0
        return [str(self.number), LETTERS[self.letter - 1]]

    def _next_is_roman(self, line: Line, label: str, later_labels: Iterable[str]) -> bool:
        following = next(iter(later_labels), "")
        if following == ROMANS[self.roman + 1]:
            return True
        if self.letter + 1 < len(LETTERS) and following == LETTERS[self.letter + 1]:
            return False
        raise UnsplittableText(
            line.number, f"“{label}.” may be a letter or a roman number, and no next label tells which."
        )


def labels_after(lines: Sequence[Line], index: int) -> Iterable[str]:
    return (found.group(1) for line in lines[index + 1 :] if (found := LABEL.match(line.words)))


def may_begin(lines: Sequence[Line], index: int) -> bool:
    """Whether a clause may begin on this line: not in the middle of a sentence that a hard wrap broke."""
    before = lines[index - 1].words if index else ""
    return not before or before.endswith(ENDS_A_SENTENCE)
