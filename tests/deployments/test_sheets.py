"""Draft sheets: saving as one goes, unknowns, who may answer what, and what saving without a change does."""

from __future__ import annotations

import pytest

from deployments.actions.products import copy_product
from deployments.actions.sheets import put_model_sheet, save_model_answers, save_product_answers
from deployments.errors import DeploymentError
from deployments.models import FactEdit, ModelSheet
from deployments.queries import current_facts, earlier_answers
from foundation.accounts.policy import NotAllowed
from foundation.accounts.roles import Role
from foundation.audit.models import Event
from foundation.audit.queries import events_for
from licences.facts import digest, missing
from licences.model_names import propose
from tests.cast import make_person
from tests.deployments.builders import LLAMA_31, answer_all, make_product, sheet_of, version


def test_answers_are_saved_one_at_a_time(cast, product):
    assert save_product_answers(product=product, answers={"audience": ["public"]}, by=cast.olive) == ["audience"]
    assert save_product_answers(product=product, answers={"purpose": "Answers questions."}, by=cast.olive) == [
        "purpose"
    ]
    product.sheet.refresh_from_db()
    assert product.sheet.answers == {"audience": ["public"], "purpose": "Answers questions."}


def test_not_known_yet_is_saved_and_stays_missing(cast, product):
    save_product_answers(product=product, answers={"countries": ["unknown"], "purpose": "unknown"}, by=cast.olive)
    product.sheet.refresh_from_db()
    assert product.sheet.answers == {"countries": ["unknown"], "purpose": "unknown"}
    assert {"countries", "purpose"} <= {one.key for one in missing("product", product.sheet.answers)}


def test_saving_without_a_change_changes_nothing_and_records_nothing(cast, product):
    sheet = answer_all(product, by=cast.olive)
    product.sheet.refresh_from_db()
    saved_at, edits, events = product.sheet.saved_at, FactEdit.objects.count(), Event.objects.count()
    assert save_product_answers(product=product, answers=dict(product.sheet.answers), by=cast.olive) == []
    assert save_product_answers(product=product, answers={"audience": ["customers", ""]}, by=cast.olive) == []
    assert save_model_answers(sheet=sheet, answers=dict(sheet.answers), by=cast.olive) == []
    product.sheet.refresh_from_db()
    assert product.sheet.saved_at == saved_at
    assert (FactEdit.objects.count(), Event.objects.count()) == (edits, events)


def test_an_edit_notes_who_changed_which_answers(cast, product):
    save_product_answers(product=product, answers={"purpose": "A", "audience": ["public"]}, by=cast.olive)
    edit = FactEdit.objects.latest("pk")
    assert (edit.person, edit.keys, edit.sheet) == (cast.olive, ["audience", "purpose"], None)
    event = events_for(product.reference).latest("seq")
    assert (event.kind, event.facts["changed"]) == ("declaration.draft_saved", ["audience", "purpose"])


def test_the_words_of_an_answer_do_not_stand_in_the_log(cast, product):
    save_product_answers(product=product, answers={"purpose": "Names Ms Example of Bergen"}, by=cast.olive)
    assert "Bergen" not in events_for(product.reference).latest("seq").body


def test_an_answer_that_is_none_of_those_offered_is_refused_beside_its_question(cast, product):
    with pytest.raises(DeploymentError) as refused:
        save_product_answers(product=product, answers={"audience": ["martians"], "purpose": "A"}, by=cast.olive)
    assert set(refused.value.fields) == {"audience"}
    product.sheet.refresh_from_db()
    assert product.sheet.answers == {}


def test_answers_to_questions_that_no_longer_arise_are_dropped(cast, product):
    sheet = sheet_of(product)
    save_model_answers(sheet=sheet, answers={"model_uses": ["changed"], "derived_name": "Llama-Quay"}, by=cast.olive)
    changed = save_model_answers(sheet=sheet_of(product), answers={"model_uses": ["none"]}, by=cast.olive)
    assert changed == ["derived_name", "model_uses"]
    assert sheet_of(product).answers == {"model_uses": ["none"]}


@pytest.mark.parametrize("key", ["model_id", "version", "version_confirmed_by", "nonsense"])
def test_the_model_and_its_version_are_chosen_and_never_saved_as_answers(cast, product, key):
    with pytest.raises(DeploymentError, match="no question"):
        save_model_answers(sheet=sheet_of(product), answers={key: "llama-4"}, by=cast.olive)


