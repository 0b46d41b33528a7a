"""Stop duties: opened once, worked off, certified last."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine

from deployments.actions.stop_duties import complete_item, open_stop_duty
from deployments.errors import DeploymentError
from deployments.models import StopDuty
from deployments.queries import stop_duty_list
from foundation.accounts.policy import NotAllowed
from foundation.audit.queries import events_for
from foundation.files import store
from tests.deployments.builders import make_product, version


@pytest.fixture
def duty(cast, product) -> StopDuty:
    return open_stop_duty(
        component=product.components.get(),
        version=version("llama-3.1"),
        cause="rejected",
        review_reference="REV-00001",
        by=cast.leo,
    )


def item(duty, kind):
    return duty.items.get(kind=kind)


def test_it_lists_what_section_6_and_the_company_ask_for(duty, product):
    assert [one.kind for one in duty.items.all()] == ["cease", "delete", "backups", "derivatives", "certificate"]
    assert events_for("REV-00001").get().subject == duty.reference
    assert events_for(product.reference).filter(kind="stop_duty.opened").count() == 1


def test_a_duty_that_is_open_is_not_opened_again(cast, duty, product):
    again = open_stop_duty(
        component=product.components.get(), version=version("llama-3.1"), cause="terminated", by=cast.leo
    )
    assert again == duty
    assert StopDuty.objects.count() == 1
    assert events_for(product.reference).filter(kind="stop_duty.opened").count() == 1


def test_a_terminated_licence_leaves_no_days(cast, product):
    with time_machine.travel("2030-07-01T09:00:00Z", tick=False):
        duty = open_stop_duty(
            component=product.components.get(), version=version("llama-3.1"), cause="terminated", by=cast.leo
        )
    assert duty.due_on == date(2030, 7, 1)


def test_the_certificate_comes_last_and_closes_the_duty(cast, duty):
    with pytest.raises(DeploymentError, match="Still open: Stop using it"):
        complete_item(item=item(duty, "certificate"), note="All gone", by=cast.olive)
    for kind in ("cease", "delete", "backups", "derivatives"):
        complete_item(item=item(duty, kind), note="Done", by=cast.olive)
    with pytest.raises(DeploymentError, match="what was deleted"):
        complete_item(item=item(duty, "certificate"), note="  ", by=cast.olive)
    duty.refresh_from_db()
    assert duty.closed_at is None

    complete_item(
        item=item(duty, "certificate"),
        note="Weights deleted from both clusters on 3 July by Olive Owner.",
        document=store.put(b"a log", "text/plain"),
        by=cast.olive,
    )

    duty.refresh_from_db()
    assert duty.closed_at is not None
    assert events_for(duty.reference).latest("seq").kind == "stop_duty.certified"


def test_what_is_done_is_recorded_once(cast, duty):
    complete_item(item=item(duty, "cease"), by=cast.olive)
    with pytest.raises(DeploymentError, match="already recorded"):
        complete_item(item=item(duty, "cease"), by=cast.olive)


@pytest.mark.parametrize("who", ["leo", "rita", "anna", "sam", "adam"])
def test_only_the_owner_works_it_off(cast, duty, who):
    with pytest.raises(NotAllowed):
        complete_item(item=item(duty, "cease"), by=getattr(cast, who))
    assert item(duty, "cease").done_at is None


def test_strangers_open_none(cast, product):
    with pytest.raises(NotAllowed):
        open_stop_duty(component=product.components.get(), version=version("llama-3.1"), cause="revoked", by=cast.sam)


def test_the_list_shows_open_ones_of_visible_products_first(cast, duty, group):
    other = make_product(cast=cast, licensee=group.inc, name="Freight Reader", owner=cast.sam)
    theirs = open_stop_duty(
        component=other.components.get(), version=version("llama-3.1"), cause="revoked", by=cast.leo
    )
    for kind in ("cease", "delete", "backups", "derivatives", "certificate"):
        complete_item(item=item(theirs, kind), note="Done", by=cast.sam)
    assert list(stop_duty_list(cast.rita)) == [duty, theirs]
    assert list(stop_duty_list(cast.olive)) == [duty]
    assert [(vars(one)["done"], vars(one)["total"]) for one in stop_duty_list(cast.rita)] == [(0, 5), (5, 5)]
