"""The verbs of durable work: enqueue, run, retry a dead job, sweep."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from foundation.audit.actors import Actor
from foundation.audit.kinds import Kind
from foundation.audit.recorder import record
from foundation.jobs.clock import moment
from foundation.jobs.doorbell import ring
from foundation.jobs.heartbeat import Heartbeat
from foundation.jobs.models import Job
from foundation.jobs.queries import due
from foundation.jobs.registry import Claimed, JobKind, UnknownJobKindError, kind_named
from foundation.jobs.retry import delay_after

logger = logging.getLogger(__name__)

LARGEST_PAYLOAD = 4096
LONGEST_ERROR = 2000
RING_AGAIN_AFTER = timedelta(seconds=30)
RINGS_PER_SWEEP = 200


class JobError(Exception):
    """Something about a job that a person can put right; the message says what."""


class GiveUp(Exception):  # noqa: N818 - reads as what a handler does
    """Raised by a handler when trying again cannot help: the job is dead at once, with this sentence."""


class Outcome(StrEnum):
    """What became of one call of `run`."""

    DONE = "done"
    NOT_DUE = "not due"
    FENCED_OUT = "fenced out"
    POSTPONED = "postponed"
    DEAD = "dead"


class _FencedOutError(Exception):
    """Another worker holds the lease: whatever this one wrote last is rolled back."""


@dataclass(frozen=True)
class _Claim:
    job: Job
    kind: JobKind
    token: uuid.UUID
    attempt: int


def enqueue(
    *,
    kind: str,
    dedupe: str,
    ref: str = "",
    payload: Mapping[str, Any] | None = None,
    run_after: datetime | None = None,
) -> Job:
    """Add a job to the change that is being made, or return the one that already has this dedupe key.

    Call it inside the transaction of the change: both commit, or neither does. Should two callers use one key, one row
    results, whatever its state by now; put into the key all that makes the work different.
    """
    if not connection.in_atomic_block:
        raise JobError("A job is enqueued in the transaction of the change that needs it: open one first.")
    kind_named(kind)
    if "@" in ref or not (ref.isprintable() and ref == ref.strip()):
        raise JobError(f"{ref!r} is not a reference such as REV-00147, and a job's ref goes into the log as it is.")
    body = dict(payload or {})
    if len(json.dumps(body)) > LARGEST_PAYLOAD:
        raise JobError(f"The payload of {kind} is over {LARGEST_PAYLOAD} bytes: store the data and pass its reference.")
    now = moment()
    fresh = Job(
        kind=kind,
        dedupe=dedupe,
        ref=ref,
        payload=body,
        run_after=run_after or now,
        rung_at=None if run_after else now,
        created_at=now,
    )
    Job.objects.bulk_create(
        [fresh], ignore_conflicts=True
    )  # ON CONFLICT DO NOTHING: waits for a rival, then reads its row
    job = Job.objects.get(dedupe=dedupe)
    if job.kind != kind:
        raise JobError(f"The dedupe key {dedupe} already belongs to a job of kind {job.kind}.")
    if job.state == Job.State.QUEUED and run_after is None:
        transaction.on_commit(partial(ring, job.pk))
    return job


def run(job_id: int) -> Outcome:
    """Claim the job, do its work, and complete it; or put it off, or bury it. Safe to call at any time, and twice."""
    claim = _claim(job_id)
    if isinstance(claim, Outcome):
        return claim
    job, kind = claim.job, claim.kind
    claimed = Claimed(
        id=job.pk,
        kind=job.kind,
        dedupe=job.dedupe,
        ref=job.ref,
        payload=job.payload,
        attempt=claim.attempt,
        last_attempt=claim.attempt >= kind.max_attempts,
        created_at=job.created_at,
    )
    try:
        with Heartbeat(job_id=job.pk, token=claim.token, lease=kind.lease):
            finish = kind.handler(claimed)
        with transaction.atomic():
            _release(claim, state=Job.State.DONE, finished_at=moment(), last_error="")
            if finish is not None:
                finish()
    except _FencedOutError:
        logger.warning("Job %s was taken over while this worker was at it; its result here does not count.", job.pk)
        return Outcome.FENCED_OUT
    except Exception as error:
        logger.exception("Attempt %s of job %s (%s) failed.", claim.attempt, job.pk, job.kind)
        return _after_failure(claim, error)
    return Outcome.DONE


def run_all_due(*, at_most: int = 1000) -> int:
    """Run due jobs here and now, oldest first, until none is left; the number that ran. For drills and tests."""
    for number in range(at_most):
        job_id = Job.objects.filter(due(moment())).order_by("run_after", "id").values_list("pk", flat=True).first()
        if job_id is None or run(job_id) is Outcome.NOT_DUE:
            return number
    return at_most


def retry_dead(*, job: Job, actor: Actor) -> Job:
    """Give a dead job its full number of attempts again, because a person has dealt with the cause."""
    with transaction.atomic():
        locked = Job.objects.select_for_update().get(pk=job.pk)
        if locked.state != Job.State.DEAD:
            raise JobError(f"Only a job that was given up on can be tried again; this one is {locked.state}.")
        Job.objects.filter(pk=locked.pk).update(
            state=Job.State.QUEUED, attempts=0, run_after=moment(), rung_at=moment(), finished_at=None
        )
        transaction.on_commit(partial(ring, locked.pk))
        locked.refresh_from_db()
        record(
            Kind.JOB_RETRIED,
            actor=actor,
            subject=locked.reference,
            related=[locked.ref] if locked.ref else [],
            facts={"job_kind": locked.kind},
        )
    return locked


def forget_payload(*, job_id: int) -> None:
    """Erase what a job was told, once it needs it no more: a handler calls this for what must not stay in a row."""
    Job.objects.filter(pk=job_id).update(payload={})


def sweep() -> int:
    """Ring again for due jobs and for those whose lease ran out; the number that the broker took.

    This heals a lost broker, a killed worker and a missed message. A job is rung for at most every half minute, and the
    message expires by then, so that a backlog does not fill the broker.
    """
    waiting = Job.objects.filter(due(moment())).exclude(rung_at__gt=moment(-RING_AGAIN_AFTER))
    ids = list(waiting.order_by("run_after", "id").values_list("pk", flat=True)[:RINGS_PER_SWEEP])
    Job.objects.filter(pk__in=ids).update(rung_at=moment())
    taken = 0
    for job_id in ids:
        if not ring(job_id, expires=RING_AGAIN_AFTER.total_seconds()):
            break  # the broker is away; asking it once per job would only take longer
        taken += 1
    return taken


def _claim(job_id: int) -> _Claim | Outcome:
    """Take the job by one conditional UPDATE, the same on both databases: of two rivals one changes the row."""
    job = Job.objects.filter(due(moment()), pk=job_id).first()
    if job is None:
        return Outcome.NOT_DUE
    try:
        kind = kind_named(job.kind)
    except UnknownJobKindError as error:
        logger.warning("Job %s waits for a worker that knows its kind: %s", job_id, error)
        return Outcome.NOT_DUE
    mine = Job.objects.filter(due(moment()), pk=job_id, attempts=job.attempts)
    if job.attempts >= kind.max_attempts:  # every attempt ended with its worker, so no failure was ever reported
        return _bury(mine, job, "The worker stopped during every attempt, the last one included.")
    token = uuid.uuid4()
    claimed = mine.update(
        state=Job.State.RUNNING,
        attempts=job.attempts + 1,
        claimed_at=moment(),
        lease_token=token,
        lease_until=moment(kind.lease),
    )
    if not claimed:
        return Outcome.NOT_DUE
    return _Claim(job=job, kind=kind, token=token, attempt=job.attempts + 1)


def _held(claim: _Claim) -> QuerySet[Job]:
    """The row, as long as this claim still holds it. This is the fence."""
    return Job.objects.filter(pk=claim.job.pk, state=Job.State.RUNNING, lease_token=claim.token)


def _release(claim: _Claim, **changes: Any) -> None:
    """Change the row and give up the lease, provided that it is still ours."""
    if not _held(claim).update(lease_until=None, lease_token=None, **changes):
        raise _FencedOutError


def _after_failure(claim: _Claim, error: Exception) -> Outcome:
    """Put the job off by a growing delay; bury it after its last attempt, or when its handler gives up."""
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()  # the failure may have been the database's
    reason = f"{type(error).__name__}: {error}"[:LONGEST_ERROR]
    if isinstance(error, GiveUp) or claim.attempt >= claim.kind.max_attempts:
        return _bury(_held(claim), claim.job, str(error)[:LONGEST_ERROR] if isinstance(error, GiveUp) else reason)
    delay = delay_after(attempts=claim.attempt, job_id=claim.job.pk)
    try:
        _release(claim, state=Job.State.QUEUED, run_after=moment(delay), rung_at=None, last_error=reason)
    except _FencedOutError:
        return Outcome.FENCED_OUT
    return Outcome.POSTPONED


def _bury(rows: QuerySet[Job], job: Job, reason: str) -> Outcome:
    """Give up on the job, and say so in the log, where the people who run the portal hear of it."""
    with transaction.atomic():
        buried = rows.update(
            state=Job.State.DEAD, finished_at=moment(), lease_until=None, lease_token=None, last_error=reason
        )
        if not buried:
            return Outcome.FENCED_OUT
        job.refresh_from_db()
        record(
            Kind.JOB_DEAD,
            actor=Actor.system("worker"),
            subject=job.reference,
            related=[job.ref] if job.ref else [],
            facts={"job_kind": job.kind, "attempts": job.attempts},
        )
    return Outcome.DEAD
