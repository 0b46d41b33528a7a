"""Pages without anything in them: a portal that was set up today, a new person, and the pages of what went wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.cache import cache

from tests.browser.conftest import TWO_VIEWS, Desk
from tests.cast import Cast, make_cast, signed_in
from tests.surface.world import own_places

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOTHING_YET = {
    "cleo": {
        "home": "/",
        "products": "/products/",
        "portfolio": "/portfolio/",
        "reviews": "/reviews/",
        "conditions": "/reviews/conditions/",
        "stop-duties": "/stop-duties/",
        "notices": "/notices/",
        "records": "/records/",
        "licences": "/licences/",
        "what-would-apply": "/licences/duties/",
        "ask": "/licences/ask/?q=otter",
        "matrix": "/licences/matrix/",
        "compare": "/licences/compare/",
        "gate": "/gate/",
        "me": "/people/me/",
    },
    "olive": {"home-of-an-owner": "/", "products-of-an-owner": "/products/", "register": "/products/register/"},
    "rita": {"entities": "/entities/", "log": "/log/"},
    "adam": {"tokens": "/people/tokens/", "teams": "/people/teams/", "jobs": "/jobs/"},
}


@pytest.fixture
def cast(live_server, tmp_path: Path) -> Iterator[Cast]:
    """People, and nothing else."""
    cache.clear()
    with own_places(tmp_path):
        yield make_cast()
    cache.clear()


def test_pages_before_there_is_anything(cast: Cast, new_desk: Callable[[], Desk], subtests):
    for who, pages in NOTHING_YET.items():
        desk = new_desk().take_over(signed_in(getattr(cast, who)))
        for name, path in pages.items():
            with subtests.test(f"{who}: {name}"):
                answer = desk.go(path)
                assert answer is not None
                assert answer.status == 200
                desk.look(f"empty-{name}", TWO_VIEWS)


def break_down(*_arguments: object, **_named: object) -> None:
    raise RuntimeError("broken on purpose")


def test_pages_of_what_went_wrong(cast: Cast, new_desk: Callable[[], Desk], monkeypatch, settings):
    desk = new_desk().take_over(signed_in(cast.olive))
    too_much = "&".join(f"q{number}=1" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1))
    meet(desk, 400, f"/search/?{too_much}")
    meet(desk, 403, "/people/")
    meet(desk, 404, "/products/PRD-99999/")
    meet(desk, 405, "/theme/")
    monkeypatch.setattr("portal.views.search.render", break_down)
    meet(desk, 500, "/search/")

    desk.go("/people/me/")
    desk.page.evaluate("for (const field of document.querySelectorAll('[name=csrfmiddlewaretoken]')) field.remove()")
    assert desk.send("Save", {}).status == 403
    desk.look("error-403-csrf", TWO_VIEWS)


def test_the_page_of_a_limit_that_is_reached(cast: Cast, new_desk: Callable[[], Desk], settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    desk = new_desk()
    desk.go("/account/login/")
    desk.send("Sign in", {"login": cast.olive.email, "password": "not this"})
    with desk.expecting(429):
        assert desk.send("Sign in", {"login": cast.olive.email, "password": "not this"}).status == 429
    desk.look("error-429", TWO_VIEWS)


def meet(desk: Desk, status: int, path: str) -> None:
    """Go there and look at the page of the error."""
    with desk.expecting(status):
        answer = desk.go(path)
    assert answer is not None
    assert answer.status == status
    desk.look(f"error-{status}", TWO_VIEWS)
