"""A file that was copied and not changed everywhere says so itself."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from licences.catalogue_doubts import doubts, doubts_by_part
from licences.terms import CATALOGUE, Terms, load_catalogue

TERMS = {one.slug: one for one in load_catalogue()}


@pytest.mark.parametrize("terms", TERMS.values(), ids=TERMS.keys())
def test_our_own_files_leave_no_doubt(terms: Terms) -> None:
    assert doubts(terms) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"date": "2026-11-02"}, "“mau” tests 2025-03; the month before 2026-11-02 is 2026-10."),
        ({"title": "LLAMA 3.3 COMMUNITY LICENSE AGREEMENT"}, "does not have the name in it"),
        ({"sizes": ()}, "No sizes are listed"),
    ],
)
def test_what_is_left_over_is_named(changed: dict[str, Any], said: str) -> None:
    (doubt,) = doubts(replace(TERMS["llama-4"], **changed))
    assert said in doubt


def test_a_duty_that_speaks_of_another_version_is_named() -> None:
    copied = replace(TERMS["llama-4"], name="Llama 5", title="LLAMA 5 COMMUNITY LICENSE AGREEMENT")
    assert "“notice” speaks of Llama 4." in doubts(copied)
    assert "The address https://www.llama.com/llama4/license/ names another version." in doubts(
        replace(copied, slug="llama-5")
    )


def users_test(terms: Terms, **changed: Any) -> Terms:
    """The terms with another users test."""
    parameters = changed.pop("parameters", {})
    duties = [
        replace(one, parameters={**one.parameters, **parameters}, **changed) if one.kind == "mau" else one
        for one in terms.obligations
    ]
    return replace(terms, obligations=tuple(duties))


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"month": "2026-09"}, "“mau” speaks of March 2025 and tests 2026-09."),
        ({"threshold": "500000000"}, "“mau” speaks of 700,000,000 users, and the threshold is 500,000,000."),
    ],
)
def test_a_summary_that_says_another_month_or_number_is_named(parameters: dict[str, str], said: str) -> None:
    assert said in doubts(users_test(TERMS["llama-4"], parameters=parameters))


def test_a_month_that_is_called_a_reading_beside_a_release_date_is_named() -> None:
    (doubt,) = doubts(replace(TERMS["llama-4"], date_kind="release"))
    assert doubt == "“mau” calls its month a reading, and the header names a release date."


def test_a_name_with_words_after_its_number_is_its_own() -> None:
    terms = replace(TERMS["llama-4"], name="Llama 4 (made-up)", title="Llama 4 (made-up)")
    summary = "Llama 4 (made-up) asks it of everybody."
    assert not [one for one in doubts(users_test(terms, summary=summary)) if "“mau” speaks" in one]


def test_an_item_that_speaks_of_another_version_is_named_with_its_place() -> None:
    terms = TERMS["llama-4"]
    items = (replace(terms.aup_items[0], subject="Using Llama 3 for crime"), *terms.aup_items[1:])
    (doubt,) = doubts_by_part(replace(terms, aup_items=items), {})
    assert (doubt.part, doubt.text) == ("item:1", "“AUP 1” speaks of Llama 3.")


@pytest.mark.django_db
def test_the_command_says_it_once(tmp_path: Path) -> None:
    words = (CATALOGUE / "llama-4.toml").read_text(encoding="utf-8")
    words = words.replace('slug = "llama-4"', 'slug = "llama-5"').replace('name = "Llama 4"', 'name = "Llama 5"')
    (tmp_path / "llama-5.toml").write_text(words, encoding="utf-8")
    first, second = StringIO(), StringIO()
    call_command("sync_catalogue", folder=tmp_path, stdout=first)
    call_command("sync_catalogue", folder=tmp_path, stdout=second)
    assert "look again: “notice” speaks of Llama 4." in first.getvalue()
    assert "look again" not in second.getvalue()
