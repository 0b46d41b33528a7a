"""A version is added to the base: models that waited for it get it proposed, and exactly one review each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from deployments.actions.components import add_component
from deployments.actions.products import register_product
from deployments.models import Approval, ModelSheet
from deployments.sheet_answers import model_answers
from foundation.accounts.models import User
from foundation.audit.models import Event
from foundation.jobs.actions import Outcome, run
from foundation.jobs.models import Job
from licences.actions.sync_catalogue import VERSION_IMPACT_JOB, add_version, sync_catalogue
from licences.models import LlamaVersion
from licences.queries import terms_for
from licences.terms import CATALOGUE, document_of, terms_from_mapping
from notifications.actions import read_log
from notifications.models import Notice
from reviews.actions import impact_of_version, impact_run
from reviews.actions.choose_version import choose_version
from reviews.actions.retire_product import retire_product
from reviews.models import ImpactLine, ImpactRun, Review
from reviews.standing import Standing, standings_of
from tests import journeys
from tests.cast import SYSTEM
from tests.journeys import Journey

pytestmark = pytest.mark.django_db

WAITS = "acme/Llama-5-9B-Instruct"


def add_llama_5() -> LlamaVersion:
    """As publishing does: Llama 4's terms under another name, with sizes of its own."""
    document = document_of(terms_for(LlamaVersion.objects.get(slug="llama-4")))
    document |= {"slug": "llama-5", "name": "Llama 5", "date": "2026-11-02"}
    document["models"] |= {"sizes": ["9B", "90B"]}
    with transaction.atomic():
        return add_version(terms=terms_from_mapping(document, "Llama 5"), by=SYSTEM)


def waiting(journey: Journey, name: str, raw_id: str = WAITS, *, owner: User | None = None) -> ModelSheet:
    """A product whose model nobody could place."""
    by = owner or journey.cast.olive
    product = register_product(name=name, team=journey.cast.team, licensee=journey.inc, by=by)
    component = product.components.first() or add_component(product=product, name="Chat model", by=by)
    sheet, review = choose_version(component=component, raw_model_id=raw_id, version=None, by=by)
    assert (sheet.version, review) == (None, None)
    return sheet


def job() -> Job:
    return Job.objects.get(kind=VERSION_IMPACT_JOB)


def touched() -> list[Review]:
    return list(Review.objects.filter(reason="version_added").order_by("pk"))


@pytest.fixture
def journey() -> Journey:
    return journeys.registered()


def test_the_version_is_proposed_and_one_review_opens(journey: Journey) -> None:
    sheets = [waiting(journey, name) for name in ("First", "Second", "Third")]
    elsewhere = waiting(journey, "Other", "acme/Llama-6-9B")
    version = add_llama_5()
    assert touched() == []  # nothing happens but by the job
    assert run(job().pk) is Outcome.DONE
    found = ImpactRun.objects.get()
    assert (found.version, found.text, found.total, found.finished_at is not None) == (version, None, 3, True)
    assert sorted(review.sheet_id for review in touched()) == [sheet.pk for sheet in sheets]
    assert {review.version for review in touched()} == {version}
    assert {line.outcome for line in found.lines.all()} == {"opened"}
    elsewhere.refresh_from_db()
    assert elsewhere.version is None


def test_nothing_is_approved_before_a_person_confirms_the_version(journey: Journey) -> None:
    sheet = waiting(journey, "First")
    version = add_llama_5()
    run(job().pk)
    sheet.refresh_from_db()
    assert (sheet.version, sheet.is_confirmed) == (version, False)
    assert model_answers(sheet)["version"] == "unknown"
    assert sheet.proposal["rule"] == "added-version"
    again, review = choose_version(
        component=sheet.component, raw_model_id=WAITS, version=version, by=journey.cast.olive
    )
    assert (again, review) == (sheet, touched()[0])
    again.refresh_from_db()
    assert (again.is_confirmed, again.version_confirmed_by) == (True, journey.cast.olive)
    assert model_answers(again)["version"] == "llama-5"


