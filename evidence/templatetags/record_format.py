"""How a record is printed: instants, days, digests that may break, and words too long for a line."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from django import template
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

DIGEST_PIECE = 16  # a break each 16 characters costs nothing; a break anywhere makes layout slow
LONGEST_WORD = 28
_BREAK: SafeString = mark_safe("<wbr>")
_LONG_WORD = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")


def _pieces(word: str, length: int) -> SafeString:
    """The word, escaped, with a place to break after each `length` characters."""
    return format_html_join(_BREAK, "{}", ((word[at : at + length],) for at in range(0, len(word), length)))


@register.filter
def digest(value: str | None) -> SafeString | str:
    """A digest that may break after each 16 characters."""
    return _pieces(value, DIGEST_PIECE) if value else "–"


@register.filter
def fingerprint(value: str) -> SafeString:
    """A digest as `openssl x509 -fingerprint` prints it, to be compared by eye."""
    return _pieces(bytes.fromhex(value).hex(":").upper(), 3 * DIGEST_PIECE)


@register.filter
def breakable(value: object) -> SafeString:
    """Text with places to break inside words that are longer than a table column is wide."""
    text = "" if value is None else str(value)
    parts: list[SafeString] = []
    end = 0
    for long in _LONG_WORD.finditer(text):
        parts += [conditional_escape(text[end : long.start()]), _pieces(long[0], LONGEST_WORD)]
        end = long.end()
    parts.append(conditional_escape(text[end:]))
    return format_html_join("", "{}", ((part,) for part in parts))


@register.filter
def instant_utc(value: str | None) -> str:
    """An instant of the record as 23 Nov 2026, 09:14:05 UTC."""
    if not value:
        return "–"
    moment = datetime.fromisoformat(value.replace("Z", "+00:00")).astimezone(UTC)
    return f"{moment.day} {moment:%b %Y, %H:%M:%S} UTC"


@register.filter
def day(value: str | None) -> str:
    """A day of the record as 23 November 2026."""
    if not value:
        return "–"
    then = date.fromisoformat(value)
    return f"{then.day} {then:%B %Y}"


@register.filter
def kind_words(kind: str) -> str:
    """An event kind as words: review.step_signed becomes "Review: step signed"."""
    subject, _, what = kind.replace("_", " ").partition(".")
    return f"{subject[:1].upper()}{subject[1:]}: {what}" if what else subject
