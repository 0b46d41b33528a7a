"""A question to a colleague is closed once the owner has answered the field: nobody works for nothing."""

from __future__ import annotations

import pytest
from django.core import mail
from django.urls import reverse

from deployments.actions.questions import answer_question, ask_colleague
from deployments.actions.sheets import save_model_answers, save_product_answers
from deployments.models import ColleagueQuestion
from foundation.audit.queries import events_for
from foundation.jobs.actions import run_all_due
from notifications.actions import read_log
from notifications.models import Notice
from tests.cast import signed_in
from tests.deployments.builders import sheet_of


@pytest.fixture
def question(cast, product) -> ColleagueQuestion:
    return ask_colleague(product=product, field_key="countries", asked_of=cast.cleo, by=cast.olive)


def fresh(question: ColleagueQuestion) -> ColleagueQuestion:
    return ColleagueQuestion.objects.get(pk=question.pk)


def last_kinds(product, number: int) -> list[str]:
    return list(events_for(product.reference).order_by("seq").values_list("kind", flat=True))[-number:]


def test_the_owners_own_answer_closes_the_question_and_the_log_says_how(cast, product, question):
    save_product_answers(product=product, answers={"countries": ["NO"]}, by=cast.olive)
    assert fresh(question).answered_at is not None
    assert fresh(question).get_closed_as_display() == "Answered by the owner"
    assert last_kinds(product, 2) == ["declaration.draft_saved", "colleague.closed"]
    event = events_for(product.reference).latest("seq")
    assert event.facts == {"question": question.pk, "field": "countries", "closed_as": "by_owner"}
    assert cast.cleo.reference in event.related


def test_the_colleague_hears_that_nothing_is_needed_and_gets_no_late_mail(cast, product, question):
    read_log()
    assert Notice.objects.filter(person=cast.cleo, kind="colleague.asked", must_act=True).exists()
    save_product_answers(product=product, answers={"countries": ["NO"]}, by=cast.olive)
    read_log()
    run_all_due()
    closed = Notice.objects.get(person=cast.cleo, kind="colleague.closed")
    assert not closed.must_act
    assert "No answer is needed any more" in closed.title
    assert [message.subject for message in mail.outbox if message.to == [cast.cleo.email]] == [
        f"[Licence Desk] {closed.title}"
    ]


def test_an_open_question_is_mailed(cast, product, question):
    read_log()
    run_all_due()
    assert any("You are asked" in message.subject for message in mail.outbox)


def test_it_leaves_the_colleagues_work_and_their_page_says_why(cast, product, question):
    client = signed_in(cast.cleo)
    assert list(client.get(reverse("portal:home")).context["questions"]) == [question]
    save_product_answers(product=product, answers={"countries": ["NO"]}, by=cast.olive)
    assert list(client.get(reverse("portal:home")).context["questions"]) == []
    page = client.get(reverse("deployments:answer", args=[question.pk])).content.decode()
    assert "was answered by the owner" in page


@pytest.mark.parametrize("answers", [{"purpose": "Another thing."}, {"countries": ["unknown"]}, {"countries": []}])
def test_another_answer_or_not_known_yet_leaves_it_open(cast, product, question, answers):
    save_product_answers(product=product, answers={"purpose": "A thing."}, by=cast.olive)
    save_product_answers(product=product, answers=answers, by=cast.olive)
    assert fresh(question).answered_at is None


def test_saving_what_already_stood_there_leaves_it_open(cast, product):
    save_product_answers(product=product, answers={"countries": ["NO"]}, by=cast.olive)
    question = ask_colleague(
        product=product, field_key="countries", asked_of=cast.cleo, note="Is that right?", by=cast.olive
    )
    save_product_answers(product=product, answers={"countries": ["NO"]}, by=cast.olive)
    assert fresh(question).answered_at is None


def test_only_the_question_on_the_same_sheet_is_closed(cast, product):
    sheet = sheet_of(product)
    on_sheet = ask_colleague(product=product, sheet=sheet, field_key="route", asked_of=cast.cleo, by=cast.olive)
    on_product = ask_colleague(product=product, field_key="countries", asked_of=cast.cleo, by=cast.olive)
    save_model_answers(sheet=sheet, answers={"route": "meta-download"}, by=cast.olive)
    assert (fresh(on_sheet).closed_as, fresh(on_product).closed_as) == ("by_owner", "")


def test_who_was_asked_and_answers_on_the_sheet_itself_has_answered(cast, product, question):
    save_product_answers(product=product, answers={"countries": ["NO"]}, by=cast.cleo)
    assert fresh(question).closed_as == "answered"
    assert last_kinds(product, 1) == ["colleague.answered"]


def test_one_colleagues_answer_does_not_silence_another(cast, product, question):
    other = ask_colleague(product=product, field_key="countries", asked_of=cast.ravi, by=cast.olive)
    answer_question(question=question, value=["NO"], by=cast.cleo)
    assert fresh(question).closed_as == "answered"
    assert fresh(other).answered_at is None


def test_the_owner_on_the_colleagues_page_closes_all_that_was_asked_about_it(cast, product, question):
    other = ask_colleague(product=product, field_key="countries", asked_of=cast.ravi, by=cast.olive)
    answer_question(question=question, value=["NO"], by=cast.olive)
    assert (fresh(question).closed_as, fresh(other).closed_as) == ("by_owner", "by_owner")
    assert last_kinds(product, 3) == ["declaration.draft_saved", "colleague.closed", "colleague.closed"]
