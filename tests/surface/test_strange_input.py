"""Dates that no calendar of the portal knows, keys that no database holds, forms without their hidden parts."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.cast import PASSWORD
from tests.surface.world import World, undone

pytestmark = pytest.mark.django_db

FAR = ("9999-12-31", "0001-01-01", "2026-13-45", "nonsense", "\0")


@pytest.mark.parametrize("day", FAR)
def test_days_far_away_are_answered_with_a_page(world: World, day: str):
    product = world.approved.product.reference
    with undone():
        client = world.client("E")
        for address, names in {
            "/records/": ("since", "until"),
            "/log/": ("since", "until"),
            f"/products/{product}/": ("as_of", "known_at"),
            f"/entities/{world.approved.inc.reference}/": ("on", "known_on"),
        }.items():
            for name in names:
                assert client.get(address, {name: day}).status_code == 200, f"{address}?{name}={day}"


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_days_far_away_in_forms_are_refused_with_a_sentence(world: World, day: str):
    with undone():
        client = world.client("E")
        component = world.approved.component.reference
        rollout = {
            "deployment": world.approved.production.pk,
            "running": "yes",
            "raw_model_id": "x",
            "effective_at": f"{day}T00:00",
        }
        assert client.post(f"/components/{component}/rollouts/", rollout).status_code == 422
        token = {"code": str(uuid4()), "name": "far", "scopes": ["gate:check"], "last_day": day}
        assert client.post("/people/tokens/issue/", token).status_code in {200, 422}


def test_a_key_that_no_database_holds_is_a_choice_that_is_not_offered(world: World):
    with undone():
        answer = world.client("E").post(
            f"/reviews/{world.review.review.reference}/scope/",
            {"deployments": "9" * 40, "use": "x", "valid_from": "2026-01-01", "valid_until": "2026-02-01"},
        )
    assert answer.status_code == 422


def test_a_signature_without_its_statement_is_refused_with_a_sentence(world: World):
    with undone():
        client = world.client("R")
        answer = client.post(f"/reviews/{world.review.review.reference}/sign/reviewer/", {"password": PASSWORD})
        assert answer.status_code == 422
        assert "Open it again" in answer.content.decode()
