"""No page offers a person a way that is closed to them: every link leads to an answer."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import resolve

from tests.surface.world import LETTERS, World, undone

pytestmark = pytest.mark.django_db

LINK = re.compile(r'<a\s[^>]*?href="([^"]+)"')
EACH = 6  # addresses of one kind that are followed: products and reviews in several states
LEAVES = ("/account/logout/",)


@pytest.mark.parametrize("letter", [letter for letter in LETTERS if letter != "-"], ids=lambda one: LETTERS[one])
def test_every_link_that_a_person_is_shown_leads_somewhere(world: World, letter: str):
    found: dict[str, str] = {"/": "the start"}
    waiting, followed, closed = ["/"], Counter[str](), []
    with undone():
        client = world.client(letter)
        while waiting:
            address = waiting.pop(0)
            answer = client.get(address)
            if answer.status_code not in {200, 302}:
                closed.append(f"{address} answers {answer.status_code}; it is linked from {found[address]}")
            if answer.status_code != 200 or answer.streaming or not answer["Content-Type"].startswith("text/html"):
                continue
            for link in LINK.findall(answer.content.decode()):
                parts = urlsplit(urljoin(address, unescape(link)))
                target = parts.path + (f"?{parts.query}" if parts.query else "")
                if parts.netloc or target in found or parts.path in LEAVES:
                    continue
                kind = resolve(parts.path).view_name + ",".join(sorted(re.findall(r"(?:^|&)(\w+)=", parts.query)))
                if followed[kind] < EACH:
                    followed[kind] += 1
                    found[target] = address
                    waiting.append(target)
    assert not closed, "\n".join(closed)
    assert len(found) > 5
