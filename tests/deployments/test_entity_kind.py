"""What kind of entity it is: the AUP's EU paragraph speaks of individuals and companies, and of nobody else."""

from __future__ import annotations

import pytest
from django.urls import reverse

from deployments.actions import entities as actions
from deployments.errors import DeploymentError
from deployments.models import LegalEntity
from deployments.queries import entity_facts
from foundation.accounts.policy import NotAllowed
from foundation.audit.models import Event
from foundation.audit.queries import events_for
from licences.facts import Facts, digest, material
from licences.obligations import assess
from licences.queries import terms_for
from tests.cast import signed_in
from tests.deployments.builders import version

SCOUT = {"model_id": "meta-llama/Llama-4-Scout-17B-16E-Instruct", "version": "llama-4"}


def eu_finding(entity: LegalEntity) -> str:
    """What the rules say of a multimodal model for this entity, from what legal recorded."""
    llama_4 = version("llama-4")
    findings = assess(Facts(entity_facts(entity, llama_4), {}, SCOUT), terms_for(llama_4))
    return next(one.status for one in findings if one.key == "eu-multimodal")


def test_an_entity_is_added_with_its_kind_and_the_log_says_so(cast, catalogue):
    address = reverse("deployments:entity-add")
    data = {"name": "Stichting Norrbro", "country": "NL"}
    assert signed_in(cast.rita).post(address, data).status_code == 422, "the kind is chosen, never assumed"
    assert signed_in(cast.rita).post(address, {**data, "kind": "unicorn"}).status_code == 422
    assert signed_in(cast.rita).post(address, {**data, "kind": "other"}).status_code == 302
    entity = LegalEntity.objects.get()
    assert entity.kind == "other"
    assert events_for(entity.reference).get().facts["kind"] == "other"
    page = signed_in(cast.anna).get(reverse("deployments:entity", args=[entity.reference])).content.decode()
    assert "Another body" in page
    assert "Another body" in signed_in(cast.anna).get(reverse("deployments:entity-list")).content.decode()


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("company", "prohibited"),
        ("individual", "prohibited"),
        ("public-body", "legal_judgement"),
        ("other", "legal_judgement"),
    ],
)
def test_the_findings_follow_the_kind_that_legal_recorded(cast, group, kind, status):
    if kind != "company":
        actions.correct_kind(entity=group.bv, kind=kind, basis="The register", by=cast.rita)
    assert eu_finding(LegalEntity.objects.get(pk=group.bv.pk)) == status


def test_the_page_of_an_individual_speaks_of_a_domicile(cast, group):
    actions.correct_kind(entity=group.bv, kind="individual", basis="A sole trader", by=cast.rita)
    page = signed_in(cast.anna).get(reverse("deployments:entity", args=[group.bv.reference])).content.decode()
    assert "Domicile" in page
    assert "Principal place of business" not in page


def test_a_correction_is_an_event_and_counts_as_a_changed_fact(cast, group):
    before = entity_facts(group.bv, version("llama-4"))
    revision = LegalEntity.objects.get(pk=group.bv.pk).facts_revision

    actions.correct_kind(entity=group.bv, kind="public-body", basis="Founded by statute", by=cast.rita)

    entity = LegalEntity.objects.get(pk=group.bv.pk)
    assert entity.facts_revision == revision + 1
    assert digest(Facts(entity_facts(entity, version("llama-4")))) != digest(Facts(before))
    event = events_for(entity.reference).latest("seq")
    assert (event.kind, event.facts["before"], event.facts["after"]) == ("entity.changed", "company", "public-body")
    assert event.personal["basis"] == "Founded by statute"
    assert "Founded" not in event.body


def test_a_company_reads_as_it_did_before_entities_had_a_kind(cast, group):
    """Approvals that were signed when every entity counted as a company keep their digest."""
    assert material(Facts(entity_facts(group.bv, version("llama-4"))))["entity"]["kind"] == "company"


def test_correcting_to_the_same_kind_records_nothing(cast, group):
    before = Event.objects.count()
    with pytest.raises(DeploymentError, match="already recorded"):
        actions.correct_kind(entity=group.bv, kind="company", basis="The register", by=cast.rita)
    with pytest.raises(DeploymentError, match="how legal came"):
        actions.correct_kind(entity=group.bv, kind="other", basis=" ", by=cast.rita)
    assert Event.objects.count() == before


@pytest.mark.parametrize("who", ["olive", "anna", "petra"])
def test_only_who_keeps_entities_corrects_their_kind(cast, group, who):
    with pytest.raises(NotAllowed):
        actions.correct_kind(entity=group.bv, kind="other", basis="The register", by=getattr(cast, who))
    page = signed_in(cast.anna).get(reverse("deployments:entity", args=[group.bv.reference])).content.decode()
    assert "record/kind/" not in page
