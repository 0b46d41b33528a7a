"""Browser fixtures: the machine's own Chromium, no download by Playwright. Any fault on a page fails the test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Response
from playwright.sync_api import Page as BrowserPage

from foundation.accounts.models import User
from tests.browser.pages import Page
from tests.browser.work import in_a_thread
from tests.cast import PASSWORD
from tests.surface.world import World, build, own_places

# The synchronous Playwright keeps an event loop in this thread, beside which Django's ORM would refuse to run.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_BROWSER = "No Chromium found: install the package chromium, or set CHROMIUM=/path/to/chromium."
SIZES = {"1440": (1440, 900), "390": (390, 844)}
View = tuple[Literal["light", "dark"], str]  # the theme, and which of the sizes
EVERY_VIEW: tuple[View, ...] = (("light", "1440"), ("light", "390"), ("dark", "1440"), ("dark", "390"))
TWO_VIEWS: tuple[View, ...] = (("light", "1440"), ("dark", "390"))  # each theme and each size once
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def find_chromium() -> str | None:
    """The browser to use: CHROMIUM, or the first known name on the path."""
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        return chosen if os.access(chosen, os.X_OK) else None
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before any fixture, so that no database is made for a test that is skipped."""
    if item.get_closest_marker("browser") and not find_chromium():
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(NO_BROWSER, pytrace=False)
        pytest.skip(NO_BROWSER)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    return {
        **browser_type_launch_args,
        "executable_path": find_chromium(),
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--no-first-run",
        ],
    }


@pytest.fixture(scope="session", autouse=True)
def fonts_of_the_pages() -> None:
    """The fonts that people see; a few seconds the first time, nothing after that."""
    call_command("build_fonts", verbosity=0)


class Desk:
    """One person's browser: signs in, visits, looks with axe, takes pictures, and keeps every fault that it sees."""

    def __init__(self, context: BrowserContext, base: str) -> None:
        self.page: BrowserPage = context.new_page()
        self.base = base
        self.faults: list[str] = []
        self.expected = {403, 404, 409, 422}  # answers that a test asks for, and the browser calls errors
        self.page.set_default_timeout(15_000)
        self.page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        self.page.on("console", self._heard)
        self.page.on("request", self._asked)

    def _heard(self, message) -> None:
        expected = any(f"status of {status}" in message.text for status in self.expected)
        of_a_page = "/static/" not in message.location["url"]  # a file of ours that is missing is always a fault
        if message.type == "error" and not (expected and of_a_page):
            self.faults.append(f"console: {message.text} {message.location['url']}")

    def _asked(self, request) -> None:
        if not request.url.startswith((self.base, "data:", "about:")):
            self.faults.append(f"left the server: {request.url}")

    @contextmanager
    def expecting(self, status: int) -> Iterator[None]:
        """Inside, this answer is what the test asks for."""
        before = set(self.expected)
        self.expected.add(status)
        yield
        self.page.wait_for_load_state()
        self.expected = before

    def go(self, path: str) -> Response | None:
        return self.page.goto(f"{self.base}{path}")

    def sign_in(self, person: User) -> Desk:
        """Through the sign-in page, as people do."""
        self.go("/account/login/")
        self.page.locator("input[name=login]").fill(person.email)
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        self.page.wait_for_url(f"{self.base}/")
        return self

    def take_over(self, visit: Client) -> Desk:
        """Go on with a visit that began elsewhere: for pages that come long after the sign-in."""
        cookie = visit.cookies["sessionid"].value
        self.page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": self.base}])
        return self

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def send(self, name: str, entered: Mapping[str, str]) -> Response:
        """Fill the fields of these names and press the button, past what the browser itself would ask for."""
        self.page.evaluate("for (const form of document.forms) form.noValidate = true")
        button = self.page.get_by_role("button", name=name, exact=True)
        for field, value in entered.items():
            button.locator("xpath=ancestor::form").locator(f"[name='{field}']").fill(value)
        with self.page.expect_navigation() as arrival:
            button.click()
        return arrival.value

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name).first.click()

    def look(self, name: str, views: tuple[View, ...] = EVERY_VIEW) -> None:
        """axe in both themes at both widths, no sideways scroll, and a picture of each when SHOTS names a folder."""
        for theme, size in views:
            width, height = SIZES[size]
            self.page.emulate_media(color_scheme=theme)
            self.page.set_viewport_size({"width": width, "height": height})
            over = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert over <= 0, f"{name} scrolls sideways by {over} px at {size}, {theme}"
            result = axe_on(self.page)
            assert result.violations_count == 0, f"{name} at {size}, {theme}:\n{result.generate_report()}"
            assert len(result.response["passes"]) > 5, "axe looked at nothing"
            self._keep_picture(f"{name}-{size}-{theme}.png", width)
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size({"width": 1440, "height": 900})

    def _keep_picture(self, name: str, width: int) -> None:
        shots = os.environ.get("SHOTS")
        if shots:
            folder = Path(shots)
            folder.mkdir(parents=True, exist_ok=True)
            whole = self.page.evaluate("document.documentElement.scrollHeight")
            self.page.set_viewport_size({"width": width, "height": min(whole, 12_000)})
            self.page.screenshot(path=folder / name, full_page=True)


def axe_on(page: BrowserPage) -> AxeResults:
    """axe on the page as it stands. Its script of half a megabyte is brought along once for each page."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options = {"runOnly": RULES, "resultTypes": ["violations"]}
    return AxeResults(page.evaluate("options => axe.run(options)", options))


@pytest.fixture
def new_desk(browser: Browser, live_server) -> Iterator[Callable[[], Desk]]:
    """Open a browser in which nobody has signed in; every fault on any page fails the test at its end."""
    desks: list[Desk] = []

    def open_one() -> Desk:
        context = browser.new_context(locale="en-GB", timezone_id="UTC", reduced_motion="reduce", accept_downloads=True)
        desks.append(Desk(context, live_server.url))
        return desks[-1]

    yield open_one
    faults = [fault for desk in desks for fault in desk.faults]
    for desk in desks:
        desk.page.context.close()
    assert not faults, faults


@pytest.fixture
def desk_of(new_desk: Callable[[], Desk]) -> Callable[[User], Desk]:
    """Open a browser for a person and sign them in."""
    return lambda person: new_desk().sign_in(person)


@pytest.fixture
def shown(live_server, tmp_path: Path) -> Iterator[World]:
    """The world of the table of addresses, committed, so that a browser meets it."""
    with own_places(tmp_path):
        yield in_a_thread(lambda: build().sign_everyone_in())


class Tour:
    """The people of that world, each at a desk of their own, and what they look at."""

    def __init__(self, world: World, new_desk: Callable[[], Desk]) -> None:
        self.world = world
        self.new_desk = new_desk
        self.desks: dict[str, Desk] = {}

    def desk(self, letter: str) -> Desk:
        """The desk of the person with this letter."""
        if letter not in self.desks:
            self.desks[letter] = self.new_desk().take_over(self.world.client(letter))
        return self.desks[letter]

    def visit(self, page: Page) -> Desk:
        """Go there; it must answer with a page."""
        desk = self.desk(page.letter)
        answer = desk.go(page.path)
        assert answer is not None
        assert answer.status == 200, f"{page.path} answered {answer.status}"
        return desk

    def look(self, page: Page) -> None:
        """Go there and look, in each theme and at each width once."""
        self.visit(page).look(page.name, TWO_VIEWS)


@pytest.fixture
def tour(shown: World, new_desk: Callable[[], Desk]) -> Tour:
    return Tour(shown, new_desk)
