"""Proceedings of the kind in LICENSE 5.c end every licence for good: what was said of them is not talked away."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from deployments.actions.entities import record_litigation
from deployments.errors import DeploymentError
from deployments.models import LegalEntity, LitigationStatement
from deployments.queries import entity_facts, entity_page
from foundation.audit.queries import events_for
from tests.cast import Cast, signed_in
from tests.deployments.builders import Group, version

FILED, LATER, TODAY = date(2026, 3, 1), date(2026, 6, 1), date(2026, 9, 1)


def proceedings_of(entity: LegalEntity, on: date = TODAY) -> str:
    page = entity_page(entity, on=on, known_at=timezone.now())
    said = entity_facts(entity, version("llama-3.1"), on=on).litigation
    assert page.litigation is not None and page.litigation.answer == said, "the page and the rules read the same"
    return said


@pytest.fixture
def filed(cast: Cast, group: Group) -> LitigationStatement:
    return record_litigation(entity=group.inc, answer="yes", as_of=FILED, details="Norrbro v Meta", by=cast.rita)


@pytest.mark.parametrize("answer", ["no", "unknown"])
def test_a_later_answer_hides_no_earlier_yes(cast: Cast, group: Group, filed: LitigationStatement, answer: str) -> None:
    """Also where such rows stand already: they could be recorded once."""
    LitigationStatement.objects.create(
        entity=group.inc, answer=answer, as_of=LATER, recorded_by=cast.rita, recorded_at=timezone.now()
    )
    assert proceedings_of(group.inc) == "yes"
    assert proceedings_of(group.inc, date(2026, 2, 1)) == "no", "before that day it was not so"


def test_a_no_that_contradicts_a_yes_is_refused_and_one_of_before_is_not(
    cast: Cast, group: Group, filed: LitigationStatement
) -> None:
    with pytest.raises(DeploymentError, match="As of 1 March 2026 it is recorded"):
        record_litigation(entity=group.inc, answer="no", as_of=LATER, by=cast.rita)
    record_litigation(entity=group.inc, answer="no", as_of=date(2026, 2, 1), by=cast.rita)
    assert proceedings_of(group.inc) == "yes"


def test_an_entry_by_mistake_is_corrected_with_a_reason_and_stays_in_the_history(
    cast: Cast, group: Group, filed: LitigationStatement
) -> None:
    with pytest.raises(DeploymentError, match="why the earlier entry was wrong"):
        record_litigation(entity=group.inc, answer="no", as_of=LATER, corrects=filed, by=cast.rita)
    address = reverse("deployments:entity-record", args=[group.inc.reference, "litigation"])
    client = signed_in(cast.rita)
    assert "Which entry this corrects" in client.get(address).content.decode()
    posted = {"answer": "no", "as_of": "2026-06-01", "details": "It was another Norrbro.", "corrects": filed.pk}
    assert client.post(address, posted).status_code == 302
    assert proceedings_of(group.inc) == "no"
    assert LitigationStatement.objects.filter(pk=filed.pk, answer="yes").exists()
    page = client.get(reverse("deployments:entity", args=[group.inc.reference])).content.decode()
    assert "Corrected" in page
    assert "Corrects the entry as of" in page
    event = events_for(group.inc.reference).filter(kind="entity.litigation_recorded").latest("seq")
    assert '"corrects_as_of":"2026-03-01"' in event.body


def test_only_a_yes_of_the_same_entity_is_corrected_and_only_once(
    cast: Cast, group: Group, filed: LitigationStatement
) -> None:
    said: dict[str, Any] = {"as_of": LATER, "details": "It was another Norrbro.", "by": cast.rita}
    with pytest.raises(DeploymentError, match="no such entry"):
        record_litigation(entity=group.bv, answer="no", corrects=filed, **said)
    with pytest.raises(DeploymentError, match="answer no or not known"):
        record_litigation(entity=group.inc, answer="yes", corrects=filed, **said)
    record_litigation(entity=group.inc, answer="unknown", corrects=filed, **said)
    with pytest.raises(DeploymentError, match="no such entry"):
        record_litigation(entity=group.inc, answer="no", corrects=filed, **said)
    assert proceedings_of(group.inc) == "unknown"
    assert (
        "Which entry this corrects"
        not in signed_in(cast.rita)
        .get(reverse("deployments:entity-record", args=[group.inc.reference, "litigation"]))
        .content.decode()
    )


def test_what_was_approved_while_a_yes_was_hidden_is_compared_again(
    cast: Cast, group: Group, filed: LitigationStatement
) -> None:
    before = dict(LegalEntity.objects.values_list("pk", "facts_revision"))
    import_module("deployments.migrations.0007_compare_where_proceedings_were_recorded").compare_again(apps, None)
    after = dict(LegalEntity.objects.values_list("pk", "facts_revision"))
    assert [pk for pk in after if after[pk] != before[pk]] == [group.inc.pk]
