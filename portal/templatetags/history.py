"""What happened to a product, newest first. In Python and not in a template, because a page draws forty of them."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from foundation.audit.queries import TimelineEntry
from foundation.audit.words import icon_and_tone, phrase
from portal.templatetags.desk import icon, local_time

register = template.Library()


@register.simple_tag
def history(events: Iterable[TimelineEntry]) -> SafeString:
    """Who did what and when, a line each."""
    lines = format_html_join(
        "",
        '<li><span class="dot {}">{}</span><div><div class="entry"><span><b>{}</b> {}</span>{}</div></div></li>',
        (
            (tone, icon(drawing), event.actor_name, phrase(event.kind), local_time(event.recorded_at))
            for event in events
            for drawing, tone in [icon_and_tone(event.kind)]
        ),
    )
    return format_html('<ol class="timeline">{}</ol>', lines)
