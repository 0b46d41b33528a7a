"""Facts of an entity that begin or end on a day recorded ahead: what rests on them notices on that day, by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from deployments.actions.entities import record_litigation, record_mau, record_permission, record_principal_place
from deployments.errors import DeploymentError
from deployments.models import Approval, LegalEntity, Permission
from deployments.queries import entity_facts, facts_change_on
from foundation.accounts.actions import issue_token
from foundation.accounts.models import User
from foundation.files import store
from licences.models import LlamaVersion
from notifications.actions import read_log
from notifications.models import Notice
from reviews.actions.declare_facts import reexamine
from reviews.actions.moves import withdraw
from reviews.actions.record_rollout import record_checked_rollout
from reviews.actions.scope import set_scope
from reviews.actions.trigger_reviews import open_triggered_reviews
from reviews.errors import ChangedMeanwhile, ReviewError
from reviews.examined import findings_of
from reviews.models import Review
from reviews.queries import standings_of_reviews
from reviews.standing import ApprovalStanding, Standing, standing_of
from reviews.what_holds import moved_on
from tests import journeys
from tests.cast import signed_in
from tests.journeys import Journey

pytestmark = pytest.mark.django_db

TODAY, LAST, AFTER = date(2027, 1, 5), date(2027, 1, 31), date(2027, 2, 1)
# The company counts its days in Amsterdam: its midnight is 23:00 UTC in winter.
LAST_MINUTE = datetime(2027, 1, 31, 22, 59, tzinfo=UTC)
FIRST_MINUTE = datetime(2027, 1, 31, 23, 1, tzinfo=UTC)
SCOUT = "meta-llama/Llama-4-Scout-17B-16E-Instruct"


@pytest.fixture(autouse=True)
def _in_january() -> Iterator[None]:
    with time_machine.travel(datetime(2027, 1, 5, 9, tzinfo=UTC)):
        yield


def at(moment: datetime) -> AbstractContextManager[Any]:
    return time_machine.travel(moment)


def grant(entity: LegalEntity, by: User, *, covers: str = "mau", expires_on: date | None = LAST, **more: Any) -> str:
    said: dict[str, Any] = {
        "name": "Letter of Meta",
        "scope": "Use above the threshold",
        "granted_on": date(2026, 1, 1),
    } | more
    document = store.put(b"granted", "text/plain")
    row = record_permission(
        entity=entity, kind="meta_grant", covers=[covers], expires_on=expires_on, document=document, by=by, **said
    )
    return row.reference


def above_the_threshold(journey: Journey) -> None:
    record_mau(
        entity=journey.inc, month="2024-06", figure=800_000_000, counted_how="All", source="BI", by=journey.cast.rita
    )


def registered_on_a_grant() -> tuple[Journey, str]:
    """Above 700 million users, so nothing but Meta's grant carries the use."""
    journey = journeys.registered()
    above_the_threshold(journey)
    return journey, grant(journey.inc, journey.cast.rita)


@pytest.fixture
def carried() -> tuple[Journey, str]:
    """An approval that rests on a grant, with its reference."""
    journey, reference = registered_on_a_grant()
    return journeys.approved(journeys.declared(journey)), reference


def outlast(approval: Approval) -> Approval:
    """An approval whose own dates go on after the grant, as they do where a finding does not name it."""
    Approval.objects.filter(pk=approval.pk).update(valid_until=datetime(2027, 12, 31, 23, tzinfo=UTC))
    return Approval.objects.select_related("licensee", "agreement", "aup", "declaration").get(pk=approval.pk)


def approval_of(journey: Journey) -> Approval:
    return outlast(Approval.objects.get(component=journey.component))


def standing(journey: Journey) -> ApprovalStanding:
    return standing_of(approval_of(journey), timezone.now())


def ask_the_gate(journey: Journey) -> dict[str, Any]:
    issued = issue_token(
        by=journey.cast.adam,
        name=f"pipeline {timezone.now():%d.%H.%M}",
        scopes=["gate:check"],
        expires_at=timezone.now() + timedelta(days=9),
    )
    body = {"product": journey.product.reference, "environment": "Production US", "model": journeys.MODEL}
    answer = Client().post(
        "/api/v1/gate/check",
        json.dumps(body),
        content_type="application/json",
        headers={"authorization": f"Bearer {issued.clear}"},
    )
    assert answer.status_code == 200, answer.content
    said: dict[str, Any] = answer.json()
    return said


