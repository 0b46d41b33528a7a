"""The tags that every page uses."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django import forms
from django.template import Context, Template
from django.utils import timezone

from portal.status_words import all_looks, look_of

pytestmark = pytest.mark.urls("tests.portal.shell_urls")


def drawn(source: str, **context: Any) -> str:
    return Template(source).render(Context(context)).strip()


# --- badges ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("value", ["approved_with_conditions", "Approved with conditions", "approved-with-conditions"])
def test_it_reads_a_status_however_it_is_written(value):
    badge = drawn("{% badge value %}", value=value)
    assert 'class="badge warn"' in badge
    assert "Approved with conditions" in badge
    assert "<svg" in badge


def test_it_shows_an_unknown_status_in_neutral_and_never_as_good():
    badge = drawn("{% badge 'approved by nobody' %}")
    assert 'class="badge mute"' in badge
    assert "Approved by nobody" in badge


def test_it_shows_no_status_as_not_recorded():
    assert "Not recorded" in drawn("{% badge '' %}")


def test_it_escapes_a_status_that_came_from_outside():
    assert "<b>" not in drawn("{% badge value %}", value="<b>approved</b>")


def test_it_keeps_the_look_when_the_words_are_our_own():
    badge = drawn("{% badge 'rejected' 'No, for now' icon='lock' %}")
    assert 'class="badge bad"' in badge
    assert "No, for now" in badge


def test_no_two_groups_claim_the_same_status_word():
    words = [look.word for look in all_looks()]
    assert len(words) == len(set(words)) > 60


@pytest.mark.parametrize(
    ("word", "tone"),
    [
        ("met", "ok"),
        ("not met", "bad"),
        ("position taken", "warn"),
        ("not answered", "mute"),
        ("unknown", "warn"),
        ("deny", "bad"),
        ("stale", "warn"),
        ("expired", "bad"),
    ],
)
def test_it_gives_each_status_its_tone(word, tone):
    assert look_of(word).tone == tone


def test_every_status_has_an_icon_that_can_be_drawn():
    for look in all_looks():
        assert "<svg" in drawn("{% icon name %}", name=look.icon)


def test_an_icon_is_silent_unless_it_has_a_label():
    assert 'aria-hidden="true"' in drawn("{% icon 'check' %}")
    named = drawn("{% icon 'menu' label %}", label='The "menu"')
    assert 'aria-label="The &quot;menu&quot;"' in named
    assert "aria-hidden" not in named


# --- clauses and references -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("clause", "anchor"),
    [
        ("LICENSE 1.b.i", "agreement-1.b.i"),
        ("AUP 2.a", "aup-2.a"),
        ("LICENSE 2", "agreement-2"),
        ("AUP", "aup"),
        ("LICENSE preamble", "agreement-preamble"),
    ],
)
def test_a_clause_id_becomes_the_anchor_of_its_page(clause, anchor):
    assert drawn("{{ clause|clause_anchor }}", clause=clause) == anchor


def test_a_clause_links_to_its_version():
    link = drawn("{% clause_link 'llama-3.1' 'LICENSE 1.b.i' %}")
    assert 'href="/licences/llama-3.1/#agreement-1.b.i"' in link
    assert ">LICENSE 1.b.i</a>" in link


def test_a_clause_link_shows_the_printed_label_beside_the_id():
    clause = SimpleNamespace(id="AUP 2.a", printed="3.1")
    assert ">AUP 2.a (printed 3.1)</a>" in drawn("{% clause_link 'llama-3' clause %}", clause=clause)


PLAIN = {"clauses": ["LICENSE 1.b.i", "AUP 4"], "parameters": {}}
OVER_VERSIONS = PLAIN | {"parameters": {"cited": "llama-3.1 LICENSE 1.b.i\nllama-3 LICENSE 1.b.v"}}


def test_why_links_to_each_clause_of_a_finding():
    links = drawn("{% why finding 'llama-3.1' %}", finding=PLAIN)
    assert 'href="/licences/llama-3.1/#agreement-1.b.i">LICENSE 1.b.i</a>' in links
    assert 'href="/licences/llama-3.1/#aup-4">AUP 4</a>' in links


def test_why_opens_each_clause_in_the_version_that_it_is_of():
    links = drawn("{% why finding 'llama-3.1' %}", finding=OVER_VERSIONS)
    assert 'href="/licences/llama-3.1/#agreement-1.b.i">Llama 3.1: LICENSE 1.b.i</a>' in links
    assert 'href="/licences/llama-3/#agreement-1.b.v">Llama 3: LICENSE 1.b.v</a>' in links


def test_why_stands_beside_the_page_only_for_the_version_that_is_there():
    links = drawn("{% why finding 'llama-3.1' 1 %}", finding=OVER_VERSIONS)
    assert 'href="?doc=agreement#agreement-1.b.i"' in links
    assert 'href="/licences/llama-3/#agreement-1.b.v"' in links


def test_a_reference_links_to_the_page_of_its_kind():
    assert 'href="/reviews/REV-00147/"' in drawn("{% reference 'REV-00147' %}")
    assert 'href="/products/PRD-00031/"' in drawn("{% reference 'PRD-00031' %}")


def test_a_reference_without_a_page_stays_words():
    assert drawn("{% reference 'TOK-00003' %}") == '<span class="ref">TOK-00003</span>'


# --- times ----------------------------------------------------------------------------------------------------
def test_an_instant_is_shown_in_the_persons_zone_and_kept_in_utc():
    instant = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    with timezone.override("Europe/Amsterdam"):
        shown = drawn("{{ when|local_time }} {{ when|local_date }}", when=instant)
    assert "24 Nov 2026, 00:30 CET<" in shown
    assert 'datetime="2026-11-23T23:30:00Z"' in shown
    assert shown.endswith(">24 Nov 2026</time>")


@pytest.mark.parametrize(
    ("zone", "named"),
    [("UTC", "12:30 UTC"), ("America/New_York", "08:30 EDT"), ("America/Sao_Paulo", "09:30 UTC-03")],
)
def test_a_shown_time_names_its_zone(zone, named):
    with timezone.override(zone):
        assert f", {named}</time>" in drawn("{{ when|local_time }}", when=datetime(2026, 7, 23, 12, 30, tzinfo=UTC))


def test_a_date_has_no_zone():
    with timezone.override("Pacific/Auckland"):
        assert ">27 Nov 2026<" in drawn("{{ day|local_date }}", day=date(2026, 11, 27))


@pytest.mark.parametrize("filter_name", ["local_time", "local_date", "due", "short_digest", "full_digest"])
def test_what_is_missing_says_so(filter_name):
    assert "Not recorded" in drawn("{{ nothing|%s }}" % filter_name, nothing=None)  # noqa: UP031


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 27), "in 3 days"),
        (date(2026, 11, 25), "in 1 day"),
        (date(2026, 11, 24), "today"),
        (date(2026, 11, 23), "1 day overdue"),
        (date(2026, 11, 20), "4 days overdue"),
    ],
)
def test_a_due_day_is_counted_where_the_company_keeps_its_clock(settings, day, words):
    settings.COMPANY_TIME_ZONE = "Europe/Amsterdam"
    with time_machine.travel(datetime(2026, 11, 23, 23, 30, tzinfo=UTC), tick=False):  # half past midnight on the 24th
        assert f"({words})" in drawn("{{ day|due }}", day=day)


# --- digests and numbers --------------------------------------------------------------------------------------
def test_a_digest_is_short_to_read_and_whole_to_copy():
    digest = "9f2c41ab" + "0" * 52 + "71ab"
    shown = drawn("{{ digest|short_digest }}", digest=digest)
    assert ">9f2c41ab…71ab<" in shown
    assert f'title="{digest}"' in shown
    assert f">{digest}<" in drawn("{{ digest|full_digest }}", digest=digest)


def test_large_numbers_are_grouped():
    assert drawn("{{ line|thousands }} {{ word|thousands }}", line=700_000_000, word="unknown") == "700,000,000 unknown"


@pytest.mark.parametrize(
    ("person", "letters"),
    [
        ("Dana Whitcombe", "DW"),
        ("Anna van der Berg", "AB"),
        ("Rita", "R"),
        ("sam.stranger@example.org", "SS"),
        ("", ""),
    ],
)
def test_a_person_has_initials(person, letters):
    assert drawn("{{ person|initials }}", person=person) == letters


# --- forms ----------------------------------------------------------------------------------------------------
class Answer(forms.Form):
    name = forms.CharField(label="Product name")
    answer = forms.ChoiceField(
        label="Are the duties met?",
        choices=[("met", "Met"), ("not", "Not met")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose an answer."},
    )

    def clean(self):
        raise forms.ValidationError("The review has moved on.")


def test_the_error_summary_links_to_fields_and_to_the_first_option_of_a_group():
    form = Answer({})
    form.is_valid()
    summary = drawn("{% error_summary form %}", form=form)
    assert '<a href="#id_name">Product name: This field is required.</a>' in summary
    assert '<a href="#id_answer_0">Choose an answer.</a>' in summary
    assert "<li>The review has moved on.</li>" in summary
    assert 'id="id_answer_0"' in str(form["answer"])


def test_there_is_no_summary_before_anything_was_sent():
    assert drawn("{% error_summary form %}{% error_summary nothing %}", form=Answer(), nothing=None) == ""


def test_the_summary_takes_errors_that_are_no_forms():
    errors = [{"message": "Wrong password.", "href": "#id_password"}]
    assert '<a href="#id_password">Wrong password.</a>' in drawn("{% error_summary errors=errors %}", errors=errors)


def test_the_error_of_a_radio_group_stands_above_its_options():
    form = Answer({"name": "Harbour"})
    form.is_valid()
    page = drawn("{% load crispy_forms_filters %}{{ form|crispy }}", form=form)
    group = page[page.index("Are the duties met?") :]
    assert group.index("Choose an answer.") < group.index('type="radio"')
    assert group.count("Choose an answer.") == 1
    assert 'id="id_answer_error"' in group
    assert "id_answer_error" in page[page.index("<fieldset") : page.index("Are the duties met?")]


# --- redline --------------------------------------------------------------------------------------------------
def test_a_redline_marks_changes_for_eyes_and_ears_and_escapes_the_text():
    parts = [("equal", "a <b> "), ("deleted", "thirty"), ("added", "ten & more")]
    shown = drawn("{% segments parts %}", parts=parts)
    assert "a &lt;b&gt; " in shown
    assert '<del data-change><span class="visually-hidden"> [deleted: </span>thirty' in shown
    assert '<ins data-change><span class="visually-hidden"> [added: </span>ten &amp; more' in shown


def test_a_clause_shows_both_sides_only_when_it_changed():
    source = "{% include '_parts/_clause.html' with view='split' old_label='Version 1' new_label='Version 2' %}"
    clause = {"id": "LICENSE 3", "text": "same", "old_segments": [], "new_segments": []}
    assert "Version 1" not in drawn(source, clause=clause)
    assert "Version 1" in drawn(source, clause=clause | {"changed": True})
    assert 'id="agreement-3"' in drawn(source, clause=clause)


# --- parts ----------------------------------------------------------------------------------------------------
def test_the_sign_box_carries_the_digest_and_asks_for_the_password():
    source = "{% include '_parts/_sign_box.html' with statement='I approve.' statement_digest='abc123' %}"
    box = drawn(source)
    assert '<input type="hidden" name="statement_digest" value="abc123">' in box
    assert 'name="password"' in box
    with_proof = drawn(source, proof="passkey, 14:02")
    assert 'name="password"' not in with_proof
    assert "passkey, 14:02" in with_proof


def test_the_sign_box_ties_an_error_to_the_password():
    box = drawn("{% include '_parts/_sign_box.html' %}", errors=["That is not your password."])
    assert 'aria-invalid="true"' in box
    assert 'aria-describedby="id_password_error id_password_helptext"' in box
    assert 'id="id_password_error"' in box


def test_a_finding_shows_its_clause_and_calls_a_reading_a_reading():
    finding = {
        "status": "legal_judgement",
        "title": "The month",
        "explanation": "…",
        "clauses": ["LICENSE 2"],
        "reading": True,
        "popular_claim": "Every month.",
    }
    shown = drawn("{% include '_parts/_finding.html' with version='llama-4' %}", finding=finding)
    assert 'href="/licences/llama-4/#agreement-2"' in shown
    assert "a reading of the text" in shown
    assert "Popular claim, against the text." in shown
    assert "Legal judgement" in shown


def test_a_task_that_cannot_start_has_no_link():
    tasks = [
        {"title": "Declare", "url": None, "status": "cannot start yet"},
        {"title": "Use", "url": "/u/", "status": "met"},
    ]
    shown = drawn("{% include '_parts/_task_list.html' %}", tasks=tasks)
    assert "<span>Declare</span>" in shown
    assert '<a href="/u/">Use</a>' in shown


def test_a_change_link_says_what_it_changes():
    rows = [{"key": "Countries", "value": "", "missing": True, "change_url": "/c/"}]
    shown = drawn("{% include '_parts/_summary_list.html' %}", rows=rows)
    assert '<span class="visually-hidden"> Countries</span>' in shown
    assert "Not known yet" in shown
