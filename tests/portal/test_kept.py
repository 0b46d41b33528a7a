"""Parts of a page that are drawn once: for the same named values, and never with anything else of the page."""

from __future__ import annotations

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.urls import set_script_prefix, set_urlconf
from django.utils import translation
from django.utils.safestring import mark_safe

from portal.templatetags import kept


class Counted:
    """A value that tells how often it was asked for its word."""

    def __init__(self, word: str) -> None:
        self.word_ = word
        self.asked = 0

    @property
    def word(self) -> str:
        self.asked += 1
        return self.word_


def test_a_part_is_drawn_once_for_a_value_and_again_for_another():
    template = Template("{% kept one=one %}<b>{{ one.word }}</b>{% endkept %}")
    first, second = Counted("first"), Counted("second")
    for _ in range(3):
        assert template.render(Context({"one": first})) == "<b>first</b>"
        assert template.render(Context({"one": second})) == "<b>second</b>"
    assert (first.asked, second.asked) == (1, 1)


def test_a_part_sees_nothing_of_the_page_but_what_it_names():
    template = Template("{% kept name=name %}{{ name }}{{ secret }}{{ csrf_token }}{% endkept %}")
    assert template.render(Context({"name": "Olive", "secret": "hers", "csrf_token": "hers"})) == "Olive"


def test_words_that_are_marked_as_safe_lend_nothing_to_the_same_words_that_are_not():
    template = Template("{% kept words=words %}{{ words }}{% endkept %}")
    assert template.render(Context({"words": mark_safe("<i>")})) == "<i>"
    assert template.render(Context({"words": "<i>"})) == "&lt;i&gt;"


def test_a_part_is_drawn_anew_in_another_language_and_under_another_prefix():
    template = Template("{% load i18n %}{% kept %}{% get_current_language as code %}{{ code }}{% endkept %}")
    assert template.render(Context()) == "en-gb"
    with translation.override("nl"):
        assert template.render(Context()) == "nl"
    links = Template("{% kept %}{% url 'portal:home' %}{% endkept %}")
    assert links.render(Context()) == "/"
    try:
        set_script_prefix("/desk/")
        assert links.render(Context()) == "/desk/"
        set_script_prefix("/")
        set_urlconf("tests.portal.shell_urls")
        assert Template("{% kept %}{% url 'portal:portfolio' %}{% endkept %}").render(Context()) == "/portfolio/"
    finally:
        set_script_prefix("/")
        set_urlconf(None)


def test_free_text_does_not_fill_the_memory():
    template = Template("{% kept text=text %}{{ text }}{% endkept %}")
    for number in range(2 * kept.MOST):
        assert template.render(Context({"text": str(number)})) == str(number)
    node = template.nodelist[0]
    assert isinstance(node, kept.KeptNode)
    assert 0 < len(node.drawn) <= kept.MOST


@pytest.mark.parametrize(
    "body", ["{% block title %}{% endblock %}", "{% csrf_token %}", "{% if a %}{% csrf_token %}{% endif %}"]
)
def test_what_belongs_to_one_page_cannot_be_kept(body):
    with pytest.raises(TemplateSyntaxError, match="belong"):
        Template("{% kept a=a %}" + body + "{% endkept %}")


def test_kept_takes_named_values_only():
    with pytest.raises(TemplateSyntaxError, match="name=value"):
        Template("{% kept user %}{{ user }}{% endkept %}")
