"""Legal records facts of entities: who may, what is refused, and what the rules read of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from deployments.actions import entities as actions
from deployments.errors import DeploymentError
from deployments.models import LegalEntity, MauFigure, Permission, PrincipalPlace
from deployments.queries import entity_facts, entity_page, entity_versions
from foundation.accounts.policy import NotAllowed
from foundation.audit.models import Event
from foundation.audit.queries import events_for
from foundation.files import store
from tests.cast import signed_in
from tests.deployments.builders import make_entity, version


def test_only_legal_roles_and_administrators_keep_entities(cast):
    for person in (cast.rita, cast.leo, cast.adam):
        actions.create_entity(name=f"Company of {person.name}", country="NO", by=person)
    for person in (cast.olive, cast.petra, cast.ravi, cast.anna, cast.sam):
        with pytest.raises(NotAllowed):
            actions.create_entity(name="Another", country="NO", by=person)
    assert not LegalEntity.objects.filter(name="Another").exists()


@pytest.mark.parametrize("record", ["place", "affiliation", "mau", "acceptance", "litigation", "permission"])
def test_an_owner_records_no_fact_of_an_entity(cast, group, record):
    day, before = date(2026, 1, 1), Event.objects.count()
    calls = {
        "place": lambda by: actions.record_principal_place(
            entity=group.inc, country="NO", basis="Moved", effective_on=day, by=by
        ),
        "affiliation": lambda by: actions.record_affiliation(
            entity=group.inc, affiliate=group.bv, starts_on=day, by=by
        ),
        "mau": lambda by: actions.record_mau(
            entity=group.inc, month="2024-06", figure=1, counted_how="x", source="y", by=by
        ),
        "acceptance": lambda by: actions.record_acceptance(
            entity=group.inc, version=version("llama-4"), state="not_evidenced", by=by
        ),
        "litigation": lambda by: actions.record_litigation(entity=group.inc, answer="no", as_of=day, by=by),
        "permission": lambda by: actions.record_permission(
            entity=group.inc, kind="text_exception", covers=["mau"], name="n", scope="s", granted_on=day, by=by
        ),
    }
    with pytest.raises(NotAllowed):
        calls[record](cast.olive)
    assert Event.objects.count() == before
    revision = LegalEntity.objects.get(pk=group.inc.pk).facts_revision

    calls[record](cast.rita)

    assert LegalEntity.objects.get(pk=group.inc.pk).facts_revision == revision + 1
    assert Event.objects.count() == before + 1


def test_an_affiliation_changes_the_facts_of_both_entities(cast, group):
    before = [LegalEntity.objects.get(pk=one.pk).facts_revision for one in (group.inc, group.bv)]

    actions.record_affiliation(entity=group.inc, affiliate=group.bv, starts_on=date(2020, 1, 1), by=cast.rita)

    after = [LegalEntity.objects.get(pk=one.pk).facts_revision for one in (group.inc, group.bv)]
    assert after == [number + 1 for number in before]


def test_an_entity_is_no_affiliate_of_itself(cast, group):
    with pytest.raises(DeploymentError, match="itself"):
        actions.record_affiliation(entity=group.inc, affiliate=group.inc, starts_on=date(2020, 1, 1), by=cast.rita)


def test_the_end_of_an_affiliation_is_recorded_once(cast, group):
    affiliation = actions.record_affiliation(
        entity=group.inc, affiliate=group.bv, starts_on=date(2020, 1, 1), by=cast.rita
    )
    actions.end_affiliation(affiliation=affiliation, ends_on=date(2024, 1, 1), by=cast.rita)
    with pytest.raises(DeploymentError, match="already recorded"):
        actions.end_affiliation(affiliation=affiliation, ends_on=date(2025, 1, 1), by=cast.rita)


def test_an_acceptance_says_who_and_when_or_that_nobody_can_evidence_it(cast, group):
    with pytest.raises(DeploymentError, match="not evidenced"):
        actions.record_acceptance(entity=group.inc, version=version("llama-4"), state="accepted", by=cast.rita)
    row = actions.record_acceptance(
        entity=group.inc, version=version("llama-4"), state="not_evidenced", how="Nobody remembers", by=cast.rita
    )
    assert row.accepted_on is None
    assert entity_facts(group.inc, version("llama-4")).acceptance == "not-evidenced"


def test_an_acceptance_in_the_future_is_refused(cast, group):
    with pytest.raises(DeploymentError, match="future"):
        actions.record_acceptance(
            entity=group.inc,
            version=version("llama-4"),
            state="accepted",
            accepted_on=timezone.now().date() + timedelta(days=3),
            accepted_by="Leo",
            by=cast.rita,
        )


def test_a_grant_from_meta_counts_only_with_its_document(cast, group):
    grant = {
        "entity": group.inc,
        "kind": "meta_grant",
        "covers": ["mau"],
        "name": "Grant of May",
        "scope": "Use above the threshold",
        "granted_on": date(2026, 5, 1),
        "by": cast.rita,
    }
    with pytest.raises(DeploymentError, match="Upload the grant"):
        actions.record_permission(**grant)
    actions.record_permission(**grant, document=store.put(b"the grant", "text/plain"))
    facts = entity_facts(group.inc, version("llama-3.1"))
    assert [(one.kind, one.reference) for one in facts.permissions] == [("mau", Permission.objects.get().reference)]


def test_an_expired_permission_and_one_for_another_version_are_not_read(cast, group):
    for slug, expires in (("llama-4", None), ("llama-3.1", date(2026, 1, 31))):
        actions.record_permission(
            entity=group.inc,
            kind="meta_grant",
            covers=["mau"],
            name="Grant",
            scope="Use",
            granted_on=date(2026, 1, 1),
            version=version(slug),
            expires_on=expires,
            document=store.put(b"the grant", "text/plain"),
            by=cast.rita,
        )
    assert entity_facts(group.inc, version("llama-3.1"), on=date(2026, 1, 31)).permission("mau") is not None
    assert entity_facts(group.inc, version("llama-3.1"), on=date(2026, 2, 1)).permission("mau") is None


def test_the_exception_of_the_text_is_no_grant_from_meta(cast, group):
    actions.record_permission(
        entity=group.inc,
        kind="text_exception",
        covers=["mau"],
        name="Bought inside Deskware 9",
        scope="Received as part of an integrated end user product",
        granted_on=date(2026, 1, 1),
        by=cast.rita,
    )
    facts = entity_facts(group.inc, version("llama-3.1"))
    assert facts.received_in_end_user_product == "yes"
    assert facts.permissions == ()


def test_a_place_counts_from_its_day_whenever_it_was_recorded(cast, group):
    actions.record_principal_place(
        entity=group.bv, country="NO", basis="The board moved", effective_on=date(2026, 6, 1), by=cast.rita
    )
    assert entity_facts(group.bv, version("llama-4"), on=date(2026, 5, 31)).principal_place == "NL"
    assert entity_facts(group.bv, version("llama-4"), on=date(2026, 6, 1)).principal_place == "NO"


def test_each_version_reads_the_month_that_it_tests(cast, group):
    actions.record_mau(
        entity=group.inc, month="2024-06", figure=700_000_001, counted_how="All", source="Report", by=cast.rita
    )
    of_31, of_4 = (entity_facts(group.inc, version(slug)) for slug in ("llama-3.1", "llama-4"))
    assert (of_31.mau_month, of_31.mau) == ("2024-06", 700_000_001)
    assert (of_4.mau_month, of_4.mau) == ("2025-03", 41_000_000)


def test_nothing_recorded_is_unknown_and_never_fine(cast, catalogue):
    bare = make_entity(name="Norrbro New Ltd", country="GB", by=cast.rita, complete=False)
    facts = entity_facts(bare, version("llama-3.1"))
    assert (facts.principal_place, facts.mau, facts.acceptance, facts.litigation) == (
        "unknown",
        None,
        "unknown",
        "unknown",
    )
    assert facts.received_in_end_user_product == "unknown"


def test_the_page_shows_what_was_known_at_an_instant(cast, group):
    with time_machine.travel("2030-01-01T12:00:00Z", tick=False):
        actions.record_mau(
            entity=group.inc, month="2024-06", figure=5, counted_how="Anew", source="Correction", by=cast.rita
        )
        now = entity_page(group.inc, on=date(2030, 1, 1), known_at=timezone.now())
        before = entity_page(group.inc, on=date(2030, 1, 1), known_at=timezone.now() - timedelta(days=1))
    figures = [
        next(str(one.figure) for one in entity_versions(page) if one.version.slug == "llama-3.1")
        for page in (now, before)
    ]
    assert figures == ["2024-06: 5", "2024-06: 41000000"]


def test_exactly_the_threshold_is_not_above_it(cast, group):
    for figure, above in ((700_000_000, False), (700_000_001, True)):
        actions.record_mau(
            entity=group.inc, month="2024-06", figure=figure, counted_how="All", source="Report", by=cast.rita
        )
        page = entity_page(group.inc, on=date(2026, 1, 1), known_at=timezone.now())
        assert next(one for one in entity_versions(page) if one.version.slug == "llama-3.1").above_threshold is above


def test_a_correction_adds_a_row_and_keeps_the_earlier_one(cast, group):
    before = MauFigure.objects.filter(entity=group.inc, month="2024-06").count()
    actions.record_mau(entity=group.inc, month="2024-06", figure=7, counted_how="Anew", source="Report", by=cast.rita)
    assert MauFigure.objects.filter(entity=group.inc, month="2024-06").count() == before + 1
    assert PrincipalPlace.objects.filter(entity=group.inc).count() == 1


def test_who_accepted_stands_in_the_log_only_as_an_erasable_value(cast, group):
    event = events_for(group.inc.reference).filter(kind="entity.acceptance_recorded").earliest("seq")
    assert "Leo Lawyer" not in event.body
    assert event.personal["accepted_by"] == "Leo Lawyer"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [({"month": "2024-13"}, "2024-06"), ({"figure": -1}, "whole number"), ({"source": " "}, "source")],
)
def test_a_figure_that_cannot_be_is_refused_with_what_to_write(cast, group, values, sentence):
    good = {"month": "2024-06", "figure": 1, "counted_how": "All", "source": "Report"}
    with pytest.raises(DeploymentError, match=sentence):
        actions.record_mau(entity=group.inc, by=cast.rita, **{**good, **values})


def test_a_permission_names_the_items_that_it_permits(cast, group):
    address = reverse("deployments:entity-record", args=[group.inc.reference, "permission"])
    letter = {
        "kind": "meta_grant",
        "name": "Letter of 4 November 2024",
        "covers": ["use"],
        "scope": "Work for the ministry",
        "granted_on": "2026-01-01",
    }
    client = signed_in(cast.rita)
    for wrong in ({"items": "2.z.9"}, {"items": "2.a", "covers": ["mau"]}):
        answer = client.post(address, letter | wrong | {"document": SimpleUploadedFile("letter.txt", b"granted")})
        assert answer.status_code == 422
    posted = letter | {"items": "AUP 2.a, 2.b", "document": SimpleUploadedFile("letter.txt", b"granted")}
    assert client.post(address, posted).status_code == 302
    facts = entity_facts(group.inc, version("llama-3.1"))
    assert [one.kind for one in facts.permissions] == ["use:2.a", "use:2.b"]
    page = client.get(reverse("deployments:entity", args=[group.inc.reference])).content.decode()
    assert "A use within AUP 2.a; A use within AUP 2.b" in page


def test_the_text_excepts_two_things_and_no_more(cast, group):
    said = {"kind": "text_exception", "name": "n", "scope": "s", "granted_on": date(2026, 1, 1), "by": cast.rita}
    with pytest.raises(DeploymentError, match="can be recorded here"):
        actions.record_permission(entity=group.inc, covers=["use"], **said)
    actions.record_permission(entity=group.bv, covers=["eu-multimodal"], **said)
    facts = entity_facts(group.bv, version("llama-4"))
    assert (facts.end_user_of_multimodal, facts.received_in_end_user_product) == ("yes", "unknown")


@pytest.mark.parametrize("covers", [["use"], ["other"], ["improvement", "marks"]])
def test_an_exception_noted_before_there_were_two_counts_as_it_did(cast, group, covers):
    """Then it was that of LICENSE 1.b.ii, whatever the row says that it covers; such rows can no longer be made."""
    Permission.objects.create(
        entity=group.inc,
        kind="text_exception",
        covers=covers,
        name="Bought inside Deskware",
        scope="The model in it",
        granted_on=date(2026, 1, 1),
        recorded_by=cast.rita,
        recorded_at=timezone.now(),
    )
    facts = entity_facts(group.inc, version("llama-4"))
    assert (facts.received_in_end_user_product, facts.end_user_of_multimodal) == ("yes", "unknown")
    assert facts.permissions == ()


def test_a_permission_of_another_entity_or_version_satisfies_nothing_here(cast, group):
    actions.record_permission(
        entity=group.inc,
        kind="meta_grant",
        covers=["eu-multimodal"],
        name="Grant",
        scope="Use",
        granted_on=date(2026, 1, 1),
        version=version("llama-4"),
        document=store.put(b"the grant", "text/plain"),
        by=cast.rita,
    )
    assert entity_facts(group.inc, version("llama-4")).permission("eu-multimodal", "llama-4") is not None
    assert entity_facts(group.inc, version("llama-3.2")).permissions == ()
    assert entity_facts(group.bv, version("llama-4")).permissions == ()


@pytest.mark.parametrize(("day", "said"), [("2026-01-31", ""), ("2026-02-01", "Ended"), ("2025-12-31", "Planned")])
def test_a_permission_is_marked_as_ended_from_the_day_after_its_last(cast, group, day, said):
    actions.record_permission(
        entity=group.inc,
        kind="meta_grant",
        covers=["mau"],
        name="Grant",
        scope="Use",
        granted_on=date(2026, 1, 1),
        expires_on=date(2026, 1, 31),
        document=store.put(b"the grant", "text/plain"),
        by=cast.rita,
    )
    address = reverse("deployments:entity", args=[group.inc.reference])
    page = signed_in(cast.rita).get(address, {"on": day}).content.decode()
    assert [word for word in ("Ended", "Planned") if word in page] == ([said] if said else [])


def test_the_form_offers_what_a_permission_may_renew(cast, group):
    address = reverse("deployments:entity-record", args=[group.inc.reference, "permission"])
    client = signed_in(cast.rita)
    assert "Which permission this renews" not in client.get(address).content.decode()
    letter = {"kind": "meta_grant", "name": "Letter", "covers": ["mau"], "scope": "Use", "granted_on": "2026-01-01"}
    for _ in range(2):
        earlier = Permission.objects.first()
        posted = (
            letter
            | ({"renews": earlier.pk} if earlier else {})
            | {"document": SimpleUploadedFile("letter.txt", b"granted")}
        )
        assert client.post(address, posted).status_code == 302
    earlier, later = Permission.objects.order_by("pk")
    assert later.renews == earlier
    page = client.get(reverse("deployments:entity", args=[group.inc.reference])).content.decode()
    assert f"Renews {earlier.reference}" in page
    other = reverse("deployments:entity-record", args=[group.bv.reference, "permission"])
    of_another = letter | {"renews": earlier.pk, "document": SimpleUploadedFile("letter.txt", b"granted")}
    actions.record_permission(
        entity=group.bv,
        kind="text_exception",
        covers=["mau"],
        name="n",
        scope="s",
        granted_on=date(2026, 1, 1),
        by=cast.rita,
    )
    assert client.post(other, of_another).status_code == 422, "a permission of another entity is not offered"
