"""Which kinds of work exist, and the function that does each. Apps register theirs in job_kinds.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

Finish = Callable[[], None]


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """What a handler may know of its job. Times and ids in what it makes come from here, so a re-run is identical."""

    id: int
    kind: str
    dedupe: str
    ref: str
    payload: Mapping[str, Any]
    attempt: int
    last_attempt: bool
    created_at: datetime


Handler = Callable[[Claimed], Finish | None]


@dataclass(frozen=True, kw_only=True)
class JobKind:
    """One kind of work: its handler, how long a claim holds without a heartbeat, and how often it is tried."""

    name: str
    handler: Handler
    lease: timedelta
    max_attempts: int


class UnknownJobKindError(LookupError):
    """No installed app registers this kind."""


_kinds: dict[str, JobKind] = {}


def job_kind(
    name: str, *, lease: timedelta = timedelta(minutes=5), max_attempts: int = 8
) -> Callable[[Handler], Handler]:
    """Register a handler. It works outside any transaction, may run more than once, and may return a `finish`.

    `finish` runs inside the transaction that completes the job; when another worker took the job over meanwhile,
    nothing that `finish` wrote is kept. Rows that must exist once are therefore written there, and nowhere else.
    """

    def register(handler: Handler) -> Handler:
        if name in _kinds:
            raise ValueError(f"The job kind {name} is registered twice.")
        if lease <= timedelta(0) or max_attempts < 1:
            raise ValueError(f"The job kind {name} needs a lease above zero and at least one attempt.")
        _kinds[name] = JobKind(name=name, handler=handler, lease=lease, max_attempts=max_attempts)
        return handler

    return register


def kind_named(name: str) -> JobKind:
    """The registered kind of that name."""
    try:
        return _kinds[name]
    except KeyError:
        raise UnknownJobKindError(f"No installed app registers the job kind {name}.") from None


def forget_kind(name: str) -> None:
    """Take a kind out again; tests that register their own call this."""
    _kinds.pop(name, None)


def kind_names() -> list[str]:
    """Every registered kind, sorted."""
    return sorted(_kinds)
