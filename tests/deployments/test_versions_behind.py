"""What owners and legal see where more than one Llama version stands behind a model."""

from __future__ import annotations

from datetime import date

from django.test import Client
from django.urls import reverse

from deployments.actions import entities as actions
from deployments.actions.sheets import save_model_answers
from deployments.models import ModelSheet, Product
from deployments.queries import current_facts, draft_findings
from tests.cast import Cast
from tests.deployments.builders import Group, answer_all, version


def test_a_safeguard_whose_sources_disagree_shows_both_versions_duties_while_it_is_registered(
    product: Product, cast: Cast, group: Group, client: Client
) -> None:
    sheet = answer_all(product, by=cast.olive)
    ModelSheet.objects.filter(pk=sheet.pk).update(raw_model_id="meta-llama/Llama-Guard-3-8B")
    sheet.refresh_from_db()
    found = {one.key: one for one in draft_findings(sheet)}
    assert found["version"].status == "legal_judgement"
    assert found["union:aup"].clauses == ("AUP 1.h", "AUP 5")
    client.force_login(cast.olive)
    page = client.get(reverse("portal:declare", args=[sheet.reference])).content.decode()
    assert "the sources of this model disagree" in page
    assert 'href="/licences/llama-3.2/#aup-1.h">Llama 3.2: AUP 1.h</a>' in page


def test_legals_records_count_for_each_version_behind_the_model(product: Product, cast: Cast, group: Group) -> None:
    sheet = answer_all(product, by=cast.olive, model_uses=["changed"])
    merge = {
        "base_model": "meta-llama/Llama-3.1-8B",
        "change_kinds": ["merged"],
        "ancestors": ["llama-3"],
        "ancestor_roles": ["weights"],
    }
    save_model_answers(sheet=sheet, answers=merge, by=cast.olive)
    sheet.refresh_from_db()
    for month, figure in (("2024-03", 700_000_001), ("2024-06", 5)):
        actions.record_mau(
            entity=group.inc, month=month, figure=figure, counted_how="All", source="Report", by=cast.rita
        )
    assert current_facts(sheet).behind["llama-3"].mau_month == "2024-03"
    found = {one.key: one.status for one in draft_findings(sheet)}
    assert (found["mau"], found["union:mau:llama-3"]) == ("satisfied", "prohibited")
    actions.record_permission(
        entity=group.inc,
        kind="text_exception",
        covers=["mau"],
        name="Bought inside Deskware",
        scope="The Llama 3.1 model in it",
        granted_on=date(2026, 1, 1),
        version=version("llama-3.1"),
        by=cast.rita,
    )
    found = {one.key: one.status for one in draft_findings(sheet)}
    assert found["union:mau:llama-3"] == "prohibited"  # the exception names another version


def test_nothing_more_is_read_where_one_version_stands_alone(product: Product, cast: Cast, group: Group) -> None:
    sheet = answer_all(product, by=cast.olive)
    assert current_facts(sheet).behind == {}
    assert not [one.key for one in draft_findings(sheet) if one.key.startswith("union:")]