def test_who_knows_better_says_so_and_the_proposed_review_is_withdrawn(journey: Journey) -> None:
    sheet = waiting(journey, "First")
    add_llama_5()
    run(job().pk)
    llama_4 = LlamaVersion.objects.get(slug="llama-4")
    other, review = choose_version(
        component=sheet.component, raw_model_id=WAITS, version=llama_4, by=journey.cast.olive
    )
    assert review is not None
    assert (other.version, review.version) == (llama_4, llama_4)
    assert touched()[0].state == "withdrawn"
    assert Review.objects.open().filter(component=sheet.component).get() == review


def test_a_run_that_was_killed_goes_on_where_it_stood(journey: Journey, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("First", "Second", "Third"):
        waiting(journey, name)
    version = add_llama_5()
    look_at = impact_of_version._look_at
    seen: list[int] = []

    def dies_at_the_second(one: ImpactRun, sheet: Any) -> None:
        if len(seen) == 1:
            raise SystemExit("killed")
        seen.append(sheet.pk)
        look_at(one, sheet)

    monkeypatch.setattr(impact_of_version, "_look_at", dies_at_the_second)
    with pytest.raises(SystemExit):
        impact_of_version.run_impact_of_version(version=version)
    assert ImpactLine.objects.count() == 1
    monkeypatch.setattr(impact_of_version, "_look_at", look_at)
    monkeypatch.setattr(impact_run, "BATCH", 1)
    assert run(job().pk) is Outcome.DONE
    impact_of_version.run_impact_of_version(version=version)  # and once more changes nothing
    assert (ImpactRun.objects.count(), ImpactLine.objects.count(), len(touched())) == (1, 3, 3)
    assert Event.objects.filter(kind="licence.impact_assessed").count() == 1


def test_a_model_that_was_placed_elsewhere_is_looked_at_again(journey: Journey) -> None:
    """Before the version was known, the nearest looked right."""
    sheet = waiting(journey, "First")
    llama_4 = LlamaVersion.objects.get(slug="llama-4")
    choose_version(component=sheet.component, raw_model_id=WAITS, version=llama_4, by=journey.cast.olive)
    add_llama_5()
    run(job().pk)
    line = ImpactLine.objects.get()
    assert (line.outcome, line.sheet.version) == ("was_open", llama_4)
    client = Client()
    client.force_login(journey.cast.olive)
    assert line.review is not None
    said = client.get(f"/reviews/{line.review.reference}/").content.decode()
    assert "The name of the model points to Llama 5, and it was placed under Llama 4" in said


def test_an_approval_under_another_version_is_looked_at_again_and_stays(journey: Journey) -> None:
    """Approved under Llama 4 before anybody knew Llama 5: the approval holds, and a review asks which it is."""
    approved = journeys.approved(journey)
    ModelSheet.objects.filter(pk=approved.sheet.pk).update(raw_model_id=WAITS)
    version = add_llama_5()
    run(job().pk)
    line = ImpactLine.objects.get()
    assert (line.outcome, line.sheet_id, line.review) == ("opened", approved.sheet.pk, touched()[0])
    assert "confirm which it is" in touched()[0].reason_note
    assert Approval.objects.get(sheet=approved.sheet).state == "in_force"
    choose_version(component=approved.component, raw_model_id=WAITS, version=version, by=journey.cast.olive)
    assert touched()[0].state == "withdrawn"  # it only asked which version it is


def test_nobody_knows_yet_leaves_the_proposal_as_it_is(journey: Journey) -> None:
    sheet = waiting(journey, "First")
    add_llama_5()
    run(job().pk)
    again, review = choose_version(component=sheet.component, raw_model_id=WAITS, version=None, by=journey.cast.olive)
    assert (again, review, ModelSheet.objects.filter(component=sheet.component).count()) == (sheet, None, 1)


def test_a_name_that_changed_meanwhile_is_left(journey: Journey, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names are read in batches; what counts is the name when its row is locked."""
    sheet = waiting(journey, "First")
    version = add_llama_5()
    look_at = impact_of_version._look_at

    def renamed_before(one: ImpactRun, row: ModelSheet) -> None:
        ModelSheet.objects.filter(pk=row.pk).update(raw_model_id="acme/Llama-6-9B")
        look_at(one, row)

    monkeypatch.setattr(impact_of_version, "_look_at", renamed_before)
    impact_of_version.run_impact_of_version(version=version)
    sheet.refresh_from_db()
    assert (sheet.version, ImpactLine.objects.get().outcome, touched()) == (None, "left", [])


def test_approvals_of_other_versions_stay_what_they_were(journey: Journey) -> None:
    approved = journeys.approved(journey)
    add_llama_5()
    run(job().pk)
    assert ImpactRun.objects.get().total == 0
    rows = Approval.objects.filter(sheet=approved.sheet).select_related(
        "licensee", "agreement", "aup", "declaration", "version", "sheet__component__product"
    )
    (standing,) = standings_of(rows, timezone.now()).values()
    assert standing.standing in {Standing.IN_FORCE, Standing.CONDITION_OPEN}


def test_a_name_that_leaves_it_open_is_a_question_to_its_owner(journey: Journey) -> None:
    sheet = waiting(journey, "First", "acme/Llama-5-7B")  # no such size is listed
    add_llama_5()
    run(job().pk)
    sheet.refresh_from_db()
    assert (sheet.version, ImpactLine.objects.get().outcome, touched()) == (None, "asked", [])
    read_log()
    notice = Notice.objects.get(kind="licence.impact_assessed", person=journey.cast.olive)
    assert notice.must_act


def test_retired_products_are_left_in_peace(journey: Journey) -> None:
    sheet = waiting(journey, "First")
    retire_product(product=sheet.component.product, reason="Replaced.", by=journey.cast.olive)
    add_llama_5()
    run(job().pk)
    assert (ImpactRun.objects.get().total, touched()) == (0, [])


def test_everybody_is_told_once_for_all_reviews(journey: Journey) -> None:
    for name in ("First", "Second"):
        waiting(journey, name)
    add_llama_5()
    run(job().pk)
    read_log()
    read_log()
    cast = journey.cast
    told = {one.person: one for one in Notice.objects.filter(kind="licence.impact_assessed")}
    assert set(told) == {cast.olive, cast.rita, cast.leo}
    assert told[cast.olive].text == "It concerns 2 products of yours. This waits for you."
    assert told[cast.rita].text == "2 reviews were opened"
    assert told[cast.olive].must_act
    assert told[cast.rita].title == "Llama 5 was added: what that touches"
    client = Client()
    client.force_login(cast.rita)
    inbox = client.get("/notices/").content.decode()
    assert "Llama 5" in inbox
    assert "llama-5" not in inbox
    assert not Notice.objects.filter(subject__in=[review.reference for review in touched()]).exists()


def test_the_page_says_what_followed_and_hides_what_one_may_not_see(journey: Journey) -> None:
    waiting(journey, "First")
    add_llama_5()
    run(job().pk)
    address = f"/reviews/impact/{ImpactRun.objects.get().pk}/"
    pages = {}
    for person in (journey.cast.rita, journey.cast.sam):
        client = Client()
        client.force_login(person)
        pages[person] = client.get(address).content.decode()
        assert "Llama 5 was added" in client.get("/reviews/impact/").content.decode()
    assert "1 of 1 model looked at" in pages[journey.cast.rita]
    assert touched()[0].reference in pages[journey.cast.rita]
    assert WAITS not in pages[journey.cast.sam]


def test_a_file_of_the_catalogue_starts_the_same_run(journey: Journey, tmp_path: Path) -> None:
    sheet = waiting(journey, "First")
    for file in CATALOGUE.glob("*.toml"):
        (tmp_path / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    words = (CATALOGUE / "llama-4.toml").read_text(encoding="utf-8").replace("Llama 4", "Llama 5")
    words = words.replace('slug = "llama-4"', 'slug = "llama-5"').replace('"Scout 17B-16E"', '"9B"')
    (tmp_path / "llama-5.toml").write_text(words, encoding="utf-8")
    sync_catalogue(by=SYSTEM, folder=tmp_path)
    assert run(job().pk) is Outcome.DONE
    sheet.refresh_from_db()
    assert sheet.version == LlamaVersion.objects.get(slug="llama-5")
    sync_catalogue(by=SYSTEM, folder=tmp_path)
    assert Job.objects.filter(kind=VERSION_IMPACT_JOB).count() == 1


def test_the_first_catalogue_of_all_starts_none() -> None:
    sync_catalogue(by=SYSTEM)
    assert not Job.objects.filter(kind=VERSION_IMPACT_JOB).exists()
