"""The words of a licence text, freed from how a file happens to lay them out. Pure.

Meta publishes the same words as hard-wrapped ASCII, as one paragraph per line and as Markdown. Two copies with equal
words must compare equal; the SHA-256 of the raw bytes, kept beside, still tells the copies apart.
"""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata
from collections.abc import Iterable

WORDS_SCHEMA = "words-v1"

STRAIGHT = str.maketrans(
    {
        "“": '"', "”": '"', "„": '"', "‟": '"',
        "‘": "'", "’": "'", "‚": "'", "‛": "'",
        "©": "(c)",
    }
)  # fmt: skip
INVISIBLE = str.maketrans(dict.fromkeys("\u00ad\u200b\u2060\ufeff"))  # no word is made of them

# Only a label before a real address is a link: "[Section 1](a)" in a plain text must keep every character.
LINK = re.compile(r"(?<!\\)\[([^\[\]\n]*)\]\((?:https?://|mailto:)[^\s()]*\)")
INLINE_TAG = re.compile(r"</?(?:span|u|b|i|em|strong)(?:\s[^<>\n]*)?>", re.IGNORECASE)
LINE_BREAK_TAG = re.compile(r"<br\s*/?>", re.IGNORECASE)
HEADING_MARK = re.compile(r"^[^\S\n]{0,3}#{1,6}[^\S\n]+", re.MULTILINE)
ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
WRAPPED_HYPHEN = re.compile(r"(?<=\w)-[^\S\n]*\n[^\S\n]*(?=\w)")
BLANKS = re.compile(r"\s+")

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
DATE = re.compile(rf"\b(?:{MONTHS}) \d{{1,2}}, \d{{4}}\b")
# With a scheme, or a host with a path: "1.b.ii" and "U.S." are no addresses. The last character is never punctuation.
ADDRESS = re.compile(
    r"(?<![\w.@/-])(?:https?://|(?:[a-z0-9-]+\.)+[a-z]{2,}/)(?:[^\s\"'()<>]*[^\s\"'()<>.,;:])?", re.IGNORECASE
)
STOP_AFTER_ADDRESS = r"(?:\.(?=\s|$))?"  # some files leave the full stop out, so that it is no part of the link
BLANK_BEFORE_MARK = re.compile(r" +(?=[),.;:])")
MASKS = {"address": "\ue000", "date": "\ue001", "version": "\ue002"}  # private use: no licence text prints them


_ADDRESS_AND_STOP = re.compile(ADDRESS.pattern + STOP_AFTER_ADDRESS, re.IGNORECASE)


class UnreadableText(ValueError):  # noqa: N818 - a fact about the text, said to the person who added it
    """The bytes are not a text that can be compared. The message says what to do."""


