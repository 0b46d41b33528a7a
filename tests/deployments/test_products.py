"""Products: registering, naming, handing over, copying, retiring."""

from __future__ import annotations

import pytest

from deployments.actions.components import add_component
from deployments.actions.environments import add_deployment, set_gate_mode
from deployments.actions.products import (
    change_owner,
    copy_product,
    mark_retired,
    register_product,
    remove_entity_role,
    rename_product,
    set_entity_role,
)
from deployments.actions.sheets import put_model_sheet, save_product_answers
from deployments.errors import DeploymentError
from deployments.models import Component, FactEdit, Product, ProductEntity, ProductSheet, StopDuty
from deployments.queries import licensee_of
from foundation.accounts.actions import grant_role
from foundation.accounts.policy import NotAllowed
from foundation.audit.models import Event
from foundation.audit.queries import events_for
from tests.cast import SYSTEM, make_person
from tests.deployments.builders import answer_all, make_product, sheet_of, version


def test_a_product_owner_registers_for_their_own_team_only(cast, group):
    product = register_product(name="Harbour Assist", team=cast.team, licensee=group.inc, by=cast.olive)
    assert (product.owner, product.state) == (cast.olive, "draft")
    assert licensee_of(product) == group.inc
    for person in (cast.sam, cast.rita, cast.adam, cast.petra):
        with pytest.raises(NotAllowed):
            register_product(name="Another", team=cast.team, by=person)
    assert Product.objects.count() == 1


def test_only_a_product_owner_of_the_team_can_be_made_the_owner(cast, group):
    with pytest.raises(NotAllowed, match="Rita Reviewer"):
        register_product(name="Harbour Assist", team=cast.team, owner=cast.rita, by=cast.olive)


def test_two_products_of_a_team_never_share_a_name(cast, product):
    with pytest.raises(DeploymentError, match="already has a product"):
        register_product(name="  Harbour   Assist ", team=cast.team, by=cast.olive)


def test_renaming_is_recorded_and_renaming_to_the_same_is_not(cast, product):
    before = Event.objects.count()
    rename_product(product=product, name="Harbour Assist", by=cast.olive)
    assert Event.objects.count() == before
    rename_product(product=product, name="Quay Assist", by=cast.olive)
    assert Event.objects.count() == before + 1
    assert events_for(product.reference).latest("seq").facts["after"] == "Quay Assist"


@pytest.mark.parametrize("who", ["rita", "leo", "petra", "anna", "adam", "sam", "cleo"])
def test_nobody_but_the_owner_changes_the_product(cast, product, group, who):
    person = getattr(cast, who)
    attempts = [
        lambda: rename_product(product=product, name="Taken over", by=person),
        lambda: set_entity_role(product=product, entity=group.bv, role="licensee", by=person),
        lambda: add_component(product=product, name="Safeguard", by=person),
        lambda: mark_retired(product=product, by=person),
    ]
    before = Event.objects.count()
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()
    assert Event.objects.count() == before


def test_naming_another_licensee_replaces_the_first_and_counts_as_an_edit_of_facts(cast, product, group):
    set_entity_role(product=product, entity=group.bv, role="licensee", by=cast.olive)
    assert licensee_of(product) == group.bv
    assert ProductEntity.objects.filter(product=product, role="licensee").count() == 1
    assert FactEdit.objects.filter(product=product, person=cast.olive).latest("pk").keys == ["licensee"]


def test_the_licensee_is_replaced_and_never_removed(cast, product, group):
    set_entity_role(product=product, entity=group.bv, role="offeror", by=cast.olive)
    remove_entity_role(product=product, entity=group.bv, role="offeror", by=cast.olive)
    with pytest.raises(DeploymentError, match="another licensee"):
        remove_entity_role(product=product, entity=group.inc, role="licensee", by=cast.olive)
    assert [row.role for row in product.entity_roles.all()] == ["licensee"]


def test_an_administrator_hands_a_product_over_when_its_owner_has_left(cast, product):
    otto = make_person("Otto Other")
    with pytest.raises(NotAllowed):
        change_owner(product=product, owner=otto, by=cast.adam)
    grant_role(by=SYSTEM, person=otto, role="product_owner", team=cast.team)
    assert change_owner(product=product, owner=otto, by=cast.adam).owner == otto
    with pytest.raises(NotAllowed):
        change_owner(product=product, owner=cast.olive, by=cast.rita)