def is_no_longer_held(reference: str) -> str:
    return f"The permission {reference} from Meta (monthly active users, LICENSE 2) is no longer held."


def test_the_gate_denies_from_the_day_after_a_permission_ended(carried: tuple[Journey, str]) -> None:
    journey, reference = carried
    approval_of(journey)
    with at(LAST_MINUTE):
        assert ask_the_gate(journey)["decision"] == "allow"
    with at(FIRST_MINUTE):
        answer = ask_the_gate(journey)
    assert (answer["decision"], answer["proceed"]) == ("deny", False)
    assert any(is_no_longer_held(reference) in reason for reason in answer["reasons"])


def test_product_page_portfolio_and_record_say_the_same(carried: tuple[Journey, str]) -> None:
    journey, reference = carried
    approval_of(journey)
    record_checked_rollout(
        component=journey.component,
        deployment=journey.production,
        version=journey.sheet.version,
        raw_model_id=journeys.MODEL,
        effective_at=timezone.now(),
        by=journey.cast.olive,
    )
    addresses = {
        "product": f"/products/{journey.product.reference}/",
        "portfolio": "/portfolio/",
        "record": f"/records/{journey.review.reference}/",
    }

    def seen() -> dict[str, bool]:
        client = signed_in(journey.cast.rita)
        return {name: "Stale" in client.get(address).content.decode() for name, address in addresses.items()}

    with at(LAST_MINUTE):
        before = seen()
    with at(FIRST_MINUTE):
        after = seen()
        page = signed_in(journey.cast.rita).get(addresses["product"]).content.decode()
        found = standings_of_reviews([journey.review.reference], timezone.now())[journey.review.reference]
    assert (set(before.values()), set(after.values())) == ({False}, {True}), (before, after)
    assert is_no_longer_held(reference) in page
    assert found.reasons == [is_no_longer_held(reference)]


def test_an_entity_that_moves_into_the_union_makes_the_approval_of_a_multimodal_model_stale_on_that_day() -> None:
    journey = journeys.registered(SCOUT, "llama-4")
    record_principal_place(
        entity=journey.inc, country="NL", basis="The board moves", effective_on=AFTER, by=journey.cast.rita
    )
    journey = journeys.approved(journeys.declared(journey))
    with at(LAST_MINUTE):
        assert standing(journey).standing == Standing.IN_FORCE
    with at(FIRST_MINUTE):
        now = standing(journey)
    assert now.standing == Standing.STALE
    assert now.reasons == ["Principal place of business was “United States” and is now “Netherlands”."]


def test_a_grant_that_begins_and_a_statement_that_takes_effect_count_from_their_day() -> None:
    journey = journeys.registered()
    rita = journey.cast.rita
    record_litigation(entity=journey.inc, answer="yes", as_of=AFTER, details="To be filed", by=rita)
    begins = grant(journey.inc, rita, granted_on=date(2027, 3, 1), expires_on=None)
    journey = journeys.approved(journeys.declared(journey))
    assert approval_of(journey).licensee_facts_change_on == AFTER
    with at(FIRST_MINUTE):
        assert standing(journey).reasons == ["Proceedings of the kind in LICENSE 5.c was “no” and is now “yes”."]
    with at(datetime(2027, 3, 1, 9, tzinfo=UTC)):
        assert any(f"{begins} from Meta" in reason and "held now" in reason for reason in standing(journey).reasons)


def test_a_permission_for_another_version_ends_and_the_approval_stays_in_force() -> None:
    journey = journeys.registered()
    grant(journey.inc, journey.cast.rita, version=LlamaVersion.objects.get(slug="llama-2"))
    journey = journeys.approved(journeys.declared(journey))
    approval = approval_of(journey)
    assert approval.licensee_facts_change_on == AFTER, "the day is known, and on it everything is compared"
    with at(FIRST_MINUTE):
        assert standing(journey).standing == Standing.IN_FORCE
        assert ask_the_gate(journey)["decision"] == "allow"
        assert open_triggered_reviews(timezone.now()) == []


def test_an_exception_that_legal_noted_ends_too() -> None:
    journey = journeys.registered()
    record_permission(
        entity=journey.inc,
        kind="text_exception",
        covers=["mau"],
        name="Bought inside Deskware 9",
        scope="Received in an integrated end user product",
        granted_on=date(2026, 1, 1),
        expires_on=LAST,
        by=journey.cast.rita,
    )
    journey = journeys.approved(journeys.declared(journey))
    with at(FIRST_MINUTE):
        assert "1.b.ii) was “yes” and is now “not known”" in standing(journey).reasons[0]


