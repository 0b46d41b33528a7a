"""No page around a product leads to a shut door: every link that somebody is shown there opens for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from deployments.models import ColleagueQuestion
from foundation.accounts.roles import Role
from reviews.actions.retire_product import retire_product
from tests.cast import make_person, signed_in
from tests.surface.world import PEOPLE, World, undone

pytestmark = pytest.mark.django_db

LINK = re.compile(r'<a\s[^>]*?href="(/[^"#]*)[^"]*"')
# Roles in one team: they see its products, and none of the pages about the whole company.
TEAM_ROLES = [Role.LEGAL_REVIEWER, Role.ATTRIBUTION_OWNER, Role.PRODUCT_OWNER, Role.AUDITOR]


def pages(world: World) -> Iterator[str]:
    """The pages around every product, in whatever state it is."""
    yield reverse("portal:home")
    for journey in (world.facts, world.review, world.signing, world.approved, world.suspended, world.parked):
        yield reverse("portal:product", args=[journey.product.reference])
        yield reverse("deployments:registration", args=[journey.product.reference])
        yield reverse("reviews:detail", args=[journey.review.reference])
    unchosen = reverse("deployments:registration", args=[world.facts.product.reference])
    yield f"{unchosen}?sheet={world.product_sheet_reference}"
    yield reverse("deployments:answer", args=[world.question.pk])
    for key in ("attribution_places", "attribution_text"):
        yield reverse("deployments:question", args=[world.facts.sheet.reference, "model", key])
    yield reverse("reviews:condition", args=[world.documented.reference])
    yield reverse("deployments:stop-duty", args=[world.duty.reference])


def shut_doors(client: Client, world: World) -> list[str]:
    """The links that do not open, each with a page that shows it."""
    tried: dict[str, int] = {}
    found, read = [], 0
    for page in pages(world):
        answer = client.get(page)
        if answer.status_code != 200:
            continue
        read += 1
        for link in sorted({unescape(href) for href in LINK.findall(answer.content.decode())}):
            if link not in tried:
                tried[link] = client.get(link, follow=True).status_code
            if tried[link] != 200:
                found.append(f"{page} leads to {link}: {tried[link]}")
    assert read, "no page was read"
    return found


@pytest.mark.parametrize("who", [letter for letter in PEOPLE if letter != "-"])
def test_every_link_opens_for_whoever_is_shown_it(world: World, who: str):
    with undone():
        assert shut_doors(world.client(who), world) == []


@pytest.mark.parametrize("role", TEAM_ROLES)
def test_every_link_opens_for_somebody_with_a_role_in_the_team_alone(world: World, role: Role):
    with undone():
        assert shut_doors(signed_in(make_person("Tove Team", role=role, team=world.team)), world) == []


@pytest.mark.parametrize("who", ["O", "P", "A", "D"])
def test_a_retired_product_offers_nothing_that_is_over(world: World, who: str):
    with undone():
        for journey in (world.facts, world.review, world.approved):
            retire_product(product=journey.product, by=world.cast.olive)
        assert shut_doors(world.client(who), world) == []


def test_a_question_left_open_on_a_product_retired_long_ago_is_no_link(world: World):
    """Retiring closes questions; products that were retired before it did may still have open ones."""
    with undone():
        retire_product(product=world.facts.product, by=world.cast.olive)
        ColleagueQuestion.objects.update(answered_at=None, closed_as="")
        assert shut_doors(world.client("P"), world) == []
