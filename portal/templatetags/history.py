"""What happened to a product, newest first. In Python and not in a template, because a page draws forty of them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from foundation.audit.queries import TimelineEntry
from foundation.audit.words import icon_and_tone, phrase
from portal.templatetags.desk import icon, local_time

register = template.Library()


@register.simple_tag
def history(events: Iterable[TimelineEntry]) -> SafeString:
    """Who did what and when, a line each."""
    language = get_language()
    lines = format_html_join(
        "",
        '<li>{}<div><div class="entry"><span><b>{}</b> {}</span>{}</div></div></li>',
        (
            (mark, event.actor_name, what, local_time(event.recorded_at))
            for event in events
            for mark, what in [_told(event.kind, language)]
        ),
    )
    return format_html('<ol class="timeline">{}</ol>', lines)


@lru_cache(maxsize=512)
def _told(kind: str, _language: str | None) -> tuple[SafeString, SafeString]:
    """The mark and the words of a kind of event."""
    drawing, tone = icon_and_tone(kind)
    return format_html('<span class="dot {}">{}</span>', tone, icon(drawing)), format_html("{}", phrase(kind))
