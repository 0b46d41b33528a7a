"""Every page of the portal: axe, light and dark, 1440 and 390 wide, no sideways scroll, no fault in the console."""

from __future__ import annotations

import pytest
from django.utils import timezone

from deployments.actions.stop_duties import open_stop_duty
from foundation.accounts.models import User
from notifications.actions import read_log
from reviews.actions.conditions import add_condition
from reviews.actions.record_rollout import record_checked_rollout
from tests import journeys
from tests.browser.conftest import Desk
from tests.browser.work import work_in_the_background

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def approved() -> journeys.Journey:
    journey = journeys.signing()
    add_condition(
        review=journey.fresh(),
        kind="continuous",
        text="Filters stay on.",
        owner=journey.cast.petra,
        by=journey.cast.leo,
    )
    journey = journeys.seen(journey)
    journeys.sign(journey, "attribution_owner", journey.cast.petra)
    journeys.sign(journey, "approver", journey.cast.leo)
    record_checked_rollout(
        component=journey.component,
        deployment=journey.production,
        version=journey.review.version,
        raw_model_id=journeys.MODEL,
        effective_at=timezone.now(),
        by=journey.cast.olive,
    )
    journey.duty = open_stop_duty(  # type: ignore[attr-defined]
        component=journey.component, version=journey.review.version, cause="retired", by=journey.cast.leo
    )
    read_log()
    work_in_the_background()
    journey.review = journey.fresh()
    return journey


def visit(desk: Desk, pages: dict[str, str]) -> None:
    for name, path in pages.items():
        answer = desk.page.goto(f"{desk.base}{path}")
        assert answer is not None
        assert answer.status == 200, f"{path} answered {answer.status}"
        desk.look(name)


def who(journey: journeys.Journey, name: str) -> User:
    person: User = getattr(journey.cast, name)
    return person


def test_the_pages_of_work_and_registry(approved, desk_of):
    product, review = approved.product.reference, approved.review.reference
    visit(
        desk_of(who(approved, "olive")),
        {
            "home": "/",
            "product": f"/products/{product}/",
            "products": "/products/",
            "duties": f"/products/{product}/duties/",
            "registration": f"/products/{product}/registration/",
            "review-decided": f"/reviews/{review}/",
            "reviews": "/reviews/",
            "conditions": "/reviews/conditions/",
            "condition": f"/reviews/conditions/{approved.review.conditions.first().reference}/",
            "notices": "/notices/",
            "search": "/search/?q=Order",
            "gate": "/gate/",
            "record-rollout": f"/components/{approved.component.reference}/rollouts/",
            "stop-duties": "/stop-duties/",
            "stop-duty": f"/stop-duties/{approved.duty.reference}/",
            "copy-product": f"/products/{product}/copy/",
            "retire-product": f"/products/{product}/retire/",
        },
    )


def test_the_pages_of_legal(approved, desk_of):
    visit(
        desk_of(who(approved, "leo")),
        {
            "portfolio": "/portfolio/",
            "entities": "/entities/",
            "entity": f"/entities/{approved.inc.reference}/",
            "entity-record": f"/entities/{approved.inc.reference}/record/mau/",
            "entity-acceptance": f"/entities/{approved.inc.reference}/record/acceptance/",
            "entity-add": "/entities/add/",
            "move": f"/reviews/{approved.review.reference}/move/suspend/",
            "licences": "/licences/",
            "licence": "/licences/llama-3.1/",
            "what-would-apply": "/licences/duties/?version=llama-3.1&audience=public&model_uses=passed-on&place=US",
            "ask": "/licences/ask/?q=herrons",
            "matrix": "/licences/matrix/",
            "compare": "/licences/compare/llama-3/llama-3.1/",
            "model-names": "/licences/model-names/?model=deepseek-r1:8b",
            "records": "/records/",
            "record": f"/records/{approved.review.reference}/",
            "log": "/log/",
        },
    )


def test_the_pages_of_administration(approved, desk_of):
    visit(
        desk_of(who(approved, "adam")),
        {
            "people": "/people/",
            "person": f"/people/{approved.cast.olive.reference}/",
            "me": "/people/me/",
            "tokens": "/people/tokens/",
            "teams": "/people/teams/",
            "jobs": "/jobs/",
            "second-factors": "/account/2fa/",
            "log-with-checkpoints": "/log/",
            "password-asked": "/account/password/reset/done/",
        },
    )