def test_the_review_opens_once_and_says_what_is_no_longer_held(carried: tuple[Journey, str]) -> None:
    journey, reference = carried
    approval_of(journey)
    assert open_triggered_reviews(LAST_MINUTE) == []
    with at(FIRST_MINUTE):
        (review,) = open_triggered_reviews(timezone.now())
        assert (review.reason, review.reason_note) == ("facts_changed", is_no_longer_held(reference))
        assert open_triggered_reviews(timezone.now()) == []
        read_log()
        assert Notice.objects.filter(person=journey.cast.olive, subject=review.reference).exists()
        withdraw(review=review, by=journey.cast.olive, reason="We shut it down.")
        assert open_triggered_reviews(timezone.now() + timedelta(hours=1)) == []
    assert Review.objects.filter(component=journey.component, reason="facts_changed").count() == 1


def test_an_hourly_run_reads_facts_as_of_the_moment_that_it_was_given(carried: tuple[Journey, str]) -> None:
    """Standing and facts are of one day, also where that is not the day of the clock."""
    journey, reference = carried
    now = standing_of(approval_of(journey), FIRST_MINUTE)
    assert (now.standing, now.reasons) == (Standing.STALE, [is_no_longer_held(reference)])


def test_an_open_review_says_so_and_takes_no_signature() -> None:
    journey, reference = registered_on_a_grant()
    journey = journeys.signing(journeys.declared(journey))
    journeys.seen(journey)
    with at(LAST_MINUTE):
        assert moved_on(journey.fresh()) == []
    with at(FIRST_MINUTE):
        assert moved_on(journey.fresh()) == [is_no_longer_held(reference)]
        with pytest.raises(ChangedMeanwhile) as refused:
            journeys.sign(journey, "approver", journey.cast.leo)
        assert is_no_longer_held(reference) in refused.value.differences
        page = signed_in(journey.cast.rita).get(reverse("reviews:detail", args=[journey.review.reference]))
        assert is_no_longer_held(reference) in page.content.decode()
        taken = reexamine(review=journey.fresh(), by=journey.cast.rita, why="the grant ended")
        assert moved_on(taken) == []
        assert taken.licensee_facts_change_on is None


def test_the_day_is_the_first_on_which_anything_begins_or_ends() -> None:
    journey = journeys.registered()
    inc, rita = journey.inc, journey.cast.rita
    assert facts_change_on(inc, TODAY) is None
    grant(inc, rita, expires_on=date.max)
    assert facts_change_on(inc, TODAY) is None
    record_principal_place(entity=inc, country="NO", basis="b", effective_on=date(2027, 6, 1), by=rita)
    assert facts_change_on(inc, TODAY) == date(2027, 6, 1)
    grant(inc, rita)
    assert [facts_change_on(inc, day) for day in (TODAY, LAST, AFTER)] == [AFTER, AFTER, date(2027, 6, 1)]
    assert facts_change_on(inc, date(2027, 6, 1)) is None


def test_approvals_and_reviews_of_before_learn_their_day() -> None:
    """The migration asks from the day of the declaration on: a day too many costs a comparison, none is missed."""
    journey, _reference = registered_on_a_grant()
    journey = journeys.approved(journeys.declared(journey))
    Approval.objects.update(licensee_facts_change_on=None)
    Review.objects.update(licensee_facts_change_on=None)
    import_module("reviews.migrations.0007_fill_days_on_which_facts_change").fill(apps, None)
    assert approval_of(journey).licensee_facts_change_on == AFTER
    assert journey.fresh().licensee_facts_change_on == AFTER


# --- how long an approval may hold ------------------------------------------------------------------------------


def scope(journey: Journey, valid_until: date) -> Review:
    return set_scope(
        review=journey.fresh(),
        deployments=[journey.production],
        use="Support",
        countries=["US"],
        valid_from=TODAY,
        valid_until=valid_until,
        by=journey.cast.rita,
    )


