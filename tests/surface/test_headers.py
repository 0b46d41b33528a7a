"""What every answer tells the browser, and that no form works from another site."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import PASSWORD
from tests.surface.table import ROWS
from tests.surface.world import World, undone

pytestmark = pytest.mark.django_db

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
WITH_A_TOKEN = ("api-1:check", "api-1:openapi-json")  # machines send a token of their own and no cookie
NUMBERS = range(len(ROWS))
NAMES = [f"{number}-{row.name}" for number, row in enumerate(ROWS)]
# A script element that holds data (JSON) is never run; every other one must come from a file.
INLINE = re.compile(
    rb"<script(?![^>]*\bsrc=)(?![^>]*\btype=\"application/json\")[^>]*>|<style|\sstyle=|\son[a-z]+=|javascript:",
    re.IGNORECASE,
)


def policy_of(answer) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in answer["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in parts}


def is_page(answer) -> bool:
    return answer["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("number", NUMBERS, ids=NAMES)
def test_every_answer_comes_with_the_strict_rules(world: World, number: int):
    """Whoever asks and whatever they meet: a page, a refusal, a file or a way to the sign-in."""
    row = ROWS[number]
    for letter in ("-", "S", "E"):
        for method in ("get", "post"):
            with undone():
                address = reverse(row.name, args=row.at(world)) + (f"?{row.query}" if row.query else "")
                data = row.data(world, letter) if method == "post" else None
                answer = getattr(world.client(letter), method)(address, data)
                body = b"" if answer.streaming else answer.content
            where = f"{method} {row.name} as {letter}: {answer.status_code}"
            assert answer["X-Content-Type-Options"] == "nosniff", where
            assert answer["X-Frame-Options"] == "DENY", where
            assert answer["Referrer-Policy"] == "same-origin", where
            assert policy_of(answer) == POLICY, where
            if is_page(answer):
                assert not INLINE.search(body), f"{where}: {INLINE.search(body)}"


@pytest.mark.parametrize("address", ["/no-such-page/", "/account/login/", "/account/password/reset/"])
def test_pages_before_the_sign_in_come_with_the_strict_rules(client: Client, address: str):
    answer = client.get(address)
    assert is_page(answer)
    assert policy_of(answer) == POLICY
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert not INLINE.search(answer.content)


@pytest.mark.parametrize(
    "number",
    [n for n in NUMBERS if ROWS[n].name not in WITH_A_TOKEN and any(letter not in "s54" for letter in ROWS[n].post)],
)
def test_a_form_without_its_token_is_refused_and_changes_nothing(world: World, number: int):
    """Edda may do nearly everything, so that nothing but the missing token refuses her."""
    row = ROWS[number]
    strict = Client(enforce_csrf_checks=True)
    strict.cookies.update(world.client("E").cookies)
    with undone():
        address = reverse(row.name, args=row.at(world))
        answer = strict.post(address, row.data(world, "E"))
    assert answer.status_code == 403, row.name
    assert [template.name for template in answer.templates][:1] == ["403_csrf.html"], "refused for another reason"
    assert policy_of(answer) == POLICY


def test_the_same_form_with_its_token_is_taken(world: World):
    """So that the refusals above are about the token."""
    strict = Client(enforce_csrf_checks=True)
    strict.cookies.update(world.client("E").cookies)
    address = reverse("deployments:rename", args=[world.facts.product.reference])
    with undone():
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', strict.get(address).content.decode())
        assert token is not None
        answer = strict.post(address, {"name": "Another name", "csrfmiddlewaretoken": token[1]})
    assert answer.status_code == 302


def test_the_sign_in_without_its_token_is_refused(world: World):
    answer = Client(enforce_csrf_checks=True).post("/account/login/", {"login": "olive@example.com", "password": "x"})
    assert answer.status_code == 403


@pytest.mark.parametrize("site", ["https://evil.example", "null"])
def test_a_form_with_its_token_from_another_site_is_refused(world: World, site: str):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies.update(world.client("E").cookies)
    address = reverse("deployments:rename", args=[world.facts.product.reference])
    with undone():
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', strict.get(address).content.decode())
        assert token is not None
        answer = strict.post(
            address, {"name": "Another name", "csrfmiddlewaretoken": token[1]}, headers={"origin": site}
        )
    assert answer.status_code == 403


def test_the_cookie_of_a_visit_is_out_of_reach_of_scripts_and_other_sites(world: World):
    with undone():
        answer = Client().post("/account/login/", {"login": "olive@example.com", "password": PASSWORD})
    assert answer.status_code == 302
    cookie = answer.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
