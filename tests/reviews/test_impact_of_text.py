"""A text with other words is accepted: every approval that relied on the words before is looked at once, whatever dies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from foundation.accounts.company_day import company_day
from foundation.audit.models import Event
from foundation.jobs.actions import Outcome, run
from foundation.jobs.models import Job
from licences.actions import accept_text, import_text
from licences.actions.decide_text import IMPACT_JOB
from licences.models import LicenceText, LlamaVersion, TextKind
from licences.queries import current_text
from notifications.actions import read_log
from notifications.models import Notice
from reviews.actions import impact_of_text, impact_run
from reviews.actions.retire_product import retire_product
from reviews.actions.trigger_reviews import open_triggered_reviews
from reviews.models import ImpactLine, ImpactRun, Review
from tests import journeys
from tests.cast import SYSTEM
from tests.journeys import Journey
from tests.licences.texts import AGREEMENT
from tests.surface.world import another

pytestmark = pytest.mark.django_db


def came(version: LlamaVersion, old: str, new: str) -> LicenceText:
    words = AGREEMENT.replace("Otter 2", version.name).replace(old, new)
    return import_text(
        version=version, kind=TextKind.AGREEMENT, data=words.encode(), source="invented", imported_by=SYSTEM
    )


@pytest.fixture
def approved() -> list[Journey]:
    """Three products on Llama 3.1, approved."""
    first = journeys.approved()
    return [first, *(journeys.approved(another(first, name)) for name in ("Second", "Third"))]


def accept_other_words(journey: Journey) -> LicenceText:
    version = LlamaVersion.objects.get(slug="llama-3.1")
    text = came(version, "a towel", "a warm blanket")
    accept_text(text=text, by=journey.cast.leo, note="Read and accepted.")
    return LicenceText.objects.get(pk=text.pk)


def job() -> Job:
    return Job.objects.get(kind=IMPACT_JOB)


def opened() -> list[Review]:
    return list(Review.objects.filter(reason="text_changed"))


def test_every_approval_gets_exactly_one_review_and_a_line(approved: list[Journey]) -> None:
    accept_other_words(approved[0])
    assert opened() == []  # nothing happens but by the job
    assert run(job().pk) is Outcome.DONE
    found = ImpactRun.objects.get()
    assert (found.total, found.lines.count(), found.finished_at is not None) == (3, 3, True)
    assert found.changed_clauses == ["LICENSE 1.b.i"]
    assert sorted(one.component_id for one in opened()) == sorted(one.component.pk for one in approved)
    assert {line.outcome for line in found.lines.all()} == {"opened"}
    # The clock finds them stale too, and opens no second one.
    assert open_triggered_reviews(timezone.now()) == []
    event = Event.objects.get(kind="licence.impact_assessed")
    assert (event.facts["opened"], event.facts["was_open"], event.facts["left"]) == (3, 0, 0)


def test_a_run_that_was_killed_goes_on_where_it_stood(approved: list[Journey], monkeypatch: pytest.MonkeyPatch) -> None:
    accept_other_words(approved[0])
    look_at = impact_of_text._look_at
    seen: list[int] = []

    def dies_at_the_second(one: ImpactRun, approval: Any) -> None:
        if len(seen) == 1:
            raise SystemExit("killed")
        seen.append(approval.pk)
        look_at(one, approval)

    text, replaced = (LicenceText.objects.get(pk=job().payload[name]) for name in ("text", "replaced"))
    monkeypatch.setattr(impact_of_text, "_look_at", dies_at_the_second)
    with pytest.raises(SystemExit):
        impact_of_text.run_impact_of_text(text=text, replaced=replaced)
    assert ImpactLine.objects.count() == 1
    monkeypatch.setattr(impact_of_text, "_look_at", look_at)
    assert run(job().pk) is Outcome.DONE
    assert ImpactLine.objects.count() == 3
    assert len(opened()) == 3
    impact_of_text.run_impact_of_text(text=text, replaced=replaced)  # and once more changes nothing
    assert (ImpactRun.objects.count(), ImpactLine.objects.count(), len(opened())) == (1, 3, 3)
    assert Event.objects.filter(kind="licence.impact_assessed").count() == 1


def test_batches_lose_nobody(approved: list[Journey], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(impact_run, "BATCH", 1)
    accept_other_words(approved[0])
    assert run(job().pk) is Outcome.DONE
    assert ImpactLine.objects.count() == 3


def test_a_review_that_is_open_already_is_named_and_not_doubled(approved: list[Journey]) -> None:
    asked = journeys.reviewed_again(approved[1])
    accept_other_words(approved[0])
    assert run(job().pk) is Outcome.DONE
    line = ImpactLine.objects.get(approval__component=approved[1].component)
    assert (line.outcome, line.review) == ("was_open", asked.review)
    assert Review.objects.open().filter(component=approved[1].component).count() == 1


def test_a_retired_product_is_left_in_peace(approved: list[Journey]) -> None:
    retire_product(product=approved[2].product, reason="Replaced.", by=approved[2].cast.olive)
    accept_other_words(approved[0])
    assert run(job().pk) is Outcome.DONE
    assert ImpactRun.objects.get().total == 2


def test_the_same_words_start_nothing(approved: list[Journey]) -> None:
    version = LlamaVersion.objects.get(slug="llama-3.1")
    text = came(version, "", "")
    assert text.is_current
    again = import_text(
        version=version,
        kind=TextKind.AGREEMENT,
        data=AGREEMENT.replace("Otter 2", version.name).replace("      a. ", "    a. ").encode(),
        source="invented",
        imported_by=SYSTEM,
    )
    accept_text(text=again, by=approved[0].cast.leo, note="Same words.")
    assert current_text(version, TextKind.AGREEMENT) == again
    assert not Job.objects.filter(kind=IMPACT_JOB).exists()


def test_owner_reviewers_and_legal_are_told_once(approved: list[Journey]) -> None:
    accept_other_words(approved[0])
    run(job().pk)
    read_log()
    read_log()
    olive = approved[0].cast.olive
    assert not Notice.objects.filter(subject__in=[review.reference for review in opened()]).exists()
    told = {one.person: one for one in Notice.objects.filter(kind="licence.impact_assessed")}
    assert set(told) == {olive, approved[0].cast.rita, approved[0].cast.leo}
    assert {one.link for one in told.values()} == {f"/reviews/impact/{ImpactRun.objects.get().pk}/"}
    assert (told[olive].must_act, told[olive].text) == (True, "It concerns 3 products of yours. This waits for you.")
    rita = told[approved[0].cast.rita]
    assert (rita.must_act, rita.text) == (False, "3 reviews were opened")
    assert rita.title == "Llama 3.1 has other words: what that touches"


@pytest.fixture
def pages(approved: list[Journey]) -> Iterator[tuple[list[Journey], str]]:
    accept_other_words(approved[0])
    run(job().pk)
    yield approved, f"/reviews/impact/{ImpactRun.objects.get().pk}/"


def page(person: Any, address: str) -> str:
    client = Client()
    client.force_login(person)
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_shows_progress_and_what_followed(pages: tuple[list[Journey], str]) -> None:
    approved, address = pages
    words = page(approved[0].cast.rita, address)
    assert "3 of 3 approvals looked at" in words
    assert "hx-trigger" not in words  # finished: nothing to wait for
    for review in opened():
        assert review.reference in words
    assert address in page(approved[0].cast.rita, "/reviews/impact/")


def test_a_stranger_sees_no_product_there(pages: tuple[list[Journey], str]) -> None:
    approved, address = pages
    words = page(approved[0].cast.sam, address)
    assert approved[0].product.name not in words
    assert "None yet" in words


def test_a_run_that_goes_on_looks_again_by_itself(pages: tuple[list[Journey], str]) -> None:
    approved, address = pages
    ImpactRun.objects.update(finished_at=None, total=10)
    words = page(approved[0].cast.rita, address)
    assert "3 of 10 approvals looked at" in words
    assert 'hx-trigger="every 3s"' in words
    assert "Look again" in words


def test_one_of_each_is_said_in_the_singular_and_days_are_written_for_people(approved: list[Journey]) -> None:
    for one in approved[1:]:
        retire_product(product=one.product, reason="Replaced.", by=one.cast.olive)
    accept_other_words(approved[0])
    run(job().pk)
    rita = approved[0].cast.rita
    said = page(rita, f"/reviews/impact/{ImpactRun.objects.get().pk}/")
    assert "1 of 1 approval looked at" in said
    assert "<b>1</b><span>review opened</span>" in said
    assert re.search(r"1 / 1 approval\s*<", page(rita, "/reviews/impact/"))
    day = date_format(company_day(timezone.now()), "j M Y")
    assert opened()[0].reason_note == f"The agreement has other words since {day}. Changed: LICENSE 1.b.i."
    retired = Review.objects.get(component=approved[1].component)
    assert retired.state_reason == f"The product was retired on {day}."