def decode(raw: bytes) -> str:
    """The characters of a file: UTF-8 only, line ends as \\n, nothing else changed."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableText(
            f"The file is not UTF-8 text (byte {error.start + 1} cannot be read). "
            "Save it as UTF-8 plain text or Markdown and add it again."
        ) from error
    if "\0" in text:
        raise UnreadableText(
            f"The file holds a NUL byte (character {text.index(chr(0)) + 1}), so it is not plain text. "
            "Add the plain text or Markdown file, not a document of another format."
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def normalise_text(text: str) -> str:
    """The words of a decoded text, see normalise()."""
    return straighten(as_printed(text))


def straighten(printed: str) -> str:
    """Straight quotes, and (c) for the copyright sign: the last step from what is printed to what is compared."""
    return printed.translate(STRAIGHT)


def as_printed(text: str) -> str:
    """The words of a decoded text with the quotes and signs that the file prints: for showing, never for comparing."""
    text = unicodedata.normalize("NFC", text)
    text = LINK.sub(r"\1", text)
    text = LINE_BREAK_TAG.sub(" ", INLINE_TAG.sub("", text))
    text = HEADING_MARK.sub("", text).replace("**", "")
    text = ESCAPE.sub(r"\1", text).translate(INVISIBLE)
    text = WRAPPED_HYPHEN.sub("-", text)
    return BLANKS.sub(" ", text).strip()


def cut_printed(printed: str, lengths: Iterable[int]) -> list[str]:
    """What is printed, cut into pieces that have these lengths once they are straightened.

    Where a cut would go through a sign that straightens to several characters, the whole sign stays before it.
    """
    pieces, at, ahead = [], 0, 0
    for length in lengths:
        end, taken = at, ahead
        while taken < length:
            taken += len(straighten(printed[end]))
            end += 1
        pieces.append(printed[at:end])
        at, ahead = end, taken - length
    return pieces


def normalise(raw: bytes) -> str:
    """The words of a text on one line.

    Straight quotes, (c) for the copyright sign, one blank for any run of blanks and line ends, hyphens at a hard wrap
    joined, and the marks of Markdown gone: bold, headings, escapes, inline tags, and the addresses behind link labels
    (the label is the words; the address behind it shows only in the SHA-256 of the raw bytes). Numbers and bullets
    of lists stay: they are printed.
    """
    return normalise_text(decode(raw))


def words_digest(raw: bytes) -> str:
    """SHA-256 of the normalised words, with the schema of the normalisation inside the digest."""
    return hashlib.sha256(f"{WORDS_SCHEMA}\n{normalise(raw)}".encode()).hexdigest()


@functools.lru_cache(maxsize=64)
def _names_pattern(names: tuple[str, ...]) -> re.Pattern[str] | None:
    longest_first = sorted({name for name in names if name.strip()}, key=len, reverse=True)
    if not longest_first:
        return None
    any_name = "|".join(re.escape(name) for name in longest_first)
    # "Llama 3" must not be found inside "Llama 3.1" or "Llama 30".
    return re.compile(rf"(?<!\w)(?:{any_name})(?![\w]|\.\d)", re.IGNORECASE)


@functools.lru_cache(maxsize=64)
def _anything_folded(names: tuple[str, ...]) -> re.Pattern[str]:
    """Addresses, dates and names in one pattern, each in a group of its own."""
    name = _names_pattern(names)
    parts = [
        f"(?P<address>{ADDRESS.pattern}{STOP_AFTER_ADDRESS}(?:{BLANK_BEFORE_MARK.pattern})?)",
        f"(?P<date>{DATE.pattern})",
    ]
    return re.compile("|".join([*parts, *([f"(?P<version>{name.pattern})"] if name else [])]), re.IGNORECASE)


def fold_version(text: str, names: Iterable[str]) -> str:
    """Replace what differs between versions without changing a rule: version names, addresses and dates.

    For comparing only, never for showing: a display text such as a "Built with" line folds too, so a page says of an
    equal pair that it is equal apart from names, and shows both wordings.
    """
    folded = DATE.sub("{date}", _ADDRESS_AND_STOP.sub("{address}", text))
    pattern = _names_pattern(tuple(names))
    if pattern is not None:
        folded = pattern.sub("{version}", folded)
    return BLANK_BEFORE_MARK.sub("", folded)


def mask_version(text: str, names: Iterable[str]) -> tuple[str, list[str]]:
    """The text with one sign for each name, address and date, and what the signs stand for, in their order.

    A redline of two masked texts leaves those unmarked; unmask() puts back what each side printed.
    """
    if any(sign in text for sign in MASKS.values()):
        return text, []
    taken: list[str] = []

    def mask(found: re.Match[str]) -> str:
        taken.append(found.group())
        return MASKS[found.lastgroup or "version"]

    return _anything_folded(tuple(names)).sub(mask, text), taken


def unmask(pieces: Iterable[str], taken: Iterable[str]) -> list[str]:
    """Pieces of a masked text with what stood there; `taken` is all that mask_version() took out of it."""
    rest = iter(taken)
    signs = re.compile(f"[{''.join(MASKS.values())}]")
    return [signs.sub(lambda found: next(rest, found.group()), piece) for piece in pieces]
