"""How many queries each list costs: written down beside this file, and the same for two rows and for eight.

UPDATE_QUERY_COUNTS=1 writes the file anew; its change is then part of the review.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from deployments.actions.components import add_component
from deployments.actions.entities import create_entity
from deployments.actions.observations import record_attribution_sighting
from deployments.actions.products import register_product
from deployments.actions.questions import ask_colleague
from deployments.actions.stop_duties import open_stop_duty
from deployments.models import Product
from foundation.jobs.actions import Outcome, run
from foundation.jobs.models import Job
from notifications.models import Notice
from reviews.actions.choose_version import choose_version
from reviews.actions.conditions import add_condition
from reviews.actions.record_rollout import record_checked_rollout
from tests import journeys
from tests.journeys import Journey
from tests.surface.world import World, another, undone

pytestmark = pytest.mark.django_db

RECORDED = Path(__file__).with_name("query_counts.json")
# Page -> (address, who asks, words that stand once in each row that was added)
LISTS: dict[str, tuple[str, str, str]] = {
    "products": ("deployments:product-list", "E", "Row"),
    "products-csv": ("deployments:product-csv", "E", "Row"),
    "portfolio": ("portal:portfolio", "E", "Row"),
    "portfolio-csv": ("portal:portfolio?format=csv", "E", "Row"),
    "reviews": ("reviews:list", "R", "Row"),
    "conditions": ("reviews:conditions", "P", "Row condition"),
    "notices": ("notifications:inbox", "P", "Row notice"),
    "records": ("evidence:records", "A", "Row"),
    "records-csv": ("evidence:records-csv", "A", "Row"),
    "log": ("portal:audit-log?kind=product.registered", "A", "PRD-"),
    "entities": ("deployments:entity-list", "R", "Row entity"),
    "stop-duties": ("deployments:stop-duty-list", "E", "Row"),
    "search": ("portal:search?q=Row", "E", "Row"),
    "home-of-the-owner": ("portal:home", "O", "Row"),
    "home-of-the-reviewer": ("portal:home", "R", "Row"),
    "home-of-the-approver": ("portal:home", "L", "Row"),
    "home-of-the-attribution-owner": ("portal:home", "P", "Row"),
    "people": ("accounts:people", "D", ""),
    "jobs": ("portal:jobs", "D", ""),
    "product": ("portal:product", "E", "Row part"),
}
# What stands in the address of a page that is about one thing
ABOUT: dict[str, Callable[[], str]] = {"product": lambda: Product.objects.get(name="Row product").reference}


def add_row(world: World, number: int) -> None:
    """One more of everything that a list shows, by the real actions."""
    cast = world.cast
    approved = journeys.declared(another(world.facts, f"Row approved {number}"))
    add_condition(
        review=approved.review,
        kind="before_go_live",
        text=f"Row condition {number}",
        owner=cast.petra,
        by=cast.rita,
    )
    approved = journeys.approved(approved)
    job = Job.objects.get(ref=approved.review.reference, kind="evidence.build_pack")
    assert run(job.pk) is Outcome.DONE
    record_checked_rollout(
        component=approved.component,
        deployment=approved.production,
        version=approved.sheet.version,
        raw_model_id=journeys.MODEL,
        running=True,
        effective_at=timezone.now(),
        by=cast.olive,
    )
    signing = journeys.signing(journeys.declared(another(world.facts, f"Row being signed {number}")))
    assert signing.fresh().state == "signing"
    waiting = journeys.declared(another(world.facts, f"Row in review {number}"))
    assert waiting.sheet.version is not None
    open_stop_duty(component=waiting.component, version=waiting.sheet.version, cause="rejected", by=cast.rita)
    ask_colleague(product=waiting.product, field_key="user_information", asked_of=cast.petra, by=cast.olive)
    draft = register_product(name=f"Row draft {number}", team=cast.team, licensee=world.facts.inc, by=cast.olive)
    add_component(product=draft, name="Second model", by=cast.olive)
    create_entity(name=f"Row entity {number}", country="NO", by=cast.rita)
    Notice.objects.create(
        person=cast.petra,
        key=f"row:{number}",
        kind="review.opened",
        subject=waiting.review.reference,
        title=f"Row notice {number}",
        link="/",
        created_at=timezone.now(),
    )


def add_to_product(about: Journey, number: int) -> None:
    """One more of everything that a product's page shows."""
    cast, version = about.cast, about.sheet.version
    assert version is not None
    part = add_component(product=about.product, name=f"Row part {number}", by=cast.olive)
    choose_version(component=part, raw_model_id=journeys.MODEL, version=version, by=cast.olive)
    for component in (about.component, part):
        record_checked_rollout(
            component=component,
            deployment=about.production,
            version=version,
            raw_model_id=journeys.MODEL,
            running=True,
            effective_at=timezone.now(),
            by=cast.olive,
        )
    record_attribution_sighting(
        component=part, observed_on=timezone.now().date() - timedelta(days=1), seen=True, text="Seen", by=cast.petra
    )
    open_stop_duty(component=part, version=version, cause="rejected", by=cast.rita)
    if number == 1:  # the same may be asked of nobody twice
        ask_colleague(product=about.product, field_key="user_information", asked_of=cast.petra, by=cast.olive)


def measured(world: World, name: str) -> tuple[int, int, list[str]]:
    """Queries, rows that were added and are shown, and the statements themselves."""
    address, letter, words = LISTS[name]
    view, _, query = address.partition("?")
    about = [ABOUT[name]()] if name in ABOUT else []
    url = reverse(view, args=about) + (f"?{query}" if query else "")
    world.client(letter).get(url)  # what is remembered for the life of the process is remembered now
    with CaptureQueriesContext(connection) as captured:
        answer = world.client(letter).get(url)
        body = answer.getvalue()
    assert answer.status_code == 200
    return len(captured), body.decode().count(words) if words else 0, [one["sql"] for one in captured]


@pytest.fixture(scope="module")
def costs(world: World, django_db_blocker: Any) -> dict[int, dict[str, tuple[int, int, list[str]]]]:
    """What every list costs with two further rows of everything, and with eight."""
    found = {}
    with django_db_blocker.unblock(), undone():
        about = journeys.approved(journeys.declared(another(world.facts, "Row product")))
        for number in range(1, 9):
            add_row(world, number)
            add_to_product(about, number)
            if number in {2, 8}:
                found[number] = {name: measured(world, name) for name in LISTS}
    return found


@pytest.mark.parametrize("name", LISTS)
def test_a_list_costs_the_same_for_eight_rows_as_for_two(costs, name: str):
    few, shown_of_few, statements_of_few = costs[2][name]
    many, shown_of_many, statements_of_many = costs[8][name]
    if LISTS[name][2]:
        assert shown_of_many > shown_of_few > 0, "the rows that were added must be on the page"
    more = [sql for sql in statements_of_many if sql not in statements_of_few]
    assert many == few, "\n".join(more)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_costs_no_more_than_was_written_down(costs, name: str):
    if os.environ.get("UPDATE_QUERY_COUNTS"):
        RECORDED.write_text(
            json.dumps({name: cost[0] for name, cost in sorted(costs[8].items())}, indent=2) + "\n", encoding="utf-8"
        )
    recorded = json.loads(RECORDED.read_text(encoding="utf-8"))
    assert set(recorded) == set(LISTS), "run once with UPDATE_QUERY_COUNTS=1"
    assert costs[8][name][0] == recorded[name], (
        "cheaper or dearer? Run with UPDATE_QUERY_COUNTS=1 and say why it changed"
    )
