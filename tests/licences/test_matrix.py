"""The matrix of all versions: what each adds, drops or words anew, as read from the texts by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client

from licences.matrix import MatrixRow, obligation_rows, policy_rows
from licences.models import LlamaVersion
from licences.terms import load_catalogue
from tests.cast import make_person

EVERY = load_catalogue()
DUTIES = {row.key: row for row in obligation_rows(EVERY)}
ITEMS = {row.key: row for row in policy_rows(EVERY)}


def told(row: MatrixRow) -> list[tuple[str, str]]:
    """Where a row changes, and how; what is not there is "none"."""
    return [(cell.reach, cell.changed or ("as it was" if cell.present else "none")) for cell in row.cells]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("display", [("Llama 2", "none"), ("Llama 3", "added"), ("Llama 3.1 – Llama 4", "reworded")]),
        ("name-prefix", [("Llama 2", "none"), ("Llama 3", "added"), ("Llama 3.1 – Llama 4", "reworded")]),
        ("improvement-ban", [("Llama 2", "as it was"), ("Llama 3", "reworded"), ("Llama 3.1 – Llama 4", "removed")]),
        ("eu-multimodal", [("Llama 2 – Llama 3.1", "none"), ("Llama 3.2 – Llama 4", "added")]),
        ("copy", [("Llama 2", "as it was"), ("Llama 3 – Llama 4", "reworded")]),
        ("governing-law", [("Llama 2 – Llama 4", "as it was")]),
    ],
)
def test_a_duty_changes_where_the_texts_change(key: str, expected: list[tuple[str, str]]) -> None:
    assert told(DUTIES[key]) == expected


def test_one_wording_of_the_eu_paragraph_says_which_models_of_each_version_it_catches() -> None:
    none, paragraph = DUTIES["eu-multimodal"].cells
    assert (none.effects, none.other_effect) == ((), False)
    assert paragraph.other_effect
    told = {effect.version: effect for effect in paragraph.effects}
    assert list(told) == ["Llama 3.2", "Llama 3.3", "Llama 4"]
    assert "Llama-3.2-11B-Vision" in told["Llama 3.2"].words
    assert told["Llama 3.3"].words == "no model is caught today (list seen 15 Jul 2025)"
    assert told["Llama 4"].words == "every model is caught (list seen 15 Jul 2025)"
    assert "The 1B and 3B models are text models" in told["Llama 3.2"].note
    assert "the effect reverses" in told["Llama 4"].note


def test_the_same_effect_of_the_same_words_is_no_change() -> None:
    older, newer = (replace(EVERY[-1], slug=f"llama-{n}", name=f"Llama {n}") for n in (5, 6))
    row = {one.key: one for one in obligation_rows([older, newer])}["eu-multimodal"]
    assert not row.changes
    text_only = replace(newer, multimodal_otherwise="no", multimodal_models=())
    row = {one.key: one for one in obligation_rows([older, text_only])}["eu-multimodal"]
    assert row.changes  # so it stays in the rows that change


def test_every_month_of_the_users_test_stands_in_its_own_cell() -> None:
    months = [cell.words[1] for cell in DUTIES["mau"].cells]
    assert months == ["June 2023", "March 2024", "June 2024", "August 2024", "November 2024", "March 2025"]
    assert all(cell.words[0] == "more than 700,000,000" for cell in DUTIES["mau"].cells)


def test_the_policies_change_once_from_3_1_to_3_2() -> None:
    changed = {key: told(row) for key, row in ITEMS.items() if row.changes}
    grown = [("Llama 2 – Llama 3.1", "none"), ("Llama 3.2 – Llama 4", "added")]
    reworded = [("Llama 2 – Llama 3.1", "as it was"), ("Llama 3.2 – Llama 4", "reworded")]
    assert changed == {"1.e": reworded, "1.h": grown, "2.a": reworded, "5": grown}


def test_items_stand_in_the_order_of_the_text() -> None:
    keys = list(ITEMS)
    assert keys[:9] == ["1", "1.a", "1.a.i", "1.a.ii", "1.a.iii", "1.a.iv", "1.a.v", "1.a.vi", "1.b"]
    assert keys[-2:] == ["4", "5"]


def test_every_row_reaches_over_all_versions_and_cites_what_is_there() -> None:
    for row in [*DUTIES.values(), *ITEMS.values()]:
        assert sum(len(cell.versions) for cell in row.cells) == len(EVERY)
        assert all(cell.clauses and cell.summary for cell in row.cells if cell.present)


@pytest.mark.django_db
def test_the_page_shows_all_rows_or_those_that_change(catalogue: list[LlamaVersion], client: Client) -> None:
    client.force_login(make_person("Anna Auditor"))
    page = client.get("/licences/matrix/").content.decode()
    assert page.count('<th scope="row">') == len(DUTIES) + len(ITEMS)
    changed = client.get("/licences/matrix/?show=changed").content.decode()
    assert changed.count('<th scope="row">') == sum(row.changes for row in [*DUTIES.values(), *ITEMS.values()])
    assert 'href="/licences/llama-4/#agreement-1.b.i"' in changed
    assert changed.count("Same words, other effect") == 1
    assert "Llama 3.3: no model is caught today" in changed
