"""What runs where, as cells. In Python and not in a template, because the portfolio draws fifty of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from portal.portfolio_rows import Cell
from portal.templatetags.desk import address_of, badge

register = template.Library()


@register.simple_tag
def cells(shown: Sequence[Cell], product: str) -> SafeString:
    """Every environment of a product; each thing that runs there leads to its review, else to the product."""
    production, nothing, no_environment = _same_in_each(get_language())
    items = format_html_join(
        "",
        '<li><span class="cell-place">{}{}</span> {}</li>',
        (
            (
                cell.deployment.name,
                production if cell.deployment.is_production else "",
                _running(cell, product) if cell.running else nothing,
            )
            for cell in shown
        ),
    )
    return format_html('<ul class="cells">{}</ul>', items or no_environment)


def _running(cell: Cell, product: str) -> SafeString:
    several = len(cell.running) > 1
    return format_html_join(
        "",
        '<a class="cell" href="{}"{}><span class="ver">{}</span>{}{}</a>',
        (
            (
                address_of(one.review or product),
                format_html(' title="{}"', " ".join(one.reasons)) if one.reasons else "",
                one.version,
                badge("approved" if one.word == "in_force" else one.word),
                format_html('<small class="muted">{}</small>', one.component) if several else "",
            )
            for one in cell.running
        ),
    )


@lru_cache(maxsize=16)
def _same_in_each(_language: str | None) -> tuple[SafeString, SafeString, SafeString]:
    return (
        format_html(' <span class="visually-hidden">({})</span>', gettext("production")),
        format_html('<span class="none">{}</span>', gettext("Nothing runs")),
        format_html('<li class="none">{}</li>', gettext("No environment")),
    )
