"""What the table of addresses does not show: states of things, kinds of questions, menus, what a POST answers with."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.urls import resolve

from deployments.sheet_answers import COLUMN_KEYS
from licences.facts import MODEL_FIELDS, PRODUCT_FIELDS
from tests.browser.conftest import TWO_VIEWS, Tour
from tests.browser.pages import BEYOND_THE_TABLE, Page, of_every_kind_of_question
from tests.browser.states import STATES, asked_everything
from tests.journeys import MODEL

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ASKED = {field.kind for field in (*PRODUCT_FIELDS, *MODEL_FIELDS) if field.key not in COLUMN_KEYS} - {"record"}


def test_every_state(tour: Tour, settings, subtests):
    settings.DEMO = True  # the page of samples
    questions(tour, subtests)
    gate(tour, subtests)
    token(tour, subtests)
    menus(tour, subtests)
    seen = set()
    for states in STATES:
        for page in states(tour.world):
            seen.add(resolve(urlsplit(page.path).path).view_name)
            with subtests.test(page.name):
                tour.look(page)
    assert seen >= BEYOND_THE_TABLE


def questions(tour: Tour, subtests) -> None:
    """One question of every kind."""
    seen = set()
    for question, page in of_every_kind_of_question(asked_everything(tour.world).sheet):
        seen.add(question.field.kind)
        with subtests.test(page.name):
            tour.look(page)
    assert seen == ASKED


def gate(tour: Tour, subtests) -> None:
    """What the gate answers."""
    for name, model in {"allow": MODEL, "deny": "llama2:7b"}.items():
        with subtests.test(f"gate-{name}"):
            desk = tour.visit(Page("gate", "L", "/gate/"))
            asked = {"product": tour.world.approved.product.reference, "environment": "Production US", "model": model}
            assert desk.send("Ask", asked).status == 200
            desk.look(f"gate-{name}", TWO_VIEWS)


def token(tour: Tour, subtests) -> None:
    """A token is shown once."""
    with subtests.test("token-issued"):
        desk = tour.visit(Page("token", "D", "/people/tokens/issue/"))
        assert desk.send("Issue the token", {"name": "Deploy pipeline"}).status == 200
        desk.look("token-issued", TWO_VIEWS)


def menus(tour: Tour, subtests) -> None:
    """What opens over a page: the person's menu, the list of keys, and on a phone the navigation."""
    with subtests.test("menus"):
        desk = tour.visit(Page("home", "E", "/"))
        desk.page.locator("[data-menu] > summary").click()
        desk.look("menu-of-the-person", TWO_VIEWS)
        desk.page.locator("[data-show-keys]").first.click()
        desk.look("list-of-keys", TWO_VIEWS)
        desk.press("Close")
        desk.go("/#nav")
        desk.look("navigation-on-a-phone", (("dark", "390"),))
