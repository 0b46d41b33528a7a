"""No page escapes the browser: an address answers with a page that it looks at, with a file, or with nothing to see."""

from __future__ import annotations

import pytest
from django.urls import get_resolver, reverse

from deployments.views.entities import RECORDINGS
from reviews.models.steps import StepKey
from reviews.views.moves import EFFECTS
from tests.browser.pages import BEYOND_THE_TABLE, FILES, FOR_PEOPLE, FOR_VISITORS, SHOW_NOTHING, is_page
from tests.surface.table import ROWS
from tests.surface.test_url_table import names_of
from tests.surface.world import PEOPLE, World, undone

LOOKED_AT = {row.name for row in ROWS if is_page(row)} | BEYOND_THE_TABLE | {*FOR_VISITORS, *FOR_PEOPLE}
FOR_FORMS_ONLY = {row.name for row in ROWS if "o" not in row.get}
WITH_AN_ANSWER = [number for number, row in enumerate(ROWS) if "o" in row.get]


def test_every_address_is_looked_at_or_has_nothing_to_see():
    nothing_to_see = FILES | SHOW_NOTHING | (FOR_FORMS_ONLY - LOOKED_AT)
    assert set(names_of(get_resolver().url_patterns)) == LOOKED_AT | nothing_to_see
    assert not LOOKED_AT & nothing_to_see


@pytest.mark.django_db
@pytest.mark.parametrize("number", WITH_AN_ANSWER, ids=[f"{n}-{ROWS[n].name}" for n in WITH_AN_ANSWER])
def test_what_the_browser_passes_over_is_no_page(world: World, number: int):
    row = ROWS[number]
    with undone():
        address = reverse(row.name, args=row.at(world)) + (f"?{row.query}" if row.query else "")
        answer = world.client(PEOPLE[row.get.index("o")]).get(address)
    assert answer["Content-Type"].startswith("text/html") == is_page(row)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("deployments:entity-record", set(RECORDINGS)),
        ("reviews:move", {move.value for move in EFFECTS}),
        ("reviews:sign", set(StepKey.values)),
    ],
)
def test_an_address_of_many_forms_is_looked_at_for_each(world: World, name: str, forms: set[str]):
    assert {row.at(world)[-1] for row in ROWS if row.name == name and is_page(row)} == forms
