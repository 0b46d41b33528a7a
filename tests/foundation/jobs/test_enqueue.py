"""A job is part of the change that needs it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from foundation.jobs import actions
from foundation.jobs.actions import JobError, Outcome, enqueue, run
from foundation.jobs.models import Job
from foundation.jobs.registry import UnknownJobKindError
from tests.foundation.jobs.conftest import MakeKind, add

pytestmark = pytest.mark.django_db


def test_a_job_is_queued_with_what_its_handler_needs(make_kind: MakeKind) -> None:
    job = add(make_kind(), ref="REV-00147", payload={"digest": "ab12"})
    assert (job.state, job.ref, job.payload, job.attempts) == ("queued", "REV-00147", {"digest": "ab12"}, 0)
    assert job.reference == f"JOB-{job.pk:05d}"


def test_the_same_dedupe_key_gives_the_same_job_whatever_its_state(make_kind: MakeKind) -> None:
    kind = make_kind()
    first = add(kind, payload={"n": 1})
    assert add(kind, payload={"n": 2}) == first
    assert run(first.pk) is Outcome.DONE
    again = add(kind)
    assert (again.pk, again.state, again.payload) == (first.pk, "done", {"n": 1})
    assert Job.objects.count() == 1


def test_it_refuses_a_dedupe_key_that_belongs_to_another_kind(make_kind: MakeKind) -> None:
    add(make_kind())
    with pytest.raises(JobError, match="already belongs"):
        add(make_kind(name="tests.other"))


def test_a_job_vanishes_with_the_change_that_needed_it(make_kind: MakeKind) -> None:
    kind = make_kind()
    with pytest.raises(RuntimeError), transaction.atomic():
        enqueue(kind=kind, dedupe="gone")
        raise RuntimeError
    assert not Job.objects.exists()


def test_it_refuses_a_kind_that_nobody_registers() -> None:
    with pytest.raises(UnknownJobKindError, match=r"tests\.nobody"):
        add("tests.nobody")


def test_it_refuses_a_payload_that_is_not_small(make_kind: MakeKind) -> None:
    with pytest.raises(JobError, match="pass its reference"):
        add(make_kind(), payload={"text": "x" * 5000})


@pytest.mark.parametrize("ref", ["rita@norrbro.example", " REV-1", "REV\n1"])
def test_it_refuses_a_ref_that_could_not_stand_in_the_log(make_kind: MakeKind, ref: str) -> None:
    with pytest.raises(JobError, match="not a reference"):
        add(make_kind(), ref=ref)


def test_the_doorbell_rings_after_the_commit_and_only_for_work_that_is_due(
    make_kind: MakeKind, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    rung: list[int] = []
    monkeypatch.setattr(actions, "ring", rung.append)
    kind = make_kind()
    with django_capture_on_commit_callbacks(execute=True):
        now = add(kind, dedupe="now")
        later = add(kind, dedupe="later", run_after=timezone.now() + timedelta(hours=1))
        assert rung == []
    assert rung == [now.pk]
    assert later.rung_at is None


@pytest.mark.parametrize(
    "change",
    [
        {"state": "running"},
        {"state": "done"},
        {"state": "resting"},
        {"lease_until": timezone.now()},
        {"finished_at": timezone.now()},
    ],
)
def test_the_database_refuses_a_row_that_makes_no_sense(make_kind: MakeKind, change: dict[str, Any]) -> None:
    job = add(make_kind())
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**change)
