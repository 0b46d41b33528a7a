"""What a browser would post on each page: complete and valid, so that nothing but the permission can refuse it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from deployments.queries import declaration_statement
from foundation.accounts.company_day import company_day
from reviews.actions.sign_step import prepare_statement
from tests.cast import PASSWORD
from tests.journeys import MODEL, Journey
from tests.licences.texts import AGREEMENT
from tests.surface.world import World

Data = dict[str, Any]
Form = Callable[[World, str], Data]  # the world, and the letter of who posts


def fixed(**data: Any) -> Form:
    """The same for everybody."""
    return lambda world, who: data


def today() -> str:
    return company_day(timezone.now()).isoformat()


def later() -> str:
    return (company_day(timezone.now()) + timedelta(days=30)).isoformat()


def signature(journey: Callable[[World], Journey], step: str) -> Form:
    """The statement that this person's own page would show, and their right password."""

    def data(world: World, who: str) -> Data:
        person = world.person(who)
        if person is None:
            return {"password": PASSWORD, "statement_digest": "0" * 64}
        statement = prepare_statement(review=journey(world).fresh(), step_key=step, by=person)
        return {
            "password": PASSWORD,
            "statement_digest": statement.digest,
            "parts_shown": statement.parts_shown,
        }

    return data


def declaration(world: World, who: str) -> Data:
    """The facts of Olive's product, declared by whoever posts."""
    sheet = world.facts.sheet
    sheet.refresh_from_db()
    return {"password": PASSWORD, "statement_digest": declaration_statement(sheet).digest}


def scope(world: World, who: str) -> Data:
    return {
        "deployments": [world.review.production.pk],
        "use": "Orders only.",
        "countries": ["US"],
        "valid_from": today(),
        "valid_until": later(),
    }


def rollout(world: World, who: str) -> Data:
    return {
        "deployment": world.facts.production.pk,
        "running": "yes",
        "raw_model_id": MODEL,
        "version": "llama-3.1",
        "effective_at": timezone.now().strftime("%Y-%m-%dT%H:%M"),
    }


def new_text(world: World, who: str) -> Data:
    words = AGREEMENT.replace("Otter 2", "Llama 3.1").encode() + b"\nStill another line.\n"
    return {
        "kind": "agreement",
        "source": "A letter",
        "file": SimpleUploadedFile("LICENSE.txt", words, content_type="text/plain"),
    }


def text_at_an_address(world: World, who: str) -> Data:
    return {"kind": "aup", "address": "https://otters.example/USE_POLICY.md"}


def acceptance(world: World, who: str) -> Data:
    return {"version": "llama-3.1", "state": "accepted", "accepted_on": "2025-01-01", "accepted_by": "Procurement"}


NOTHING: Form = fixed()
