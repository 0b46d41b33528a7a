"""What happened to a product, newest first. In Python and not in a template, because a page draws forty of them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from foundation.audit.queries import TimelineEntry
from foundation.audit.words import icon_and_tone, phrase
from portal.templatetags.desk import icon, local_time

register = template.Library()


@register.simple_tag
def history(events: Iterable[TimelineEntry]) -> SafeString:
    """Who did what and when, a line each."""
    language = get_language()
    lines = []
    for event in events:
        mark, what = _told(event.kind, language)
        # Everything here but the name is markup already.
        lines.append(
            f'<li>{mark}<div><div class="entry"><span><b>{escape(event.actor_name)}</b> {what}</span>'
            f"{local_time(event.recorded_at)}</div></div></li>"
        )
    return mark_safe(f'<ol class="timeline">{"".join(lines)}</ol>')  # noqa: S308


@lru_cache(maxsize=512)
def _told(kind: str, _language: str | None) -> tuple[SafeString, SafeString]:
    """The mark and the words of a kind of event."""
    drawing, tone = icon_and_tone(kind)
    return format_html('<span class="dot {}">{}</span>', tone, icon(drawing)), format_html("{}", phrase(kind))
