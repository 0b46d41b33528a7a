"""What the catalogue lists of a model is proposed and not asked; declaring confirms it, and answering overrules it."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from deployments.actions.sheets import save_model_answers
from deployments.models import ModelSheet
from tests.cast import signed_in
from tests.deployments.builders import answer_all, declare_by, make_product, sheet_of
from tests.deployments.test_registration_pages import ANSWERS

SCOUT = "meta-llama/Llama-4-Scout-17B-16E-Instruct"
MULTIMODAL = "Is it a multimodal model?"
PROPOSED = "Yes (proposed by the catalogue)"


@pytest.fixture
def sheet(cast, group) -> ModelSheet:
    """Every question of a plain product on Llama 4 is answered that the walk asks."""
    product = make_product(cast=cast, licensee=group.inc, model_id=SCOUT, slug="llama-4")
    return answer_all(product, by=cast.olive)


def test_a_customer_facing_product_on_llama_4_takes_at_most_twelve_answers(cast, group):
    client, answers = signed_in(cast.olive), dict(ANSWERS)
    steps = [
        {"name": "Harbour Assist", "team": cast.team.pk, "licensee": group.inc.pk},
        {"model_id": SCOUT, "environment": "Production", "is_production": "on"},
        {"model_id": SCOUT, "version": "llama-4", "action": "confirm"},
    ]
    address = reverse("deployments:register")
    for entered in steps:
        address = client.post(address, entered)["Location"]
    asked, address = len(steps), client.get(address)["Location"]
    while "/questions/" in address:
        address = client.post(address, answers.pop(address.rstrip("/").rsplit("/", 1)[-1]))["Location"]
        asked += 1
    assert "/declare" in address
    assert asked <= 12
    assert PROPOSED in client.get(address).content.decode()


def test_what_the_catalogue_lists_is_shown_as_proposed_and_is_declared(cast, sheet):
    client = signed_in(cast.olive)
    tasks = client.get(reverse("deployments:registration", args=[sheet.component.product.reference]))
    assert PROPOSED in tasks.content.decode()
    question = client.get(reverse("deployments:question", args=[sheet.reference, "model", "multimodal"]))
    assert "Proposed by the catalogue. It counts as soon as you declare" in question.content.decode()
    assert "multimodal" not in sheet.answers
    declared = json.loads(declare_by(cast.olive, sheet).document)
    assert declared["model_answers"]["multimodal"] == "yes"


@pytest.mark.parametrize("answer", ["no", "unknown"])
def test_an_answer_of_a_person_counts_before_the_catalogue(cast, sheet, answer):
    save_model_answers(sheet=sheet, answers={"multimodal": answer}, by=cast.olive)
    shown = signed_in(cast.olive).get(reverse("portal:declare", args=[sheet.reference])).content.decode()
    assert PROPOSED not in shown
    declared = json.loads(declare_by(cast.olive, sheet_of(sheet.component.product)).document)
    assert declared["model_answers"]["multimodal"] == answer


def test_of_a_changed_copy_it_is_asked(cast, sheet):
    save_model_answers(sheet=sheet, answers={"model_uses": ["changed"]}, by=cast.olive)
    address = signed_in(cast.olive).get(reverse("deployments:register-model", args=[sheet.reference]))["Location"]
    assert address.endswith("/model/multimodal/")
