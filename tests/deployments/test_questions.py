"""Ask a colleague: they see the product and answer that question, and nothing else."""

from __future__ import annotations

import pytest

from deployments.actions.questions import answer_question, ask_colleague
from deployments.actions.sheets import save_model_answers, save_product_answers
from deployments.errors import DeploymentError
from deployments.models import ColleagueQuestion, FactEdit, Product
from foundation.accounts.actions import deactivate_person
from foundation.accounts.policy import NotAllowed
from foundation.audit.queries import events_for
from tests.deployments.builders import sheet_of


def test_who_is_asked_sees_the_product_and_answers_that_question_only(cast, product):
    assert not Product.objects.visible_to(cast.cleo).exists()
    ask_colleague(product=product, field_key="countries", asked_of=cast.cleo, note="Where do we sell?", by=cast.olive)
    assert list(Product.objects.visible_to(cast.cleo)) == [product]
    with pytest.raises(NotAllowed):
        save_product_answers(product=product, answers={"purpose": "Mine"}, by=cast.cleo)
    with pytest.raises(NotAllowed):
        save_product_answers(product=product, answers={"countries": ["NO"], "purpose": "Mine"}, by=cast.cleo)
    with pytest.raises(NotAllowed):
        save_model_answers(sheet=sheet_of(product), answers={"route": "meta-download"}, by=cast.cleo)
    assert save_product_answers(product=product, answers={"countries": ["NO"]}, by=cast.cleo) == ["countries"]


def test_an_answer_goes_onto_the_sheet_in_the_name_of_who_gave_it(cast, product):
    question = ask_colleague(product=product, field_key="countries", asked_of=cast.cleo, by=cast.olive)
    answer_question(question=question, value=["NO", "SE"], note="Sales report", by=cast.cleo)
    product.sheet.refresh_from_db()
    assert product.sheet.answers["countries"] == ["NO", "SE"]
    assert FactEdit.objects.latest("pk").person == cast.cleo
    question.refresh_from_db()
    assert (question.answered_at is not None, question.answer_note) == (True, "Sales report")
    kinds = list(events_for(product.reference).order_by("seq").values_list("kind", flat=True))
    assert kinds[-3:] == ["colleague.asked", "declaration.draft_saved", "colleague.answered"]


def test_once_answered_the_colleague_may_no_longer_edit(cast, product):
    question = ask_colleague(product=product, field_key="countries", asked_of=cast.cleo, by=cast.olive)
    answer_question(question=question, value=["NO"], by=cast.cleo)
    with pytest.raises(NotAllowed):
        save_product_answers(product=product, answers={"countries": ["SE"]}, by=cast.cleo)
    with pytest.raises(DeploymentError, match="already answered"):
        answer_question(question=question, value=["SE"], by=cast.cleo)


def test_nobody_else_answers_what_a_colleague_was_asked(cast, product):
    question = ask_colleague(product=product, field_key="countries", asked_of=cast.cleo, by=cast.olive)
    for person in (cast.rita, cast.sam, cast.anna):
        with pytest.raises(NotAllowed):
            answer_question(question=question, value=["NO"], by=person)
    assert answer_question(question=question, value=["NO"], by=cast.olive).answered_at is not None


def test_a_wrong_answer_leaves_the_question_open(cast, product):
    question = ask_colleague(product=product, field_key="countries", asked_of=cast.cleo, by=cast.olive)
    with pytest.raises(DeploymentError):
        answer_question(question=question, value=["Atlantis"], by=cast.cleo)
    question.refresh_from_db()
    assert question.answered_at is None


def test_a_note_alone_is_an_answer_too_but_nothing_is_not(cast, product):
    question = ask_colleague(product=product, field_key="countries", asked_of=cast.cleo, by=cast.olive)
    with pytest.raises(DeploymentError, match="write a note"):
        answer_question(question=question, by=cast.cleo)
    answer_question(question=question, note="Ask sales instead", by=cast.cleo)
    product.sheet.refresh_from_db()
    assert "countries" not in product.sheet.answers


def test_a_question_on_a_model_sheet_opens_only_that_sheet(cast, product):
    sheet = sheet_of(product)
    ask_colleague(product=product, sheet=sheet, field_key="route", asked_of=cast.cleo, by=cast.olive)
    assert save_model_answers(sheet=sheet, answers={"route": "meta-download"}, by=cast.cleo) == ["route"]


@pytest.mark.parametrize("key", ["nonsense", "version_rule", "model_id"])
def test_only_questions_of_the_sheet_can_be_asked(cast, product, key):
    with pytest.raises(DeploymentError):
        ask_colleague(product=product, sheet=sheet_of(product), field_key=key, asked_of=cast.cleo, by=cast.olive)


def test_asking_oneself_twice_or_somebody_without_access_is_refused(cast, product):
    ask = {"product": product, "field_key": "countries", "by": cast.olive}
    with pytest.raises(DeploymentError, match="yourself"):
        ask_colleague(**ask, asked_of=cast.olive)
    ask_colleague(**ask, asked_of=cast.cleo)
    with pytest.raises(DeploymentError, match="already"):
        ask_colleague(**ask, asked_of=cast.cleo)
    deactivate_person(by=cast.adam, person=cast.sam)
    with pytest.raises(DeploymentError, match="no access"):
        ask_colleague(**ask, asked_of=cast.sam)
    assert ColleagueQuestion.objects.count() == 1


def test_only_who_edits_the_sheets_asks(cast, product):
    with pytest.raises(NotAllowed):
        ask_colleague(product=product, field_key="countries", asked_of=cast.cleo, by=cast.rita)
