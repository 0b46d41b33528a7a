"""Forms that were refused: each kind says above and beside the field what is wrong, and axe finds nothing there either."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

import pytest
from django.urls import reverse
from django.utils import timezone

from reviews.actions.record_rollout import record_checked_rollout
from tests.browser.conftest import TWO_VIEWS, Tour
from tests.browser.pages import Page
from tests.browser.states import asked_everything
from tests.surface.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@dataclass(frozen=True)
class Refused:
    """What is entered on a page, with which button it is sent, and how the portal answers."""

    page: Page
    button: str
    entered: dict[str, str] = field(default_factory=dict)
    opened: str = ""  # the part of the page to open first
    answer: int = 422


def of_owners(world: World) -> Iterator[Refused]:
    """What owners fill in."""
    facts, product = world.facts, world.facts.product.reference
    sheet, component = asked_everything(world).sheet.reference, facts.component.reference
    question = f"/sheets/{sheet}/questions"
    save = "Save and continue"
    yield Refused(Page("register", "O", "/products/register/"), save)
    yield Refused(Page("question-choices", "O", f"{question}/product/aup_items/"), save)
    yield Refused(Page("question-choice", "O", f"{question}/product/aup_position/"), save)
    yield Refused(Page("question-text", "O", f"{question}/product/purpose/"), save, {"answer": ""})
    yield Refused(Page("question-countries", "O", f"{question}/product/countries/"), save, {"others": "Atlantis"})
    yield Refused(Page("ask", "O", f"{question}/product/purpose/ask/"), "Ask and continue")
    yield Refused(Page("choose-model", "O", f"/components/{component}/model/"), "Look the name up", {"model_id": ""})
    yield Refused(
        Page("choose-no-version", "O", f"/components/{component}/model/?model=our-own-tune"), "Confirm and go on"
    )
    yield Refused(
        Page("declare", "O", f"/sheets/{facts.sheet.reference}/declare/"), "Declare", {"password": "not this"}
    )
    yield Refused(Page("rollout", "O", f"/components/{component}/rollouts/"), "Record", {"effective_at": ""})
    yield Refused(Page("sighting", "O", f"/components/{component}/sighting/"), "Record")
    yield Refused(Page("environment", "O", f"/products/{product}/environments/add/"), "Add")
    yield Refused(Page("retire", "O", f"/products/{product}/retire/"), "Retire the product")
    yield Refused(Page("certify-too-early", "O", f"/stop-duties/{world.duty.reference}/certificate/"), "Certify")
    wrong = record_checked_rollout(
        component=world.approved.component,
        deployment=world.approved.production,
        version=None,
        raw_model_id="a-typo",
        effective_at=timezone.now(),
        by=world.cast.olive,
    )
    correct = reverse("portal:correct-rollout", args=[wrong.reference])
    yield Refused(Page("correction", "O", correct), "Record the correction")
    yield Refused(Page("gate", "O", "/gate/"), "Ask")


def of_legal(world: World) -> Iterator[Refused]:
    """What reviewers, approvers and colleagues fill in."""
    inc, review = world.facts.inc.reference, world.review.review.reference
    facts_of = f"/entities/{inc}/record"
    yield Refused(Page("entity", "R", "/entities/add/"), "Add")
    yield Refused(Page("acceptance", "R", f"{facts_of}/acceptance/"), "Record")
    yield Refused(Page("permission", "R", f"{facts_of}/permission/"), "Record")
    yield Refused(Page("users", "R", f"{facts_of}/mau/"), "Record", {"month": "June"})
    yield Refused(
        Page("check", "R", f"/reviews/{review}/?check=1"), "Save and go to next check", {"check1-reasoning": ""}
    )
    yield Refused(Page("scope", "R", f"/reviews/{review}/"), "Save the scope", {"use": ""}, opened="Change the scope")
    yield Refused(Page("condition", "R", f"/reviews/{review}/"), "Set the condition", opened="Set a condition")
    yield Refused(Page("message", "R", f"/reviews/{review}/"), "Put it on the review", opened="Ask, answer or remark")
    yield Refused(Page("counsel-note", "R", f"/reviews/{review}/"), "Keep the note")
    yield Refused(Page("move", "R", f"/reviews/{review}/move/park/"), "Wait for somebody outside")
    yield Refused(
        Page("move-without-a-place", "R", f"/reviews/{review}/move/park/"),
        "Wait for somebody outside",
        {"reason": "Asked."},
    )
    yield Refused(Page("sign", "R", f"/reviews/{review}/sign/reviewer/"), "Sign", {"password": "not this"})
    yield Refused(
        Page("condition-met", "P", f"/reviews/conditions/{world.condition.reference}/"), "Record that it holds"
    )
    yield Refused(Page("accept-text", "R", "/licences/llama-3.1/"), "Accept: new reviews rely on it")
    yield Refused(Page("add-text", "R", "/licences/llama-3.1/"), "Add the text", opened="Add another copy")
    yield Refused(Page("answer-a-colleague", "P", f"/questions/{world.question.pk}/"), "Send my answer")


def of_administration(world: World) -> Iterator[Refused]:
    """What administrators fill in, and everybody about themselves."""
    person = reverse("accounts:person", args=[world.cast.petra.reference])
    role_of_a_day = {"starts_on": "2026-01-02", "ends_on": "2026-01-01"}
    for page, button, entered in (
        (Page("invite", "D", "/people/invite/"), "Invite", {"email": "no address"}),
        (Page("team", "D", "/people/teams/"), "Make the team", {}),
        (Page("token", "D", "/people/tokens/issue/"), "Issue the token", {"last_day": "2020-01-01"}),
        (Page("role", "D", person), "Give this role", role_of_a_day),
        (Page("me", "C", "/people/me/"), "Save", {"name": ""}),
    ):
        yield Refused(page, button, entered, answer=200)


def test_a_refused_form_says_what_is_wrong(tour: Tour, subtests):
    for refused in chain(of_owners(tour.world), of_legal(tour.world), of_administration(tour.world)):
        with subtests.test(refused.page.name):
            desk = tour.visit(refused.page)
            if refused.opened:
                desk.page.locator("summary", has_text=refused.opened).click()
            answer = desk.send(refused.button, refused.entered)
            assert answer.status == refused.answer
            summary = desk.page.locator("[data-error-summary]")
            assert summary.count() == 1, "nothing says above the form what is wrong"
            assert desk.page.title().startswith("Error:")
            desk.look(f"refused-{refused.page.name}", TWO_VIEWS)