def test_an_approval_is_not_set_to_outlast_the_permission_that_it_rests_on() -> None:
    journey, reference = registered_on_a_grant()
    journey = journeys.declared(journey)
    assert journey.fresh().valid_until == LAST, "proposed no later than that day"
    sentence = (
        f"{reference} “Letter of Meta” ends on 31 January 2027. End the approval on that day or before, or record its "
        "renewal and take the facts again first."
    )
    with pytest.raises(ReviewError) as refused:
        scope(journey, AFTER)
    assert str(refused.value) == sentence
    posted = {
        "deployments": [journey.production.pk],
        "use": "Support",
        "countries": ["US"],
        "valid_from": "2027-01-05",
        "valid_until": "2027-02-01",
    }
    address = reverse("reviews:set-scope", args=[journey.review.reference])
    answer = signed_in(journey.cast.rita).post(address, posted)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert scope(journey, LAST).valid_until == LAST


@pytest.mark.parametrize("above", [True, False])
def test_a_permission_that_no_finding_uses_limits_nothing(above: bool) -> None:
    """Below the threshold nobody needs the grant; above it, one for marks that are not used is not needed either."""
    journey = journeys.registered()
    if above:
        above_the_threshold(journey)
        grant(journey.inc, journey.cast.rita, expires_on=None)
    grant(journey.inc, journey.cast.rita, covers="marks" if above else "mau")
    journey = journeys.declared(journey)
    assert journey.fresh().valid_until == TODAY + timedelta(days=365)
    assert scope(journey, date(2027, 12, 31)).valid_until == date(2027, 12, 31)


def test_facts_taken_again_bring_the_end_back_to_the_last_day() -> None:
    journey = journeys.declared()
    above_the_threshold(journey)
    grant(journey.inc, journey.cast.rita)
    assert scope(journey, date(2027, 12, 31)).valid_until == date(2027, 12, 31)
    assert reexamine(review=journey.fresh(), by=journey.cast.rita, why="a grant came").valid_until == LAST


def test_an_approval_on_a_permission_of_another_entity_is_not_limited_by_its_number() -> None:
    """A reference that a person writes into an answer is no permission of the licensee."""
    journey = journeys.registered()
    other = grant(journey.bv, journey.cast.rita)
    assert Permission.objects.get().reference == other
    journey = journeys.declared(
        journey, model_uses=["changed"], derived_name=f"Llama {other}", derived_available="service"
    )
    assert any(other in one["explanation"] for one in findings_of(journey.fresh()))
    assert scope(journey, date(2027, 12, 31)).valid_until == date(2027, 12, 31)


def test_another_letter_that_covers_the_same_is_no_renewal_by_itself() -> None:
    """It may be about another product: people say whether it renews the first."""
    journey, reference = registered_on_a_grant()
    earlier = Permission.objects.get()
    journey = journeys.declared(journey)
    grant(journey.inc, journey.cast.rita, expires_on=None)
    reexamine(review=journey.fresh(), by=journey.cast.rita, why="another letter came")
    with pytest.raises(ReviewError, match=f"{reference} .* ends on 31 January 2027"):
        scope(journey, date(2027, 12, 31))
    with pytest.raises(DeploymentError, match="covers the same"):
        grant(journey.inc, journey.cast.rita, covers="marks", renews=earlier)


def test_a_renewal_takes_the_place_of_what_it_renews_and_what_rests_on_it_goes_on() -> None:
    journey, reference = registered_on_a_grant()
    journey = journeys.declared(journey)
    renewal = grant(journey.inc, journey.cast.rita, expires_on=date(2028, 1, 31), renews=Permission.objects.get())
    reexamine(review=journey.fresh(), by=journey.cast.rita, why="it was renewed")
    assert renewal in journey.fresh().findings
    assert reference not in journey.fresh().findings
    assert scope(journey, date(2027, 12, 31)).valid_until == date(2027, 12, 31)
    journey = journeys.approved(journeys.answered(journey))
    with at(FIRST_MINUTE):
        assert standing(journey).standing == Standing.IN_FORCE


def test_a_renewal_that_begins_later_leaves_no_gap_and_counts_from_its_day() -> None:
    journey, reference = registered_on_a_grant()
    later = grant(journey.inc, journey.cast.rita, granted_on=AFTER, expires_on=None, renews=Permission.objects.get())
    with at(LAST_MINUTE):
        assert held(journey) == [reference]
    with at(FIRST_MINUTE):
        assert held(journey) == [later]


def held(journey: Journey) -> list[str]:
    return [one.reference for one in entity_facts(journey.inc, journey.sheet.version).permissions]
