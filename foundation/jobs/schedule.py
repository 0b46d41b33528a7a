"""Work that comes back by the clock. Each time slot is one job with a dedupe key, so two schedulers never double it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction

from foundation.jobs.actions import enqueue
from foundation.jobs.models import Job
from foundation.jobs.registry import Handler, forget_kind, job_kind

DEDUPE_PREFIX = "every:"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """One kind of job that is due once in each slot of `period`, counted from midnight UTC plus `offset`."""

    name: str
    period: timedelta
    offset: timedelta

    def slot(self, now: datetime) -> datetime:
        """The start of the slot that `now` is in. Slots missed while nothing ran are not made up."""
        return _EPOCH + self.offset + ((now - _EPOCH - self.offset) // self.period) * self.period

    def dedupe(self, now: datetime) -> str:
        """The key that makes the job of this slot one."""
        return f"{DEDUPE_PREFIX}{self.name}:{self.slot(now):%Y-%m-%dT%H:%MZ}"


_schedules: dict[str, Schedule] = {}


def every(
    *,
    minutes: int,
    name: str,
    offset_minutes: int = 0,
    lease: timedelta = timedelta(minutes=5),
    max_attempts: int = 3,
) -> Callable[[Handler], Handler]:
    """Register a handler as a job kind of this name that is enqueued once in every slot of so many minutes.

    The job's `ref` is the start of its slot in ISO form, so that a late run knows which slot it is for.
    """
    if minutes < 1:
        raise ValueError(f"The schedule {name} needs at least one minute.")

    def register(handler: Handler) -> Handler:
        job_kind(name, lease=lease, max_attempts=max_attempts)(handler)
        _schedules[name] = Schedule(
            name=name, period=timedelta(minutes=minutes), offset=timedelta(minutes=offset_minutes)
        )
        return handler

    return register


def forget_schedule(name: str) -> None:
    """Take a schedule and its kind out again; tests that register their own call this."""
    _schedules.pop(name, None)
    forget_kind(name)


def enqueue_due(*, now: datetime) -> int:
    """Enqueue the current slot of every schedule that has none yet; the number enqueued."""
    wanted = {schedule.dedupe(now): schedule for schedule in _schedules.values()}
    known = set(Job.objects.filter(dedupe__in=wanted).values_list("dedupe", flat=True))
    missing = [(dedupe, schedule) for dedupe, schedule in wanted.items() if dedupe not in known]
    if missing:
        with transaction.atomic():
            for dedupe, schedule in missing:
                enqueue(kind=schedule.name, dedupe=dedupe, ref=schedule.slot(now).isoformat())
    return len(missing)