def test_a_copy_brings_answers_and_names_but_no_version(cast, product, group):
    answer_all(product, by=cast.olive)
    copy = copy_product(source=product, name="Harbour Assist Oslo", team=cast.team, licensee=group.as_, by=cast.olive)
    assert copy.sheet.answers == ProductSheet.objects.get(product=product).answers
    assert licensee_of(copy) == group.as_
    assert [one.name for one in copy.components.all()] == ["Chat model"]
    assert not copy.components.get().model_sheets.exists()
    assert (copy.state, copy.copied_from, copy.deployments.count()) == ("draft", product, 0)


def test_nobody_copies_a_product_that_they_may_not_see(cast, product):
    with pytest.raises(DeploymentError, match="may see"):
        copy_product(source=product, name="Mine now", team=cast.other_team, by=cast.sam)
    assert Product.objects.count() == 1


def test_retiring_opens_a_stop_duty_for_every_version_and_closes_the_sheets(cast, product):
    component = product.components.get()
    put_model_sheet(
        component=component, version=version("llama-4"), raw_model_id="meta-llama/Llama-4-Scout-17B-16E", by=cast.olive
    )
    opened = mark_retired(product=product, reason="Replaced", by=cast.olive)
    assert {duty.version.slug for duty in opened} == {"llama-3.1", "llama-4"}
    assert {duty.cause for duty in opened} == {"retired"}
    product.refresh_from_db()
    assert (product.state, product.retired_at is not None) == ("retired", True)
    with pytest.raises(NotAllowed, match="retired"):
        save_product_answers(product=product, answers={"purpose": "Something else"}, by=cast.olive)
    with pytest.raises(NotAllowed, match="already retired"):
        mark_retired(product=product, by=cast.olive)
    assert StopDuty.objects.count() == 2


def test_the_event_of_retiring_is_recorded_last(cast, product):
    mark_retired(product=product, by=cast.olive)
    kinds = list(events_for(product.reference).order_by("seq").values_list("kind", flat=True))
    assert kinds[-2:] == ["stop_duty.opened", "product.retired"]


def test_names_of_components_and_environments_are_unique_in_a_product(cast, product):
    with pytest.raises(DeploymentError, match="already has a component"):
        add_component(product=product, name="Chat model", by=cast.olive)
    with pytest.raises(DeploymentError, match="already has an environment"):
        add_deployment(product=product, name="Production", is_production=True, by=cast.olive)
    assert Component.objects.filter(product=product).count() == 1


def test_only_an_administrator_lets_the_gate_merely_observe_in_production(cast, product):
    production = product.deployments.get()
    with pytest.raises(NotAllowed, match="administrator"):
        add_deployment(product=product, name="EU", is_production=True, gate_mode="observe", by=cast.olive)
    with pytest.raises(NotAllowed, match="administrator"):
        set_gate_mode(deployment=production, gate_mode="observe", reason="We are late", by=cast.olive)
    add_deployment(product=product, name="Staging", is_production=False, gate_mode="observe", by=cast.olive)
    with pytest.raises(DeploymentError, match="why"):
        set_gate_mode(deployment=production, gate_mode="observe", by=cast.adam)
    assert (
        set_gate_mode(deployment=production, gate_mode="observe", reason="Trial", by=cast.adam).gate_mode == "observe"
    )


def test_a_product_is_seen_by_its_team_and_by_those_who_see_the_company(cast, product, group):
    other = make_product(cast=cast, licensee=group.as_, name="Freight Reader", owner=cast.sam)
    seen = {
        name: set(Product.objects.visible_to(getattr(cast, name)))
        for name in ("olive", "sam", "rita", "anna", "adam", "cleo")
    }
    assert seen == {
        "olive": {product},
        "sam": {other},
        "rita": {product, other},
        "anna": {product, other},
        "adam": {product, other},
        "cleo": set(),
    }
    assert sheet_of(other).component.product == other
