"""`{% trans "words" %}` that asks for its translation once per process and language. Load it after i18n, on busy pages.

Translating is what a page of tables does most. Words that a variable names are translated each time, as Django does.
"""

from __future__ import annotations

from django import template
from django.template.base import Parser, Token
from django.template.context import Context
from django.templatetags.i18n import TranslateNode, do_translate
from django.utils.translation import get_language

register = template.Library()


class WordsNode(template.Node):
    """Constant words; `asvar` is the variable that they go to, if any."""

    def __init__(self, node: TranslateNode) -> None:
        self.node = node
        self.asvar, node.asvar = node.asvar, None
        self.words: dict[tuple[str | None, bool], str] = {}

    def render(self, context: Context) -> str:
        key = (get_language(), context.autoescape)
        words = self.words.get(key)
        if words is None:
            words = self.words[key] = self.node.render(context)
        if self.asvar:
            context[self.asvar] = words
            return ""
        return words


@register.tag("translate")
@register.tag("trans")
def translate(parser: Parser, token: Token) -> template.Node:
    """As Django's tag, and kept where its words are constant."""
    node: TranslateNode = do_translate(parser, token)
    expression = node.filter_expression
    constant = expression.var.lookups is None and not expression.filters and node.message_context is None
    return WordsNode(node) if constant else node
