"""The duty sheet of a product: from its facts as they stand, one for each model, with how far each duty is done."""

from __future__ import annotations

from django.test import Client
from django.utils.html import strip_tags

from deployments.actions.components import add_component
from deployments.actions.sheets import save_model_answers
from deployments.models import ModelSheet, Product
from tests.cast import Cast
from tests.deployments.builders import Group, answer_all


def page_of(product: Product, client: Client) -> str:
    answer = client.get(f"/products/{product.reference}/duties/")
    assert answer.status_code == 200
    return " ".join(strip_tags(answer.content.decode().replace("<", " <")).split())


def test_what_is_done_and_what_is_to_do_stand_side_by_side(
    product: Product, cast: Cast, group: Group, client: Client
) -> None:
    answer_all(product, by=cast.olive, attribution_places=["none"], attribution_text="")
    client.force_login(cast.olive)
    page = page_of(product, client)
    assert "Built with Llama" in page
    assert "Action needed Display these words" in page
    assert "It is not displayed yet" in page
    answer_all(product, by=cast.olive, attribution_places=["website"], attribution_text="Built with Llama")
    page = page_of(product, client)
    assert "Satisfied Display these words" in page
    assert "It is not displayed yet" not in page  # what is done is said as done


def test_a_merge_shows_the_words_of_each_version_and_one_notice_file(
    product: Product, cast: Cast, group: Group, client: Client
) -> None:
    answer_all(product, by=cast.olive)
    merge = {
        "model_uses": ["changed"],
        "base_model": "meta-llama/Llama-3.1-8B",
        "change_kinds": ["merged"],
        "ancestors": ["llama-3"],
        "ancestor_roles": ["weights"],
        "derived_available": "weights",
        "derived_name": "Llama 3 Norrbro",
        "recipients": ["customers"],
        "distribution_files": ["agreement", "notice"],
        "notice_text": "Nothing yet",
    }
    (sheet,) = ModelSheet.objects.filter(component__product=product)
    save_model_answers(sheet=sheet, answers=merge, by=cast.olive)
    client.force_login(cast.olive)
    html = client.get(f"/products/{product.reference}/duties/").content.decode()
    together = html.split('id="together-h"')[1].split("</section>")[0]
    assert "<code data-copy>Built with Meta Llama 3</code>" in together
    assert "Copyright © Meta Platforms, Inc. All Rights Reserved.</code>" in together
    assert 'href="/licences/llama-3.1/notice/?with=llama-3"' in together
    # The same number is another clause in each agreement: it opens in the version that has it.
    assert 'href="/licences/llama-3/#agreement-1.b.v">Llama 3: LICENSE 1.b.v</a>' in together


def test_a_stranger_sees_none(product: Product, cast: Cast, client: Client) -> None:
    client.force_login(cast.sam)
    assert client.get(f"/products/{product.reference}/duties/").status_code == 404


def test_a_place_for_a_model_without_a_version_is_named(product: Product, cast: Cast, client: Client) -> None:
    answer_all(product, by=cast.olive)
    client.force_login(cast.olive)
    assert "Not on this page" not in page_of(product, client)
    add_component(product=product, name="Safeguard", by=cast.olive)
    assert "Not on this page: Safeguard." in page_of(product, client)


def test_a_version_that_nobody_confirmed_is_not_taken_for_confirmed(
    product: Product, cast: Cast, client: Client
) -> None:
    sheet = answer_all(product, by=cast.olive)
    client.force_login(cast.olive)
    assert "nobody has confirmed" not in page_of(product, client)
    ModelSheet.objects.filter(pk=sheet.pk).update(version_confirmed_by=None, version_confirmed_at=None)
    page = page_of(product, client)
    assert f"{sheet.component.name}: nobody has confirmed Llama 3.1 yet, which its name points to." in page
    assert "is confirmed there" not in page
    assert "Not on this page" not in page
