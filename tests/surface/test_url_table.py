"""Every address × method × person × own or other thing, as the table says; an address that is not in it fails."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.surface.table import ROWS, Row
from tests.surface.world import PEOPLE, World, undone

pytestmark = pytest.mark.django_db

SIGN_IN = "/account/login/"
LETTERS = {200: "o", 404: "4", 403: "3", 405: "5", 422: "2", 409: "9", 400: "b", 401: "u"}
OF_ANOTHER_LIBRARY = ("account_", "mfa_")  # the sign-in library's own pages, under its own tests; sign-up is closed
# Added after the world was drawn: each says who may, in the same letters, and is tried by its own test.
TRIED_ELSEWHERE = {"portal:correct-rollout": "tests/deployments"}


def names_of(patterns: list, namespace: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = ":".join(part for part in (namespace, pattern.namespace) if part)
            yield from names_of(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{namespace}:{pattern.name}" if namespace else pattern.name


def test_no_address_is_missing_from_the_table():
    known = {row.name for row in ROWS} | set(TRIED_ELSEWHERE)
    missing = {
        name for name in names_of(get_resolver().url_patterns) if not name.startswith(OF_ANOTHER_LIBRARY)
    } - known
    assert missing == set()


def test_sign_up_is_closed(client):
    assert client.post(reverse("account_signup"), {"email": "new@example.com"}).status_code in {200, 302, 403}
    from foundation.accounts.models import User

    assert not User.objects.filter(email="new@example.com").exists()


def letter_of(answer) -> str:
    if answer.status_code == 302:
        return "s" if answer.url.startswith(SIGN_IN) else ">"
    if answer.streaming:
        list(answer.streaming_content)
    return LETTERS[answer.status_code]


def met(world: World, row: Row, who: str, method: str, arguments: tuple) -> str:
    with undone():
        address = reverse(row.name, args=arguments) + (f"?{row.query}" if row.query else "")
        data = row.data(world, who) if method == "post" else None
        return letter_of(getattr(world.client(who), method)(address, data))


@pytest.mark.parametrize("number", range(len(ROWS)), ids=[f"{n}-{row.name}" for n, row in enumerate(ROWS)])
def test_everybody_meets_what_the_table_says(world: World, number: int):
    row = ROWS[number]
    for method, expected in (("get", row.get), ("post", row.post)):
        found = "".join(met(world, row, who, method, row.at(world)) for who in PEOPLE)
        assert found == expected, f"{method} {row.name} for {''.join(PEOPLE)}"
        if row.other is not None:
            theirs = met(world, row, "O", method, row.other(world))
            assert theirs == expected[PEOPLE.index("S")], f"{method} {row.name}: Olive at Sam's thing"
