"""Checkpoints of the log: written every day, listed on the log page, taken away as files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse

from foundation.audit.checkpoint_log import write_checkpoint
from foundation.audit.models import Checkpoint, Event
from foundation.jobs.actions import Outcome, run
from foundation.jobs.models import Job
from foundation.jobs.schedule import enqueue_due
from foundation.keys import authority
from portal.views import audit_log
from tests.cast import Cast, make_cast, signed_in
from tests.foundation.audit.conftest import add_event

pytestmark = pytest.mark.django_db
DAILY = "portal.write_audit_checkpoint"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LOG = reverse("portal:audit-log")


@pytest.fixture(autouse=True)
def own_keys(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.KEY_DIR = tmp_path / "data" / "keys"
    settings.KEY_SECRET = "of these tests"
    authority.forget_loaded_keys()
    yield
    authority.forget_loaded_keys()


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def checkpoint() -> Checkpoint:
    return write_checkpoint(key=authority.log_key())


def download_of(size: int) -> str:
    return reverse("portal:audit-checkpoint", args=[size])


def test_a_checkpoint_is_written_once_every_day() -> None:
    sizes = []
    for day in range(2):
        add_event()
        for hours in (0, 5):
            enqueue_due(now=NOON + timedelta(days=day, hours=hours))
        (job,) = Job.objects.filter(kind=DAILY, state=Job.State.QUEUED)
        assert run(job.pk) is Outcome.DONE
        sizes.append(Checkpoint.objects.count())
    assert sizes == [1, 2]


def test_the_page_lists_them_newest_first_and_says_what_they_prove(cast: Cast) -> None:
    first = checkpoint()
    add_event()
    second = checkpoint()
    page = signed_in(cast.anna).get(LOG).content.decode()
    assert 0 < page.index(download_of(second.size)) < page.index(download_of(first.size))
    for words in (
        "cut off",
        "written again",
        "manage.py verify_audit --checkpoint",
        "manage.py write_audit_checkpoint",
    ):
        assert words in page, words


def test_a_page_without_any_says_when_there_will_be_one(cast: Cast) -> None:
    assert "No checkpoint yet" in signed_in(cast.adam).get(LOG).content.decode()


def test_legal_reads_the_log_without_the_checkpoints(cast: Cast) -> None:
    kept = checkpoint()
    answer = signed_in(cast.rita).get(LOG)
    assert answer.status_code == 200
    assert download_of(kept.size) not in answer.content.decode()
    assert signed_in(cast.rita).get(download_of(kept.size)).status_code == 403


def test_older_ones_are_reached_and_keep_the_filter(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_log, "CHECKPOINTS", 2)
    kept = []
    for _ in range(5):
        add_event()
        kept.append(checkpoint().size)
    browser = signed_in(cast.anna)
    found = []
    address = f"{LOG}?kind=review."
    for _ in range(3):
        answer = browser.get(address)
        found.append([one.size for one in answer.context["checkpoints"]])
        assert answer.context["query"]["kind"] == "review."
        address = f"{LOG}?{answer.context['older_checkpoints']}"
    assert found == [[kept[4], kept[3]], [kept[2], kept[1]], [kept[0]]]
    assert not answer.context["older_checkpoints"]
    assert browser.get(f"{LOG}?checkpoints_before=nonsense").status_code == 200


def test_what_is_downloaded_is_the_file_that_verify_audit_takes(cast: Cast, tmp_path: Path, capsys: Any) -> None:
    kept = checkpoint()
    answer = signed_in(cast.anna).get(download_of(kept.size))
    assert answer["Content-Disposition"] == f'attachment; filename="audit-checkpoint-{kept.size}.txt"'
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("text/plain; charset=utf-8", "private, no-store")
    file = tmp_path / "kept.txt"
    file.write_bytes(answer.content)
    assert answer.content.decode() == kept.note
    call_command("verify_audit", checkpoint=[str(file)])
    assert "2 checkpoints" in capsys.readouterr().out


def test_a_download_is_an_event_of_the_log(cast: Cast) -> None:
    kept = checkpoint()
    signed_in(cast.anna).get(download_of(kept.size))
    event = Event.objects.get(kind="audit.checkpoint_downloaded")
    assert (event.actor_ref, event.subject) == (cast.anna.reference, "AUDIT")
    assert event.facts == {"size": kept.size, "root": kept.root}
    assert "downloaded a checkpoint of the log" in signed_in(cast.anna).get(LOG).content.decode()


@pytest.mark.parametrize("size", [0, 999_999, 10**30])
def test_there_is_none_of_another_size_and_no_event_of_asking(cast: Cast, size: int) -> None:
    assert signed_in(cast.anna).get(download_of(size)).status_code == 404
    assert not Event.objects.filter(kind="audit.checkpoint_downloaded").exists()
