"""Browser fixtures: the machine's own Chromium, no download by Playwright. Any fault on a page fails the test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from foundation.accounts.models import User
from tests.cast import PASSWORD

# The synchronous Playwright keeps an event loop in this thread, beside which Django's ORM would refuse to run.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_BROWSER = "No Chromium found: install the package chromium, or set CHROMIUM=/path/to/chromium."
SIZES = {"1440": (1440, 900), "390": (390, 844)}
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


class Desk:
    """One person's browser: signs in, visits, looks with axe, takes pictures, and keeps every fault that it sees."""

    def __init__(self, context: BrowserContext, base: str) -> None:
        self.page: Page = context.new_page()
        self.base = base
        self.faults: list[str] = []
        self.page.set_default_timeout(15_000)
        self.page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        self.page.on("console", self._heard)
        self.page.on("request", self._asked)

    def _heard(self, message) -> None:
        expected = ("status of 409", "status of 422", "status of 404", "status of 403")  # answers that a test asks for
        if message.type == "error" and not any(words in message.text for words in expected):
            self.faults.append(f"console: {message.text}")

    def _asked(self, request) -> None:
        if not request.url.startswith((self.base, "data:", "about:")):
            self.faults.append(f"left the server: {request.url}")

    def go(self, path: str) -> None:
        self.page.goto(f"{self.base}{path}")

    def sign_in(self, person: User) -> Desk:
        """Through the sign-in page, as people do."""
        self.go("/account/login/")
        self.page.locator("input[name=login]").fill(person.email)
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        self.page.wait_for_url(f"{self.base}/")
        return self

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name).first.click()

    def look(self, name: str, *, themes: tuple[Literal["light", "dark"], ...] = ("light", "dark")) -> None:
        """axe in both themes at both widths, no sideways scroll, and a picture of each when SHOTS names a folder."""
        from axe_playwright_python.sync_playwright import Axe

        shots = os.environ.get("SHOTS")
        for theme in themes:
            self.page.emulate_media(color_scheme=theme)
            for label, (width, height) in SIZES.items():
                self.page.set_viewport_size({"width": width, "height": height})
                over = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
                assert over <= 0, f"{name} scrolls sideways by {over} px at {label}, {theme}"
                result = Axe().run(self.page, options={"runOnly": RULES})
                assert result.violations_count == 0, f"{name} at {label}, {theme}:\n{result.generate_report()}"
                assert len(result.response["passes"]) > 5, "axe looked at nothing"
                if shots:
                    folder = Path(shots)
                    folder.mkdir(parents=True, exist_ok=True)
                    whole = self.page.evaluate("document.documentElement.scrollHeight")
                    self.page.set_viewport_size({"width": width, "height": min(whole, 12_000)})
                    self.page.screenshot(path=folder / f"{name}-{label}-{theme}.png", full_page=True)
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size({"width": 1440, "height": 900})


@pytest.fixture
def desk_of(browser: Browser, live_server) -> Iterator[Callable[[User], Desk]]:
    """Open a browser for a person and sign them in; every fault on any page fails the test at its end."""
    desks: list[Desk] = []

    def open_for(person: User) -> Desk:
        context = browser.new_context(locale="en-GB", timezone_id="UTC", reduced_motion="reduce", accept_downloads=True)
        desk = Desk(context, live_server.url)
        desks.append(desk)
        return desk.sign_in(person)

    yield open_for
    faults = [fault for desk in desks for fault in desk.faults]
    for desk in desks:
        desk.page.context.close()
    assert not faults, faults
