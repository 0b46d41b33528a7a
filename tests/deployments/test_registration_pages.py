"""Registering a product in the browser: few answers, saved as one goes, one question to a page."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from deployments.actions.questions import ask_colleague
from deployments.actions.sheets import save_model_answers, save_product_answers
from deployments.models import Component, Deployment, ModelSheet, Product, ProductSheet
from deployments.queries import licensee_of
from foundation.audit.models import Event
from reviews.actions.open_review import open_review
from tests.cast import PASSWORD, signed_in
from tests.deployments.builders import LLAMA_31, answer_all, make_product, sheet_of, version

ANSWERS = {
    "purpose": {"answer": "Answers questions of harbour customers about arrivals."},
    "audience": {"answer": ["customers"]},
    "countries": {"answer": ["US"], "others": "Norway, SE"},
    "aup_screening": {"answer": ["none"]},
    "user_information": {"answer": ["no-known-dangers"]},
    "route": {"answer": "meta-download"},
    "model_uses": {"answer": ["none"]},
    "attribution_places": {"answer": ["about-page"]},
    "attribution_text": {"answer": "Built with Llama"},
}


def test_a_customer_facing_product_takes_at_most_twelve_answers(cast, group):
    client = signed_in(cast.olive)
    response = client.post(
        reverse("deployments:register"), {"name": "Harbour Assist", "team": cast.team.pk, "licensee": group.inc.pk}
    )
    asked = 1
    response = client.post(
        response["Location"], {"model_id": LLAMA_31, "environment": "Production", "is_production": "on"}
    )
    asked += 1
    shown = client.get(response["Location"]).content.decode()
    assert re.search(r'value="llama-3.1"[^>]*checked', shown)
    response = client.post(response["Location"], {"model_id": LLAMA_31, "version": "llama-3.1", "action": "confirm"})
    asked += 1
    address, answers = client.get(response["Location"])["Location"], dict(ANSWERS)
    while "/questions/" in address:
        page = client.get(address)
        assert page.status_code == 200
        assert "Why we ask" in page.content.decode()
        key = address.rstrip("/").rsplit("/", 1)[-1]
        response = client.post(address, answers.pop(key))
        assert response.status_code == 302, response.content.decode()
        asked += 1
        address = response["Location"]

    sheet = sheet_of(Product.objects.get())
    assert address == reverse("portal:declare", args=[sheet.reference])
    assert asked <= 12
    assert client.get(address).status_code == 200
    product = Product.objects.get()
    assert licensee_of(product) == group.inc
    assert product.sheet.answers["countries"] == ["NO", "SE", "US"]
    assert (product.deployments.get().name, product.deployments.get().is_production) == ("Production", True)
    assert sheet.version == version("llama-3.1")


@pytest.fixture
def client(cast):
    return signed_in(cast.olive)


def question(sheet: ModelSheet, kind: str, key: str, name: str = "question") -> str:
    return reverse(f"deployments:{name}", args=[sheet.reference, kind, key])


def test_the_model_may_be_unknown_and_the_walk_goes_on(client, cast, group):
    response = client.post(reverse("deployments:register"), {"name": "Quay", "team": cast.team.pk, "licensee": ""})
    response = client.post(response["Location"], {"model_unknown": "on"})
    address = client.get(response["Location"])["Location"]
    assert "/questions/product/purpose/" in address
    sheet = ModelSheet.objects.get()
    assert (sheet.version, sheet.raw_model_id) == (None, "")
    tasks = client.get(reverse("deployments:registration", args=[Product.objects.get().reference]))
    assert "Not known yet" in tasks.content.decode()


def test_unknown_is_a_choice_of_every_question(client, product):
    sheet = sheet_of(product)
    for kind, keys in (
        ("product", ["purpose", "audience", "countries", "aup_screening", "user_information"]),
        ("model", ["route", "model_uses", "attribution_places"]),
    ):
        for key in keys:
            page = client.get(question(sheet, kind, key)).content.decode()
            assert "Not known yet" in page
            data = {"unknown": "on"} if key == "purpose" else {"answer": "unknown"}
            assert client.post(question(sheet, kind, key), data).status_code == 302
    assert set(map(str, ProductSheet.objects.get(product=product).answers.values())) == {"unknown", "['unknown']"}
    declared = client.get(reverse("portal:declare", args=[sheet.reference]))
    assert declared.status_code == 200


def test_an_empty_answer_is_refused_with_what_to_do(client, product):
    page = client.post(question(sheet_of(product), "product", "purpose"), {})
    assert "There is a problem" in page.content.decode()
    assert "tick “not known yet”" in page.content.decode()
    page = client.post(question(sheet_of(product), "product", "countries"), {"others": "Atlantis"})
    assert "“Atlantis” is no country that we know" in page.content.decode()


def test_an_answer_and_not_known_at_once_is_refused(client, product):
    page = client.post(question(sheet_of(product), "product", "purpose"), {"answer": "A", "unknown": "on"})
    assert "not both" in page.content.decode()
    page = client.post(question(sheet_of(product), "product", "audience"), {"answer": ["public", "unknown"]})
    assert "alone" in page.content.decode()
    assert ProductSheet.objects.get(product=product).answers == {}


def test_the_whole_union_is_one_tick_and_comes_back_ticked(client, product):
    address = question(sheet_of(product), "product", "countries")
    client.post(address, {"answer": ["EU"], "others": "norway"})
    saved = ProductSheet.objects.get(product=product).answers["countries"]
    assert len(saved) == 28
    page = client.get(address).content.decode()
    assert re.search(r'value="EU"[^>]*checked', page)
    assert re.search(r'value="NO"[^>]*checked', page)  # Norrbro AS sits there, so Norway is offered


def test_a_follow_up_is_asked_only_when_an_answer_calls_for_it(client, product):
    sheet = sheet_of(product)
    assert client.get(question(sheet, "model", "derived_name")).status_code == 404
    client.post(question(sheet, "model", "model_uses"), {"answer": ["changed"]})
    page = client.get(question(sheet, "model", "derived_name"))
    assert page.status_code == 200


def test_the_catalogues_words_are_filled_in_and_count_only_once_saved(client, cast, product):
    sheet = sheet_of(product)
    save_model_answers(sheet=sheet, answers={"attribution_places": ["about-page"]}, by=cast.olive)
    page = client.get(question(sheet, "model", "attribution_text")).content.decode()
    assert 'value="Built with Llama"' in page or ">\nBuilt with Llama</textarea>" in page
    assert "Filled in from the catalogue" in page
    assert "attribution_text" not in sheet_of(product).answers


def test_saving_the_same_answer_again_records_nothing(client, cast, product):
    address = question(sheet_of(product), "product", "audience")
    client.post(address, {"answer": ["public"]})
    events = Event.objects.count()
    assert client.post(address, {"answer": ["public"]}).status_code == 302
    assert Event.objects.count() == events


@pytest.mark.parametrize("who", ["rita", "leo", "anna", "adam"])
def test_people_who_only_see_the_product_are_refused_also_past_the_page(cast, product, who):
    client = signed_in(getattr(cast, who))
    sheet, component = sheet_of(product), product.components.get()
    addresses = [
        question(sheet, "product", "purpose"),
        question(sheet, "product", "purpose", "ask"),
        reverse("deployments:component-model", args=[component.reference]),
        *(
            reverse(f"deployments:{name}", args=[product.reference])
            for name in ("rename", "entity-role", "component-add", "environment-add")
        ),
        reverse("portal:retire", args=[product.reference]),
    ]
    before = Event.objects.count()
    for address in addresses:
        assert client.get(address).status_code == 403, address
        assert client.post(address, {"answer": "Mine", "name": "Mine", "confirm": "on"}).status_code == 403, address
    assert Event.objects.count() == before
    assert client.get(reverse("deployments:registration", args=[product.reference])).status_code == 200


@pytest.mark.parametrize("who", ["rita", "anna", "adam"])
def test_who_only_reads_gets_the_task_list_without_a_link_to_a_question(cast, product, who):
    page = signed_in(getattr(cast, who)).get(reverse("deployments:registration", args=[product.reference]))
    assert not [task for section in page.context["sections"] for task in section["tasks"] if task["url"]]
    assert "/questions/" not in page.content.decode()


def test_the_attribution_owner_is_led_through_attribution_and_nowhere_else(cast, product):
    """Answering used to end at the next question, which the attribution owner may not open."""
    client, sheet = signed_in(cast.petra), sheet_of(product)
    registration = reverse("deployments:registration", args=[product.reference])
    sections = client.get(registration).context["sections"]
    links = {task["url"] for section in sections for task in section["tasks"] if task["url"]}
    assert links == {question(sheet, "model", "attribution_places")}
    answer = client.post(question(sheet, "model", "attribution_places"), {"answer": ["about-page"]})
    assert answer["Location"] == question(sheet, "model", "attribution_text")
    page = client.get(answer["Location"])
    assert page.context["back_url"] == question(sheet, "model", "attribution_places")
    answer = client.post(answer["Location"], {"answer": "Built with Llama"})
    assert answer["Location"] == f"{registration}?sheet={sheet.reference}"
    assert client.get(answer["Location"]).status_code == 200


def test_a_colleague_sees_a_link_to_what_they_were_asked_and_no_other(cast, product):
    sheet = sheet_of(product)
    asked = ask_colleague(product=product, field_key="countries", asked_of=cast.cleo, by=cast.olive)
    client = signed_in(cast.cleo)
    sections = client.get(reverse("deployments:registration", args=[product.reference])).context["sections"]
    links = {task["url"] for section in sections for task in section["tasks"] if task["url"]}
    assert links == {question(sheet, "product", "countries")}
    on_page = reverse("deployments:answer", args=[asked.pk])
    assert on_page in client.get(reverse("portal:product", args=[product.reference])).content.decode()
    others = signed_in(cast.anna).get(reverse("portal:product", args=[product.reference])).content.decode()
    assert on_page not in others


def test_the_task_list_costs_the_same_for_a_reader_as_for_the_owner(cast, product):
    address = reverse("deployments:registration", args=[product.reference])

    def queries(person) -> int:
        client = signed_in(person)
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    assert queries(cast.petra) <= queries(cast.olive) + 1  # what they were asked, once for all questions


def test_the_next_question_leads_a_reader_to_the_task_list(cast, product):
    sheet = sheet_of(product)
    answer = signed_in(cast.rita).get(reverse("deployments:register-model", args=[sheet.reference]), follow=True)
    assert answer.status_code == 200
    assert answer.redirect_chain[-1][0].startswith(reverse("deployments:registration", args=[product.reference]))


def test_only_who_declares_is_led_from_the_review_to_the_declaration(cast, product):
    review = open_review(sheet=sheet_of(product), reason="registered", by=cast.olive)
    page = reverse("reviews:detail", args=[review.reference])
    declare = reverse("portal:declare", args=[review.sheet.reference])
    assert declare in signed_in(cast.olive).get(page).content.decode()
    for person in (cast.rita, cast.petra, cast.anna, cast.adam):
        assert declare not in signed_in(person).get(page).content.decode()


def test_a_stranger_does_not_learn_that_the_product_is_there(cast, product):
    client = signed_in(cast.sam)
    sheet = sheet_of(product)
    for address in (
        reverse("deployments:registration", args=[product.reference]),
        reverse("deployments:registration", args=["PRD-99999"]),
        reverse("deployments:rename", args=[product.reference]),
        reverse("deployments:register-model", args=[sheet.reference]),
        question(sheet, "product", "purpose"),
        reverse("deployments:component-model", args=[product.components.get().reference]),
        reverse("deployments:gate-mode", args=[product.deployments.get().reference]),
        reverse("deployments:rename", args=["nonsense"]),
    ):
        assert client.get(address).status_code == 404, address
        assert client.post(address, {"answer": "Mine"}).status_code in {404, 405}, address


def test_without_a_sign_in_every_page_leads_to_it(client, product):
    page = Client().get(question(sheet_of(product), "product", "purpose"))
    assert page.status_code == 302
    assert "/login/" in page["Location"]


def test_who_may_not_register_is_told_why(cast, group):
    page = signed_in(cast.rita).get(reverse("deployments:register"))
    assert page.status_code == 403
    assert "product owners" in page.content.decode().lower()


def test_a_team_of_somebody_else_cannot_be_chosen_past_the_page(client, cast, group):
    page = client.post(
        reverse("deployments:register"), {"name": "Mine", "team": cast.other_team.pk, "licensee": group.inc.pk}
    )
    assert page.status_code == 422
    assert not Product.objects.exists()


def test_asking_a_colleague_goes_on_to_the_next_open_question(client, cast, product):
    sheet = sheet_of(product)
    response = client.post(question(sheet, "product", "countries", "ask"), {"asked_of": cast.cleo.pk, "note": "Where?"})
    assert response.status_code == 302
    assert response["Location"] == question(sheet, "product", "aup_screening")
    tasks = client.get(reverse("deployments:registration", args=[product.reference])).content.decode()
    assert "Asked Cleo Colleague" in tasks


def test_who_was_asked_answers_on_a_page_of_their_own(cast, product):
    asked = ask_colleague(
        product=product, field_key="countries", asked_of=cast.cleo, note="Where do we sell?", by=cast.olive
    )
    address = reverse("deployments:answer", args=[asked.pk])
    client = signed_in(cast.cleo)
    assert "Where do we sell?" in client.get(address).content.decode()
    assert client.post(address, {"answer": ["US"], "others": ""}).status_code == 302
    assert ProductSheet.objects.get(product=product).answers["countries"] == ["US"]
    assert "Nothing to answer any more" in client.get(address).content.decode()
    assert signed_in(cast.sam).get(address).status_code == 404
    assert signed_in(cast.rita).get(address).status_code == 200  # sees that it is answered


def test_an_open_question_to_somebody_else_is_shown_to_nobody_but_editors(cast, product):
    asked = ask_colleague(product=product, field_key="countries", asked_of=cast.cleo, by=cast.olive)
    address = reverse("deployments:answer", args=[asked.pk])
    assert signed_in(cast.rita).get(address).status_code == 403
    assert signed_in(cast.rita).post(address, {"answer": ["US"]}).status_code == 403


def test_the_task_list_shows_findings_of_the_drafts(client, cast, product):
    answer_all(product, by=cast.olive, attribution_places=["none"])
    page = client.get(reverse("deployments:registration", args=[product.reference])).content.decode()
    assert "What legal will ask" in page
    assert "LICENSE 1.b.i" in page


def test_a_second_version_is_asked_anew_with_the_earlier_answers_proposed(client, cast, product):
    answer_all(product, by=cast.olive)
    component = product.components.get()
    response = client.post(
        reverse("portal:choose-model", args=[component.reference]),
        {"model_id": "meta-llama/Llama-3.3-70B-Instruct", "version": "llama-3.3", "action": "confirm"},
    )
    sheet = sheet_of(product)
    assert (sheet.version, sheet.answers) == (version("llama-3.3"), {})
    assert client.get(response["Location"]).status_code == 302
    page = client.get(question(sheet, "model", "route")).content.decode()
    assert re.search(r'value="meta-download"[^>]*checked', page)
    assert "Filled in from the answers given before" in page


def test_a_copy_begins_with_the_answers_of_the_other(client, cast, product, group):
    answer_all(product, by=cast.olive)
    response = client.post(
        reverse("deployments:copy", args=[product.reference]),
        {"name": "Harbour Assist Oslo", "team": cast.team.pk, "licensee": group.as_.pk},
    )
    assert response.status_code == 302
    copy = Product.objects.get(name="Harbour Assist Oslo")
    assert copy.sheet.answers["audience"] == ["customers"]
    assert response["Location"] == reverse(
        "deployments:component-model", args=[Component.objects.get(product=copy).reference]
    )


def test_the_environment_is_asked_once(client, cast, product):
    page = client.get(
        reverse("deployments:component-model", args=[product.components.get().reference])
    ).content.decode()
    assert 'name="environment"' not in page
    assert Deployment.objects.filter(product=product).count() == 1


def test_a_text_with_markup_is_shown_as_text(client, cast, product):
    save_product_answers(product=product, answers={"purpose": "<script>alert(1)</script>"}, by=cast.olive)
    for address in (
        reverse("deployments:registration", args=[product.reference]),
        question(sheet_of(product), "product", "purpose"),
        reverse("portal:declare", args=[sheet_of(product).reference]),
    ):
        assert "<script>alert(1)" not in client.get(address).content.decode()


def test_the_password_declares_from_the_page(client, cast, product):
    sheet = answer_all(product, by=cast.olive)
    page = client.get(reverse("portal:declare", args=[sheet.reference])).content.decode()
    [digest] = re.findall(r'name="statement_digest" value="([0-9a-f]{64})"', page)
    response = client.post(
        reverse("portal:declare", args=[sheet.reference]), {"statement_digest": digest, "password": PASSWORD}
    )
    assert response.status_code == 302
    assert sheet.declarations.count() == 1
    assert sheet.declarations.get().sheet.version == version("llama-3.1")


def test_two_products_of_two_owners_do_not_mix(cast, product, group):
    other = make_product(cast=cast, licensee=group.as_, name="Freight Reader", owner=cast.sam)
    client = signed_in(cast.sam)
    assert client.post(question(sheet_of(other), "product", "audience"), {"answer": ["public"]}).status_code == 302
    assert ProductSheet.objects.get(product=product).answers == {}
