"""The lines of the audit log that belong to one review, up to the event that a record ends with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from evidence.errors import NotDecided
from foundation.audit.canonical import JSON, canonical
from foundation.audit.kinds import Kind
from foundation.audit.models import Event
from foundation.audit.queries import events_for
from foundation.audit.recorder import instant
from reviews.models import Review

DECIDING = (Kind.REVIEW_APPROVED, Kind.REVIEW_REJECTED, Kind.REVIEW_WITHDRAWN, Kind.REVIEW_NOT_LLAMA)
# Where an approval stands later, by the event that said so.
STANDING = {
    Kind.APPROVAL_SUSPENDED.value: "suspended",
    Kind.APPROVAL_RESUMED.value: "resumed",
    Kind.APPROVAL_REVOKED.value: "revoked",
    Kind.APPROVAL_TERMINATED.value: "terminated",
    Kind.APPROVAL_ENDED.value: "ended",
}
# That a counsel's note was written is no part of the record either.
KEPT_OUT = frozenset({Kind.REVIEW_COUNSEL_NOTED.value})


@dataclass(frozen=True)
class History:
    """The events that a record tells of, oldest first, with the one that decided and the one that it ends with."""

    events: tuple[Event, ...]
    decision: Event
    last: Event


def decision_of(review: Review) -> Event | None:
    """The event that decided the review, or None while it is open."""
    return events_for(review.reference).filter(subject=review.reference, kind__in=DECIDING).first()


def history_of(review: Review, *, through: int | None = None) -> History:
    """The events of the review up to `through`, or up to its decision where none is given.

    The end is fixed, so that a record made again after somebody has downloaded it has the same bytes.
    """
    decision = decision_of(review)
    if decision is None:
        raise NotDecided(review.reference)
    end = max(through or decision.seq, decision.seq)
    events = tuple(event for event in events_for(review.reference).filter(seq__lte=end) if event.kind not in KEPT_OUT)
    return History(events=events, decision=decision, last=events[-1])


def history_section(history: History) -> list[dict[str, JSON]]:
    """Each event by number, digest, kind, times and references: no name, because the log holds none in clear."""
    return [
        {
            "seq": event.seq,
            "hash": event.hash,
            "previous_hash": event.prev,
            "kind": event.kind,
            "recorded_at": instant(event.recorded_at),
            "occurred_at": instant(event.occurred_at),
            "actor": {"kind": event.actor_kind, "reference": event.actor_ref},
            "subject": event.subject,
        }
        for event in history.events
    ]


def later_standing(history: History) -> list[dict[str, JSON]]:
    """What became of the approval after the decision, for records of a later edition."""
    return [
        {"standing": STANDING[event.kind], "at": instant(event.occurred_at), "seq": event.seq}
        for event in history.events
        if event.seq > history.decision.seq and event.kind in STANDING
    ]


def log_lines(history: History) -> str:
    """The events with the exact text that was hashed, one canonical JSON object on each line."""
    lines: list[dict[str, Any]] = [
        {"seq": event.seq, "version": event.version, "prev": event.prev, "hash": event.hash, "body": event.body}
        for event in history.events
    ]
    return "".join(f"{canonical(line)}\n" for line in lines)