@pytest.mark.parametrize("who", ["rita", "leo", "ravi", "anna", "adam", "sam", "cleo"])
def test_legal_and_strangers_do_not_edit_the_owners_sheets(cast, product, who):
    person = getattr(cast, who)
    with pytest.raises(NotAllowed):
        save_product_answers(product=product, answers={"purpose": "Mine"}, by=person)
    with pytest.raises(NotAllowed):
        save_model_answers(sheet=sheet_of(product), answers={"route": "provider-api"}, by=person)
    with pytest.raises(NotAllowed):
        put_model_sheet(component=product.components.get(), version=None, raw_model_id="other/model", by=person)


def test_the_attribution_owner_edits_the_attribution_and_nothing_else(cast, product):
    sheet = sheet_of(product)
    save_model_answers(sheet=sheet, answers={"attribution_places": ["website"]}, by=cast.petra)
    for answers in ({"route": "meta-download"}, {"attribution_places": ["website"], "model_uses": ["none"]}):
        with pytest.raises(NotAllowed):
            save_model_answers(sheet=sheet_of(product), answers=answers, by=cast.petra)
    assert sheet_of(product).answers == {"attribution_places": ["website"]}


def test_another_product_owner_of_the_team_may_edit(cast, product):
    otto = make_person("Otto Other", role=Role.PRODUCT_OWNER, team=cast.team)
    assert save_product_answers(product=product, answers={"purpose": "Ours"}, by=otto) == ["purpose"]


def test_an_unresolved_name_is_kept_and_becomes_the_sheet_of_its_version(cast, group):
    product = make_product(cast=cast, licensee=group.inc, model_id="internal/quay-7b", slug=None)
    sheet = sheet_of(product)
    save_model_answers(sheet=sheet, answers={"route": "redistributor"}, by=cast.olive)
    assert current_facts(sheet_of(product)).model["version"] == "unknown"

    resolved = put_model_sheet(
        component=product.components.get(),
        version=version("llama-2"),
        raw_model_id="internal/quay-7b",
        proposal=propose("internal/quay-7b"),
        by=cast.olive,
    )

    assert resolved.pk == sheet.pk
    assert resolved.answers == {"route": "redistributor"}
    assert (resolved.version_confirmed_by, resolved.version) == (cast.olive, version("llama-2"))


def test_a_new_version_has_a_sheet_of_its_own_and_leaves_the_other_alone(cast, product):
    first = answer_all(product, by=cast.olive)
    before = digest(current_facts(first))
    second = put_model_sheet(
        component=product.components.get(),
        version=version("llama-4"),
        raw_model_id="meta-llama/Llama-4-Scout-17B-16E-Instruct",
        by=cast.olive,
    )
    save_model_answers(sheet=second, answers={"route": "provider-api"}, by=cast.olive)
    assert second.pk != first.pk
    assert digest(current_facts(ModelSheet.objects.get(pk=first.pk))) == before
    fresh = ModelSheet.objects.get(pk=second.pk)
    assert earlier_answers(fresh)["model_uses"] == ["none"]
    assert "route" not in earlier_answers(fresh)


def test_earlier_answers_are_proposed_from_the_product_that_was_copied(cast, product, group):
    answer_all(product, by=cast.olive)
    copy = copy_product(source=product, name="Copy", team=cast.team, by=cast.olive)
    sheet = put_model_sheet(
        component=copy.components.get(),
        version=version("llama-3.3"),
        raw_model_id="meta-llama/Llama-3.3-70B-Instruct",
        by=cast.olive,
    )
    assert sheet.answers == {}
    assert earlier_answers(sheet)["route"] == "meta-download"


def test_choosing_the_same_model_again_changes_nothing(cast, product):
    events = Event.objects.count()
    put_model_sheet(
        component=product.components.get(), version=version("llama-3.1"), raw_model_id=f" {LLAMA_31} ", by=cast.olive
    )
    assert Event.objects.count() == events


def test_another_model_of_the_same_version_is_a_material_change(cast, product):
    before = digest(current_facts(sheet_of(product)))
    put_model_sheet(
        component=product.components.get(),
        version=version("llama-3.1"),
        raw_model_id="meta-llama/Llama-3.1-70B-Instruct",
        by=cast.olive,
    )
    assert ModelSheet.objects.filter(component__product=product).count() == 1
    assert digest(current_facts(sheet_of(product))) != before


def test_a_model_id_with_a_revision_after_an_at_sign_can_be_recorded(cast, product):
    put_model_sheet(
        component=product.components.get(), version=version("llama-3.1"), raw_model_id="llama-3.1@v1.0", by=cast.olive
    )
    assert sheet_of(product).raw_model_id == "llama-3.1@v1.0"


def test_who_confirmed_the_version_is_a_reference_and_never_a_name(cast, product):
    model = current_facts(sheet_of(product)).model
    assert model["version_confirmed_by"] == cast.olive.reference
    assert "Olive" not in str(dict(model))
