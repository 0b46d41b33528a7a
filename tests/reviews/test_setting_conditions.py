"""A condition can be met: its day lies ahead, and its owner is somebody who works on the product."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from foundation.accounts.actions import grant_role
from foundation.accounts.company_day import company_day
from foundation.accounts.roles import Role
from reviews.actions.conditions import add_condition
from reviews.condition_owners import people_to_choose
from reviews.errors import ReviewError
from tests import journeys
from tests.cast import SYSTEM, make_person, signed_in

pytestmark = pytest.mark.django_db


def today() -> date:
    return company_day(timezone.now())


def send(journey: journeys.Journey, **given: object):
    """What the form says to Rita."""
    form = {"kind": "by_date", "text": "Watch it.", "owner": journey.cast.petra.pk, "due_on": today(), **given}
    return signed_in(journey.cast.rita).post(reverse("reviews:add-condition", args=[journey.review.reference]), form)


def test_a_condition_may_be_due_today_and_not_before():
    journey = journeys.declared()
    refused = send(journey, due_on=today() - timedelta(days=1))
    assert refused.status_code == 422
    assert "This day has passed: choose today or a later day." in refused.content.decode()
    assert not journey.fresh().conditions.exists()
    assert send(journey).status_code == 302
    assert journey.fresh().conditions.get().due_on == today()


def test_the_day_is_the_companys(settings):
    settings.COMPANY_TIME_ZONE = "Pacific/Auckland"
    journey = journeys.declared()
    with time_machine.travel("2027-03-01T20:00:00Z", tick=False):  # the second of March in Auckland
        for day in (date(2027, 3, 1), date(2027, 3, 2)):
            try:
                add_condition(
                    review=journey.review,
                    kind="by_date",
                    text="Watch it.",
                    owner=journey.cast.petra,
                    due_on=day,
                    by=journey.cast.rita,
                )
            except ReviewError as refused:
                assert "has passed" in str(refused)
    assert [condition.due_on for condition in journey.fresh().conditions.all()] == [date(2027, 3, 2)]


def test_the_form_offers_just_those_who_work_on_the_product():
    journey = journeys.declared()
    cast = journey.cast
    people = {key for key, _name in people_to_choose(journey.review)}
    assert people == {one.pk for one in (cast.olive, cast.rita, cast.leo, cast.petra, cast.ravi)}


@pytest.mark.parametrize("name", ["sam", "anna", "adam", "cleo"])
def test_a_stranger_an_auditor_and_an_administrator_own_no_condition(name: str):
    journey = journeys.declared()
    owner = getattr(journey.cast, name)
    answer = send(journey, owner=owner.pk)
    assert answer.status_code == 422
    assert "Choose somebody who works on this product." in answer.content.decode()
    with pytest.raises(ReviewError, match="does not work on this product"):
        add_condition(review=journey.review, kind="continuous", text="Watch it.", owner=owner, by=journey.cast.rita)
    assert not journey.fresh().conditions.exists()


def test_a_role_counts_in_its_team_and_while_it_lasts():
    journey = journeys.declared()
    cast = journey.cast
    here = make_person("Nora Newcomer", role=Role.RISK_OWNER, team=cast.team)
    elsewhere = make_person("Elsa Elsewhere", role=Role.RISK_OWNER, team=cast.other_team)
    later = make_person("Lars Later")
    grant_role(by=SYSTEM, person=later, role=Role.RISK_OWNER, team=cast.team, starts_on=today() + timedelta(days=1))
    gone = make_person("Gina Gone", role=Role.RISK_OWNER, team=cast.team)
    gone.is_active = False
    gone.save()
    companys = make_person("Orla Owner", role=Role.PRODUCT_OWNER)  # a product owner sees the products of teams alone
    people = {key for key, _name in people_to_choose(journey.review)}
    assert here.pk in people
    assert not people & {elsewhere.pk, later.pk, gone.pk, companys.pk}
