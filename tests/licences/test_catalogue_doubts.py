"""A file that was copied and not changed everywhere says so itself."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from licences.catalogue_doubts import doubts
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
