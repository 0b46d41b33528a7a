"""What runs where, as cells. In Python and not in a template, because the portfolio draws fifty of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from portal.portfolio_rows import Cell
from portal.templatetags.desk import addresses, badge

register = template.Library()


@register.simple_tag
def cells(shown: Sequence[Cell], product: str) -> SafeString:
    """Every environment of a product; each thing that runs there leads to its review, else to the product."""
    language, address_of = get_language(), addresses()
    production, nothing, no_environment = _same_in_each(language)
    items = []
    for cell in shown:
        several = len(cell.running) > 1
        running = [
            f'<a class="cell" href="{escape(address_of(one.review or product))}"{_why(one.reasons)}>'
            f"{_version_and_standing(one.version, one.word, language)}{_named(one.component) if several else ''}</a>"
            for one in cell.running
        ]
        place = f"{escape(cell.deployment.name)}{production if cell.deployment.is_production else ''}"
        items.append(f'<li><span class="cell-place">{place}</span> {"".join(running) or nothing}</li>')
    return mark_safe(f'<ul class="cells">{"".join(items) or no_environment}</ul>')  # noqa: S308 - each part is escaped


def _why(reasons: Sequence[str]) -> SafeString | str:
    return format_html(' title="{}"', " ".join(reasons)) if reasons else ""


def _named(component: str) -> SafeString:
    return format_html('<small class="muted">{}</small>', component)


@lru_cache(maxsize=512)
def _version_and_standing(version: str, word: str, _language: str | None) -> SafeString:
    return format_html('<span class="ver">{}</span>{}', version, badge("approved" if word == "in_force" else word))


@lru_cache(maxsize=16)
def _same_in_each(_language: str | None) -> tuple[SafeString, SafeString, SafeString]:
    return (
        format_html(' <span class="visually-hidden">({})</span>', gettext("production")),
        format_html('<span class="none">{}</span>', gettext("Nothing runs")),
        format_html('<li class="none">{}</li>', gettext("No environment")),
    )
