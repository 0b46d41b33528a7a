"""`{% kept %}`: parts of pages that depend on a few named values only, drawn once per process. A template builtin."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.template.defaulttags import CsrfTokenNode
from django.template.loader_tags import BlockNode
from django.urls import get_script_prefix, get_urlconf
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

MOST = 256  # of each part: one that is drawn from free text must not fill the memory


class KeptNode(template.Node):
    """Its body sees the named values and nothing else, so what is kept can be neither stale nor somebody else's."""

    def __init__(self, body: NodeList, names: dict[str, FilterExpression]) -> None:
        self.body = body
        self.names = names
        self.drawn: dict[Hashable, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        values: dict[str, Any] = {name: expression.resolve(context) for name, expression in self.names.items()}
        # Types count: a text that is marked as safe equals the same text that is not.
        seen = [(type(value), value) for value in values.values()]
        key = (get_language(), get_urlconf(), get_script_prefix(), *seen)
        html = self.drawn.get(key)
        if html is None:
            if len(self.drawn) >= MOST:
                self.drawn.clear()
            html = self.drawn[key] = self.body.render(context.new(values))
        return html


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    """`{% kept name=value … %}body{% endkept %}`. Values are hashable and immutable; the body asks no clock."""
    words = token.split_contents()[1:]
    names: dict[str, FilterExpression] = token_kwargs(words, parser)
    if words:
        raise template.TemplateSyntaxError(f"kept takes name=value only, not {words[0]}")
    body = parser.parse(("endkept",))
    parser.delete_first_token()
    if body.get_nodes_by_type((BlockNode, CsrfTokenNode)):  # type: ignore[arg-type]
        raise template.TemplateSyntaxError("kept holds no block and no CSRF token: those belong to one page.")
    return KeptNode(body, names)
