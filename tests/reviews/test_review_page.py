"""The review page: what it keeps between visits is never stale and nobody else's, and its cost does not grow."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from deployments.actions.environments import add_deployment
from deployments.actions.sheets import save_product_answers
from foundation.accounts.models import User
from foundation.accounts.roles import Role
from licences.kept_html import KEPT
from reviews.actions.answer_check import answer_check
from reviews.actions.choose_version import choose_version
from reviews.actions.conditions import add_condition
from reviews.actions.messages import write_counsel_note, write_message
from reviews.history import NEWEST
from reviews.models import Review
from tests import journeys
from tests.cast import make_person
from tests.journeys import Journey

pytestmark = pytest.mark.django_db

QUERIES = 19  # of the approver's page, session and shell included


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page_of(journey: Journey, person: User, query: str = "") -> str:
    answer = client_of(person).get(reverse("reviews:detail", args=[journey.review.reference]) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def posted(journey: Journey, person: User, name: str, *more: object, **fields: str) -> HttpResponse:
    address = reverse(f"reviews:{name}", args=[journey.review.reference, *more])
    return client_of(person).post(address, fields)  # type: ignore[return-value]


def part(page: str, element: str) -> str:
    """The element with this id, up to the next section."""
    found = re.search(rf'id="{element}".*?</section>', page, re.DOTALL)
    assert found is not None, element
    return found[0]


def marks(page: str) -> set[str]:
    """What the marks beside the clauses say, such as “Check 3”, with their look."""
    return set(re.findall(r'<a class="check-mark" href="#check-\d">.*?</a>', part(page, "licence"), re.DOTALL))


def test_a_new_answer_is_at_once_beside_the_clauses_that_are_kept():
    journey = journeys.declared()
    before = marks(page_of(journey, journey.cast.rita))
    answer_check(review=journey.review, number=3, answer="not_met", reasoning="No display.", by=journey.cast.rita)
    after = marks(page_of(journey, journey.cast.rita))
    assert len(before) == len(after) > 1
    assert {re.findall(r"#check-\d", mark)[0] for mark in before ^ after} == {"#check-3"}


def test_the_marks_are_those_of_this_review_and_not_of_another_on_the_same_text():
    one = journeys.answered()
    answer_check(review=one.review, number=1, answer="not_met", reasoning="Above the line.", by=one.cast.rita)
    first = marks(page_of(one, one.cast.rita))
    component = one.product.components.create(name="Second model", created_at=one.review.opened_at)
    _sheet, review = choose_version(
        component=component, raw_model_id=journeys.MODEL, version=one.review.version, by=one.cast.olive
    )
    assert review is not None
    other = Review.objects.get(pk=review.pk)
    other.agreement, other.aup = one.fresh().agreement, one.fresh().aup
    other.save()
    again = client_of(one.cast.rita).get(reverse("reviews:detail", args=[other.reference])).content.decode()
    assert not marks(again) & first
    assert marks(page_of(one, one.cast.rita)) == first


def test_facts_that_are_declared_anew_stand_on_the_page():
    journey = journeys.declared()
    assert "customers about their orders" in part(page_of(journey, journey.cast.rita), "facts")
    answers = journey.product.sheet.answers | {"purpose": "Sorts letters <b>by hand</b>."}
    save_product_answers(product=journey.product, answers=answers, by=journey.cast.olive)
    journeys.declare_now(journey)
    shown = part(page_of(journey, journey.cast.rita), "facts")
    assert "Sorts letters &lt;b&gt;by hand&lt;/b&gt;." in shown
    assert "customers about their orders" not in shown


def test_what_somebody_typed_into_a_refused_form_is_on_nobody_elses_page():
    journey = journeys.declared()
    refused = posted(journey, journey.cast.rita, "set-scope", use="Typed by Rita and refused")
    assert refused.status_code == 422
    assert "Typed by Rita and refused" in part(refused.content.decode(), "scope")
    for person in (journey.cast.leo, journey.cast.rita):
        assert "Typed by Rita and refused" not in page_of(journey, person)


def test_a_refused_answer_stands_open_with_what_was_typed():
    journey = journeys.declared()
    typed = {"check2-answer": "position_taken", "check2-reasoning": "Arguable.", "check2-reading": "Half a reading"}
    refused = posted(journey, journey.cast.rita, "answer-check", 2, **typed)
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "Half a reading" in page
    assert "A position needs the reading that you rely on" in page
    assert "Half a reading" not in page_of(journey, journey.cast.rita)


def test_an_environment_that_was_added_since_can_be_chosen():
    journey = journeys.declared()
    assert "Staging" not in part(page_of(journey, journey.cast.rita), "scope")
    add_deployment(product=journey.product, name="Staging", is_production=False, by=journey.cast.olive)
    assert "Staging" in part(page_of(journey, journey.cast.rita), "scope")


def test_somebody_who_came_since_can_own_a_condition():
    journey = journeys.declared()
    assert "Nora Newcomer" not in part(page_of(journey, journey.cast.rita), "conditions")
    make_person("Nora Newcomer", role=Role.RISK_OWNER)
    assert "Nora Newcomer" in part(page_of(journey, journey.cast.rita), "conditions")


def test_who_may_not_use_a_form_is_sent_none_however_often_others_were():
    journey = journeys.declared()
    for person in (journey.cast.rita, journey.cast.leo):
        assert "check1-answer" in page_of(journey, journey.cast.rita)
        assert 'id="counsel"' in page_of(journey, person)
    page = page_of(journey, journey.cast.anna)
    main = page[page.index('<main id="main"') : page.index("</main>")]
    for name in ("<form", "check1-answer", 'name="countries"', 'name="due_on"', 'name="text"', 'id="counsel"'):
        assert name not in main, name


def test_neither_a_csrf_token_nor_what_somebody_wrote_is_ever_kept():
    journey = journeys.declared()
    answer_check(
        review=journey.review,
        number=2,
        answer="position_taken",
        reasoning="A reason of Rita's",
        reading="A reading of Rita's",
        residual_risk="A risk of Rita's",
        by=journey.cast.rita,
    )
    write_message(review=journey.review, kind="remark", text="A remark of Rita's", by=journey.cast.rita)
    for person in (journey.cast.rita, journey.cast.leo, journey.cast.olive):
        page = page_of(journey, person)
        assert "csrfmiddlewaretoken" in page and "A reason of Rita&#x27;s" in page
    assert KEPT._kept
    for words in ("csrf", "Rita"):
        assert not [html for html in KEPT._kept.values() if words in html and "<option" not in html], words


def test_what_stands_in_a_field_is_escaped_and_nothing_in_it_is_replaced():
    journey = journeys.declared()
    reason = "</textarea><script>stands-in-for-0 & stands-in-for-1"
    answer_check(review=journey.review, number=1, answer="met", reasoning=reason, by=journey.cast.rita)
    add_deployment(product=journey.product, name="stands-in-for-0 <b>", is_production=False, by=journey.cast.olive)
    page = page_of(journey, journey.cast.rita)
    assert "<script>stands" not in page
    assert page.count("&lt;/textarea&gt;&lt;script&gt;stands-in-for-0 &amp; stands-in-for-1") == 2
    assert "stands-in-for-0 &lt;b&gt;" in part(page, "scope")
    assert page.count("stands-in-for-") == 5


def test_the_environments_of_the_scope_are_ticked():
    journey = journeys.declared()
    staging = add_deployment(product=journey.product, name="Staging", is_production=False, by=journey.cast.olive)
    boxes = re.findall(r'<input type="checkbox"[^>]*>', part(page_of(journey, journey.cast.rita), "scope"))
    assert [("checked" in box, re.findall(r'value="(\d+)"', box)[0]) for box in boxes] == [
        (True, str(journey.production.pk)),
        (False, str(staging.pk)),
    ]


def test_the_newest_events_are_shown_with_a_way_to_all_of_them():
    journey = journeys.declared()
    for number in range(NEWEST):
        write_message(review=journey.review, kind="remark", text=f"Remark {number} of many.", by=journey.cast.rita)
    page = part(page_of(journey, journey.cast.anna), "activity")
    assert page.count("<li>") == NEWEST
    assert f"Remark {NEWEST - 1} of many." in page and "opened the review" not in page
    assert "?activity=all#activity" in page
    everything = part(page_of(journey, journey.cast.anna, "?activity=all"), "activity")
    assert "opened the review" in everything and "Remark 0 of many." in everything
    assert "?activity=all" not in everything


def test_the_page_of_the_approver_costs_what_was_written_down_however_much_happened():
    journey = journeys.signing()
    client, address = client_of(journey.cast.leo), reverse("reviews:detail", args=[journey.review.reference])

    def queries() -> int:
        client.get(address)  # what is kept for the life of the process is kept now
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    few = queries()
    for number in range(8):
        write_counsel_note(review=journey.review, text=f"Note {number}", by=journey.cast.leo)
        add_condition(
            review=journey.review,
            kind="continuous",
            text=f"Condition {number}",
            owner=journey.cast.petra,
            by=journey.cast.leo,
        )
    assert queries() == few == QUERIES
    for number in range(30):
        write_message(review=journey.review, kind="question", text=f"Question {number}", by=journey.cast.rita)
    assert queries() == QUERIES + 1, "one more reads what was said, once somebody has said something"
