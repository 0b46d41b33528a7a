"""A redline as HTML that reads well without colour and aloud: <ins> and <del> with hidden words in them.

Only the marks are ours; every word of a text is escaped, because anybody may upload one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from licences.redline import Span


def element_id(*parts: str) -> str:
    """An id for the page that is unique where the parts are, such as ("aup", "1.a.i"): "aup-1-a-i"."""
    return "-".join(re.sub(r"[^a-z0-9]+", "-", part.lower()).strip("-") for part in parts)


def redline_html(spans: Iterable[Span], clause_element: str) -> SafeString:
    """Old and new in one text. `clause_element` (see element_id) makes the ids of the marks unique on the page."""
    return _join(_marked(span, f"{clause_element}-change-{n}") for n, span in _numbered(spans))


def side_by_side_html(spans: Iterable[Span], clause_element: str) -> tuple[SafeString, SafeString]:
    """Old and new as two texts, each with only its own marks."""
    numbered = list(_numbered(spans))
    old = (_marked(span, f"{clause_element}-old-{n}") for n, span in numbered if span.kind != "added")
    new = (_marked(span, f"{clause_element}-new-{n}") for n, span in numbered if span.kind != "deleted")
    return _join(old), _join(new)


def _numbered(spans: Iterable[Span]) -> Iterable[tuple[int, Span]]:
    return enumerate(spans, start=1)


def _join(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def _marked(span: Span, mark_id: str) -> SafeString:
    if span.kind == "equal":
        return format_html("{}", span.text)
    tag, opening = ("del", _("[deleted: ")) if span.kind == "deleted" else ("ins", _("[added: "))
    hidden = '<span class="visually-hidden">{}</span>'
    return format_html(
        '<{tag} id="{id}">{opening}{text}{closing}</{tag}>',
        tag=tag,
        id=mark_id,
        opening=format_html(hidden, opening),
        text=span.text,
        closing=format_html(hidden, "]"),
    )
