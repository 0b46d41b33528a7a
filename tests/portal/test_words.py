"""Constant words are translated once for each language, and never into another one."""

from __future__ import annotations

from unittest.mock import patch

from django.template import Context, Template
from django.utils import translation
from django.utils.safestring import mark_safe

LOAD = "{% load i18n words %}"


def drawn(source: str, **values: object) -> str:
    return Template(LOAD + source).render(Context(values))


def test_words_are_translated_into_the_language_of_each_visit():
    template = Template(LOAD + '{% trans "January" %} {% translate "Monday" %}')
    for _ in range(2):
        with translation.override("de"):
            assert template.render(Context()) == "Januar Montag"
        with translation.override("fr"):
            assert template.render(Context()) == "janvier lundi"
        with translation.override("en-gb"):
            assert template.render(Context()) == "January Monday"


def test_words_are_asked_for_once():
    template = Template(LOAD + '{% trans "Asked for once" %}')
    asked = translation._trans.gettext  # type: ignore[attr-defined]
    with patch("django.utils.translation._trans.gettext", wraps=asked) as gettext:
        for _ in range(3):
            assert template.render(Context()) == "Asked for once"
    assert gettext.call_count == 1


def test_what_a_variable_names_is_translated_each_time():
    template = Template(LOAD + "{% trans word %}")
    with translation.override("de"):
        assert template.render(Context({"word": "January"})) == "Januar"
        assert template.render(Context({"word": "February"})) == "Februar"


def test_words_go_to_a_variable():
    template = Template(LOAD + '{% trans "January" as month %}[{{ month }}]')
    with translation.override("de"):
        assert [template.render(Context()) for _ in range(2)] == ["[Januar]"] * 2
    assert template.render(Context()) == "[January]"


def test_filters_and_contexts_are_left_to_django():
    with translation.override("de"):
        assert drawn('{% trans "January"|upper %}') == "JANUAR"  # Django translates first, then filters
        assert drawn('{% trans "May" context "abbrev. month" %}') == "Mai"
        assert drawn('{% trans "January" noop %}') == "January"


def test_escaping_is_as_django_does_it():
    template = "{% autoescape off %}{% trans word %}{% endautoescape %}{% trans word %}"
    assert drawn(template, word="<b>") == "<b>&lt;b&gt;"
    assert drawn(template, word=mark_safe("<b>")) == "<b><b>"
    assert drawn('{% trans "100 %% of <b>" %}') == Template('{% load i18n %}{% trans "100 %% of <b>" %}').render(
        Context()
    )
