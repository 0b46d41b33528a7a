"""Two components of one product share its sheet: what is declared for one may take the ground from the other."""

from __future__ import annotations

import pytest
from django.utils import timezone

from deployments.actions.components import add_component
from deployments.actions.products import set_entity_role
from deployments.actions.sheets import save_model_answers, save_product_answers
from deployments.models import Approval, EntityRole
from deployments.queries import declaration_statement
from licences.models import LlamaVersion
from reviews.actions.choose_version import choose_version
from reviews.actions.declare_facts import declare_facts
from reviews.errors import ChangedMeanwhile
from reviews.models import Review
from reviews.standing import standing_of
from tests import journeys
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db


def approval_of(journey: journeys.Journey) -> Approval:
    return Approval.objects.get(component=journey.component)


def standing(journey: journeys.Journey):
    return standing_of(approval_of(journey), timezone.now())


def second_component(journey: journeys.Journey) -> journeys.Journey:
    """A safeguard on Llama 3.3 beside the chat model, its facts filled in and not declared."""
    guard = add_component(product=journey.product, name="Safeguard", by=journey.cast.olive)
    sheet, review = choose_version(
        component=guard,
        raw_model_id="meta-llama/Llama-3.3-70B-Instruct",
        version=LlamaVersion.objects.get(slug="llama-3.3"),
        by=journey.cast.olive,
    )
    assert review is not None
    save_model_answers(
        sheet=sheet,
        answers=journeys.MODEL_ANSWERS | {"multimodal": "no", "attribution_text": "Built with Llama"},
        by=journey.cast.olive,
    )
    return journeys.Journey(
        journey.cast, journey.inc, journey.bv, journey.product, guard, journey.production, sheet, review
    )


def declare(journey: journeys.Journey) -> Review:
    journey.sheet.refresh_from_db()
    statement = declaration_statement(journey.sheet)
    return declare_facts(
        sheet=journey.sheet,
        by=journey.cast.olive,
        session_key=journeys.VISIT,
        password=PASSWORD,
        statement_digest=statement.digest,
    )


def test_declaring_the_same_for_another_component_leaves_an_approval_in_force(django_assert_max_num_queries):
    chat = journeys.approved()
    declare(second_component(chat))
    with django_assert_max_num_queries(6):
        assert standing(chat).in_force
    assert not Review.objects.filter(component=chat.component, reason="facts_changed").exists()


def test_a_material_change_declared_for_one_component_makes_the_approval_of_the_other_stale_and_opens_its_review():
    chat = journeys.approved()
    guard = second_component(chat)
    save_product_answers(product=chat.product, answers={"audience": ["customers", "public"]}, by=chat.cast.olive)
    assert standing(chat).in_force, "a draft changes nothing"
    declare(guard)
    now = standing(chat)
    assert now.standing == "stale"
    assert now.facts_moved
    assert any("receives" in reason or "Who" in reason for reason in now.reasons), now.reasons
    review = Review.objects.get(component=chat.component, reason="facts_changed")
    assert (review.state, review.reason_note) == ("facts_needed", " ".join(now.reasons))


def test_an_open_review_of_the_other_component_waits_for_its_owner_again():
    chat = journeys.signing()
    guard = second_component(chat)
    save_product_answers(product=chat.product, answers={"audience": ["customers", "public"]}, by=chat.cast.olive)
    declare(guard)
    assert chat.fresh().state == "facts_needed"
    assert "“Safeguard”" in chat.fresh().state_reason
    declare(chat)
    assert (chat.fresh().state, chat.fresh().round) == ("in_review", 2)


def test_what_nobody_declared_again_stops_no_signature_of_the_other():
    chat = journeys.signing()
    declare(second_component(chat))
    assert chat.fresh().state == "signing"
    journeys.sign(chat, "approver", chat.cast.leo)


def test_another_licensee_declared_for_one_component_makes_the_other_stale():
    chat = journeys.approved()
    guard = second_component(chat)
    set_entity_role(product=chat.product, entity=chat.bv, role=EntityRole.LICENSEE, by=chat.cast.olive)
    declare(guard)
    assert standing(chat).standing == "stale"


def test_a_signature_on_facts_that_the_product_left_behind_is_refused():
    """The guard behind the move above: also when the review was not told."""
    chat = journeys.signing()
    guard = second_component(chat)
    save_product_answers(product=chat.product, answers={"audience": ["customers", "public"]}, by=chat.cast.olive)
    declare(guard)
    Review.objects.filter(pk=chat.review.pk).update(state="signing")
    with pytest.raises(ChangedMeanwhile):
        journeys.sign(chat, "approver", chat.cast.leo)
