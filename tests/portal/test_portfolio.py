"""The portfolio: its figures, and the list below them, are of what the person may see."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from django.urls import reverse
from django.utils import timezone

from deployments.actions.environments import add_deployment
from deployments.actions.products import register_product
from deployments.models import Deployment, Product, Rollout
from portal.portfolio_rows import portfolio_rows
from portal.views import portfolio
from portal.views.portfolio import Tiles, tiles_of
from reviews.actions.record_rollout import record_checked_rollout
from reviews.actions.retire_product import retire_product
from reviews.models import Review
from tests import journeys
from tests.cast import signed_in
from tests.journeys import Journey
from tests.surface.world import another

pytestmark = pytest.mark.django_db


def run(journey: Journey, model: str = journeys.MODEL) -> None:
    record_checked_rollout(
        component=journey.component,
        deployment=journey.production,
        version=journey.sheet.version,
        raw_model_id=model,
        effective_at=timezone.now(),
        by=journey.cast.olive,
    )


@pytest.fixture
def company(db) -> Journey:
    """One approved and running, one running without approval, one of another team, one retired, one a draft."""
    journey = journeys.approved(journeys.declared())
    add_deployment(product=journey.product, name="Staging", is_production=False, by=journey.cast.olive)
    run(journey)
    run(journeys.declared(another(journey, "Unapproved")))
    cast = journey.cast
    theirs = another(journey, "Of another team", owner=cast.sam, team=cast.other_team)
    journeys.declared(theirs)
    gone = journeys.declared(another(journey, "Gone"))
    retire_product(product=gone.product, reason="Nobody used it.", by=cast.olive)
    register_product(name="A draft", team=cast.team, licensee=journey.inc, by=cast.olive)
    return replace(journey, cast=cast)


def by_single_queries(seen: list[Product]) -> Tiles:
    keys = [product.pk for product in seen]
    live = Rollout.objects.filter(component__product__in=keys, deployment__is_production=True, running=True)
    return Tiles(
        products=sum(product.state != "retired" for product in seen),
        deployments=Deployment.objects.filter(product__in=keys, is_production=True).count(),
        open=Review.objects.open().filter(component__product__in=keys).count(),
        unapproved=live.filter(approval=None, superseded_by=None).count(),
        listed=sum(product.state != "draft" for product in seen),
    )


@pytest.mark.parametrize("who", ["rita", "olive", "sam", "cleo"])
def test_the_figures_are_of_what_the_person_may_see(company, who):
    person = getattr(company.cast, who)
    assert tiles_of(person) == by_single_queries(list(Product.objects.visible_to(person)))


def test_the_figures_tell_states_apart(company):
    tiles = tiles_of(company.cast.rita)
    assert (tiles.products, tiles.unapproved) == (4, 1)
    assert tiles.listed == 4  # the retired one, and not the draft
    assert tiles_of(company.cast.sam).products == 1
    assert tiles_of(company.cast.cleo) == Tiles(0, 0, 0, 0, 0)


def test_each_page_holds_the_products_that_follow(company, monkeypatch):
    monkeypatch.setattr(portfolio, "PAGE_SIZE", 2)
    rita = signed_in(company.cast.rita)
    pages = [rita.get(reverse("portal:portfolio"), {"page": number}) for number in (1, 2, 3)]
    shown = [[row.product.name for row in page.context["rows"]] for page in pages]
    assert shown == [["Gone", "Of another team"], ["Unapproved", "Order Assistant"], ["Unapproved", "Order Assistant"]]
    assert pages[0].context["page"].paginator.num_pages == 2


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=unapp", ["Unapproved"]),
        ("q=sam", ["Of another team"]),
        ("q=%00", ["Gone", "Of another team", "Unapproved", "Order Assistant"]),
        ("version=llama-3.1", ["Unapproved", "Order Assistant"]),
        ("version=llama-4", []),
    ],
)
def test_filters_narrow_the_rows_and_their_number(company, query, expected):
    page = signed_in(company.cast.rita).get(reverse("portal:portfolio") + f"?{query}")
    assert [row.product.name for row in page.context["rows"]] == expected
    assert page.context["page"].paginator.count == len(expected)


def test_a_row_says_what_runs_where_and_whether_that_is_approved(company):
    rows = portfolio_rows(Product.objects.values_list("pk", flat=True), timezone.now())
    said = {
        row.product.name: [(cell.deployment.name, [one.word for one in cell.running]) for cell in row.cells]
        for row in rows
    }
    assert said["Order Assistant"] == [("Production US", ["in_force"]), ("Staging", [])]
    assert said["Unapproved"] == [("Production US", ["no_approval"])]
    assert {row.product.name: row.worst for row in rows}["Unapproved"] == "no_approval"
    reviews = {row.product.name: [review.state for review in row.open_reviews] for row in rows}
    assert reviews["Unapproved"] == ["in_review"]
    assert reviews["Order Assistant"] == []


def test_the_csv_holds_a_line_for_each_environment(company):
    content = signed_in(company.cast.olive).get(reverse("portal:portfolio"), {"format": "csv"}).content.decode()
    lines = {(line["name"], line["environment"]): line for line in csv.DictReader(io.StringIO(content))}
    assert lines["Order Assistant", "Production US"]["standing"] == "in_force"
    assert lines["Order Assistant", "Staging"]["version"] == ""
    assert lines["Unapproved", "Production US"]["standing"] == "no_approval"
    assert ("Of another team", "Production US") not in lines
    assert lines["Order Assistant", "Production US"]["owner"] == company.cast.olive.name
