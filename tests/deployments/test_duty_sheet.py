"""The duty sheet of a product: from its facts as they stand, one for each model, with how far each duty is done."""

from __future__ import annotations

from django.test import Client
from django.utils.html import strip_tags

from deployments.models import Product
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
    answer_all(product, by=cast.olive, attribution_places=["website"], attribution_text="Built with Llama")
    assert "Satisfied Display these words" in page_of(product, client)


def test_a_stranger_sees_none(product: Product, cast: Cast, client: Client) -> None:
    client.force_login(cast.sam)
    assert client.get(f"/products/{product.reference}/duties/").status_code == 404
