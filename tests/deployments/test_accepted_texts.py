"""An acceptance names both texts that were accepted; one that nobody can evidence is shown as such."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from deployments.actions.entities import record_acceptance
from deployments.errors import DeploymentError
from deployments.models import Acceptance
from deployments.queries import entity_facts
from foundation.audit.queries import events_for
from licences.models import LicenceText
from tests.cast import signed_in
from tests.deployments.builders import version
from tests.licences.accepted import accept_invented_texts

ACCEPTED: dict[str, Any] = {"state": "accepted", "accepted_on": date(2026, 1, 15), "accepted_by": "Leo Lawyer"}


@pytest.fixture
def texts(cast, group) -> dict[str, LicenceText]:
    """The agreement and the policy of 3.1, which a lawyer has accepted."""
    accept_invented_texts(cast.rita)
    found = LicenceText.objects.filter(version__slug="llama-3.1", is_current=True)
    return {text.kind: text for text in found}


def page_of(cast, group) -> str:
    return signed_in(cast.anna).get(reverse("deployments:entity", args=[group.inc.reference])).content.decode()


def test_the_policy_that_was_accepted_stands_on_the_page_in_the_log_and_in_the_facts(cast, group, texts):
    address = reverse("deployments:entity-record", args=[group.inc.reference, "acceptance"])
    form = signed_in(cast.rita).get(address).content.decode()
    assert "Which acceptable use policy" in form
    data = {
        "version": "llama-3.1",
        "state": "accepted",
        "accepted_on": "2026-01-15",
        "accepted_by": "Leo Lawyer",
        "agreement": texts["agreement"].pk,
        "aup": texts["aup"].pk,
    }
    assert signed_in(cast.rita).post(address, data).status_code == 302

    row = Acceptance.objects.filter(entity=group.inc, version__slug="llama-3.1").latest("pk")
    assert row.aup == texts["aup"]
    event = events_for(group.inc.reference).latest("seq")
    assert (event.facts["agreement"], event.facts["aup"]) == (texts["agreement"].sha256, texts["aup"].sha256)
    facts = entity_facts(group.inc, version("llama-3.1"))
    assert facts.accepted_aup_sha256 == texts["aup"].sha256
    assert texts["aup"].sha256 in page_of(cast, group)


def test_a_policy_that_nobody_can_evidence_is_allowed_and_shown(cast, group, texts):
    Acceptance.objects.all().delete()
    record_acceptance(
        entity=group.inc, version=version("llama-3.1"), agreement=texts["agreement"], by=cast.rita, **ACCEPTED
    )
    facts = entity_facts(group.inc, version("llama-3.1"))
    assert (facts.accepted_agreement_sha256, facts.accepted_aup_sha256) == (texts["agreement"].sha256, "")
    assert page_of(cast, group).count("Not evidenced</span>") == 1


@pytest.mark.parametrize(("field", "kind"), [("aup", "agreement"), ("agreement", "aup")])
def test_one_text_is_not_taken_for_the_other(cast, group, texts, field, kind):
    with pytest.raises(DeploymentError, match="another Llama version"):
        record_acceptance(
            entity=group.inc, version=version("llama-3.1"), by=cast.rita, **{field: texts[kind]}, **ACCEPTED
        )


def test_a_policy_of_another_version_is_refused(cast, group, texts):
    with pytest.raises(DeploymentError, match="another Llama version"):
        record_acceptance(entity=group.inc, version=version("llama-4"), aup=texts["aup"], by=cast.rita, **ACCEPTED)
