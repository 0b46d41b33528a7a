"""Words that were typed outlast the visit: they are back after signing in again, for the same person alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import journeys
from tests.browser.conftest import Desk
from tests.browser.work import in_a_thread
from tests.cast import PASSWORD
from tests.surface.world import own_places

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = "Counted by the group, all products together."


@pytest.fixture
def journey(live_server, tmp_path: Path) -> Iterator[journeys.Journey]:
    with own_places(tmp_path):
        yield in_a_thread(journeys.declared)


def sign_in_here(desk: Desk, email: str) -> None:
    desk.page.locator("input[name=login]").fill(email)
    desk.page.locator("input[name=password]").fill(PASSWORD)
    desk.press("Sign in")
    desk.page.wait_for_load_state()


def test_what_was_typed_is_back_after_signing_in_again(desk_of, journey: journeys.Journey):
    rita = desk_of(journey.cast.rita)
    page = f"/reviews/{journey.review.reference}/?check=1"
    rita.go(page)
    reasoning = rita.page.locator("textarea[name=check1-reasoning]")
    note = rita.page.locator("#counsel textarea")
    met = rita.page.locator("#check-1 label.form-check-label", has_text="Met").first
    met.click()
    reasoning.fill(WORDS)
    note.fill("Between counsel")
    rita.page.context.clear_cookies(name="sessionid")
    rita.page.locator("#check-1 button[type=submit]").click()
    rita.page.get_by_text("You had been signed out").wait_for()
    sign_in_here(rita, journey.cast.rita.email)
    rita.page.wait_for_url(f"**{page}")
    assert reasoning.input_value() == WORDS
    assert rita.page.get_by_text("It is not saved yet").count() == 1
    assert note.input_value() == ""  # a counsel's note is kept nowhere
    rita.look("typed-words")

    # Sent at last, it is the portal's, and nothing is kept any more.
    met.click()
    rita.page.locator("#check-1 button[type=submit]").click()
    rita.page.wait_for_load_state()
    rita.go(page)
    assert rita.page.evaluate("Object.keys(sessionStorage).filter((name) => name.startsWith('draft:'))") == []


def test_nobody_else_finds_them(desk_of, journey: journeys.Journey):
    rita = desk_of(journey.cast.rita)
    page = f"/reviews/{journey.review.reference}/?check=1"
    rita.go(page)
    rita.page.locator("textarea[name=check1-reasoning]").fill(WORDS)
    rita.page.context.clear_cookies(name="sessionid")
    rita.go(page)
    sign_in_here(rita, journey.cast.leo.email)
    rita.page.wait_for_url(f"**{page}")
    assert WORDS not in rita.page.content()
    assert WORDS not in rita.page.evaluate("JSON.stringify(Object.values(sessionStorage))")


def test_a_clause_of_the_other_document_comes_beside_the_checks_and_costs_no_words(desk_of, journey: journeys.Journey):
    rita = desk_of(journey.cast.rita)
    rita.go(f"/reviews/{journey.review.reference}/?check=2")
    reasoning = rita.page.locator("textarea[name=check2-reasoning]")
    reasoning.fill(WORDS)
    link = rita.page.locator("#check-2 a[data-beside][href*='doc=aup']").first
    clause = link.evaluate("one => one.hash")
    link.click()
    rita.page.locator(f"{clause}:target".replace(".", "\\.")).wait_for()
    assert "acceptable use policy" in rita.page.locator("#licence-h").inner_text()
    assert reasoning.input_value() == WORDS
    reasoning.focus()
    rita.page.keyboard.press("Tab")
    box, bar = (rita.page.locator(where).bounding_box() for where in (":focus", ".decisionbar"))
    assert box["y"] + box["height"] <= bar["y"]  # WCAG 2.4.11: the bar hides no focus
