"""Running one job: done once, tried again with growing delays, given up on in the open."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from foundation.audit.actors import Actor
from foundation.audit.models import Event
from foundation.jobs.actions import GiveUp, JobError, Outcome, retry_dead, run, run_all_due
from foundation.jobs.models import Job
from foundation.jobs.registry import Claimed, Finish, forget_kind
from foundation.jobs.retry import LONGEST_DELAY, delay_after
from tests.foundation.jobs.conftest import MakeKind, add, make_due

pytestmark = pytest.mark.django_db

OPERATOR = Actor.person("PER-00001", "Anna Auditor")


def test_a_job_is_done_once(make_kind: MakeKind) -> None:
    seen: list[Claimed] = []
    job = add(make_kind(lambda claimed: seen.append(claimed)), ref="REV-00001", payload={"a": 1})
    assert run(job.pk) is Outcome.DONE
    assert run(job.pk) is Outcome.NOT_DUE
    job.refresh_from_db()
    assert (job.state, job.attempts, job.lease_token) == ("done", 1, None)
    assert [(c.id, c.ref, c.payload, c.attempt, c.last_attempt) for c in seen] == [
        (job.pk, "REV-00001", {"a": 1}, 1, False)
    ]


def test_a_job_that_is_not_due_is_left_alone(make_kind: MakeKind) -> None:
    job = add(make_kind(), run_after=timezone.now() + timedelta(hours=1))
    assert run(job.pk) is Outcome.NOT_DUE
    assert run(job.pk + 1) is Outcome.NOT_DUE


def test_what_finish_writes_and_the_done_state_commit_together(make_kind: MakeKind) -> None:
    other = add(make_kind(name="tests.other"), dedupe="written by finish")

    def work(claimed: Claimed) -> Finish:
        def finish() -> None:
            Job.objects.filter(pk=other.pk).update(ref="WRITTEN")
            if claimed.attempt == 1:
                raise ValueError("the first finish fails")

        return finish

    job = add(make_kind(work))
    assert run(job.pk) is Outcome.POSTPONED
    other.refresh_from_db()
    assert other.ref == ""
    make_due(job)
    assert run(job.pk) is Outcome.DONE
    other.refresh_from_db()
    assert other.ref == "WRITTEN"


def test_a_worker_that_lost_its_lease_changes_nothing(make_kind: MakeKind) -> None:
    ran: list[str] = []

    def work(claimed: Claimed) -> Finish:
        # Meanwhile the lease ran out and another worker claimed the row.
        Job.objects.filter(pk=claimed.id).update(lease_token=uuid.uuid4(), attempts=2)
        return lambda: ran.append("finish")

    job = add(make_kind(work))
    assert run(job.pk) is Outcome.FENCED_OUT
    assert ran == []
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("running", 2)


def test_a_worker_that_lost_its_lease_and_then_fails_changes_nothing_either(make_kind: MakeKind) -> None:
    def work(claimed: Claimed) -> None:
        Job.objects.filter(pk=claimed.id).update(lease_token=uuid.uuid4())
        raise GiveUp("The file is gone.")

    job = add(make_kind(work))
    assert run(job.pk) is Outcome.FENCED_OUT
    job.refresh_from_db()
    assert (job.state, job.last_error) == ("running", "")


def test_a_failed_job_waits_longer_each_time_and_is_then_given_up_on_in_the_log(make_kind: MakeKind) -> None:
    def fail(claimed: Claimed) -> None:
        raise ValueError(f"attempt {claimed.attempt}, last: {claimed.last_attempt}")

    job = add(make_kind(fail, max_attempts=3), ref="REV-00001")
    for attempt in (1, 2):
        before = timezone.now()
        assert run(job.pk) is Outcome.POSTPONED
        job.refresh_from_db()
        wanted = delay_after(attempts=attempt, job_id=job.pk)
        assert abs(job.run_after - before - wanted) < timedelta(seconds=5)
        assert job.last_error == f"ValueError: attempt {attempt}, last: False"
        make_due(job)
    assert run(job.pk) is Outcome.DEAD
    job.refresh_from_db()
    assert (job.state, job.attempts, job.last_error) == ("dead", 3, "ValueError: attempt 3, last: True")
    assert job.finished_at is not None
    event = Event.objects.get(kind="job.dead")
    assert event.subject == job.reference
    assert run(job.pk) is Outcome.NOT_DUE


def test_a_handler_can_say_that_trying_again_is_no_use(make_kind: MakeKind) -> None:
    def work(claimed: Claimed) -> None:
        raise GiveUp("The address no longer exists: enter another.")

    job = add(make_kind(work))
    assert run(job.pk) is Outcome.DEAD
    job.refresh_from_db()
    assert (job.attempts, job.last_error) == (1, "The address no longer exists: enter another.")


def test_a_job_that_kills_its_worker_every_time_is_given_up_on(make_kind: MakeKind) -> None:
    ran: list[int] = []
    job = add(make_kind(lambda claimed: ran.append(claimed.id), max_attempts=2))
    Job.objects.filter(pk=job.pk).update(
        state="running", attempts=2, lease_token=uuid.uuid4(), lease_until=timezone.now() - timedelta(seconds=1)
    )
    assert run(job.pk) is Outcome.DEAD
    job.refresh_from_db()
    assert (job.state, ran) == ("dead", [])
    assert "worker stopped" in job.last_error


def test_a_job_whose_worker_died_is_claimed_again_after_its_lease_and_not_before(make_kind: MakeKind) -> None:
    job = add(make_kind())
    Job.objects.filter(pk=job.pk).update(
        state="running", attempts=1, lease_token=uuid.uuid4(), lease_until=timezone.now() + timedelta(minutes=1)
    )
    assert run(job.pk) is Outcome.NOT_DUE
    make_due(job)
    assert run(job.pk) is Outcome.DONE
    job.refresh_from_db()
    assert job.attempts == 2


def test_a_worker_that_does_not_know_the_kind_leaves_the_job_to_one_that_does(make_kind: MakeKind) -> None:
    job = add(make_kind(name="tests.newer"))
    forget_kind("tests.newer")
    assert run(job.pk) is Outcome.NOT_DUE
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("queued", 0)


def test_a_person_can_have_a_dead_job_tried_again(make_kind: MakeKind) -> None:
    broken = True

    def work(claimed: Claimed) -> None:
        if broken:
            raise GiveUp("The mail server refuses us.")

    job = add(make_kind(work))
    run(job.pk)
    broken = False
    revived = retry_dead(job=job, actor=OPERATOR)
    assert (revived.state, revived.attempts) == ("queued", 0)
    assert Event.objects.get(kind="job.retried").actor_ref == "PER-00001"
    assert run(job.pk) is Outcome.DONE
    with pytest.raises(JobError, match="this one is done"):
        retry_dead(job=job, actor=OPERATOR)


def test_all_due_work_can_be_run_in_place_including_work_that_it_makes(make_kind: MakeKind) -> None:
    child = make_kind(name="tests.child")
    parent = make_kind(lambda claimed: lambda: add(child, dedupe="child") and None, name="tests.parent")
    add(parent, dedupe="parent")
    later = add(child, dedupe="later", run_after=timezone.now() + timedelta(hours=1))
    assert run_all_due() == 2
    assert list(Job.objects.exclude(state="done")) == [later]


def test_delays_double_up_to_an_hour_and_spread_by_at_most_a_quarter() -> None:
    for attempts, seconds in [(1, 10), (2, 20), (3, 40), (8, 1280), (10, 3600), (500, 3600)]:
        delays = [delay_after(attempts=attempts, job_id=number).total_seconds() for number in range(200)]
        assert seconds <= min(delays) < max(delays) <= seconds * 1.25
        assert len(set(delays)) > 150
    assert delay_after(attempts=3, job_id=7) == delay_after(attempts=3, job_id=7)
    assert timedelta(hours=1) == LONGEST_DELAY
