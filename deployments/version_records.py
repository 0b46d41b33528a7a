"""Version records: from when until when which model ran where, as known at any moment. Pure: no database, no clock.

Rollouts are append-only and carry two times (design, rule 13): when it took effect and when it was recorded. A
correction is a later entry that supersedes an earlier one; before it was recorded, the earlier one was what we knew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Entry:
    """One rollout: the component ran this model there from `effective_at`. Not running: it stopped there."""

    reference: str
    component: str
    deployment: str
    version: str | None  # slug of the Llama version, None where nobody knows it yet
    model: str
    effective_at: datetime
    recorded_at: datetime
    running: bool = True
    supersedes: str | None = None
    approval: str | None = None  # the approval in force when it was recorded
    component_name: str = ""
    deployment_name: str = ""
    version_name: str = ""
    order: int = 0  # place in the append-only list: the later of two entries made in one instant counts


@dataclass(frozen=True)
class Interval:
    """One model in one place, from an instant until another, or still (None)."""

    component: str
    deployment: str
    version: str | None
    model: str
    starts_at: datetime
    ends_at: datetime | None
    recorded_at: datetime
    rollout: str
    approval: str | None = None
    component_name: str = ""
    deployment_name: str = ""
    version_name: str = ""

    @property
    def is_running(self) -> bool:
        """Whether it still ran at the moment that was asked about."""
        return self.ends_at is None

    def covers(self, instant: datetime) -> bool:
        """Whether it ran at this instant: from its start, up to but without its end."""
        return self.starts_at <= instant and (self.ends_at is None or instant < self.ends_at)


def entries_in_force(entries: Iterable[Entry], known_at: datetime) -> list[Entry]:
    """The entries known at an instant, without those that a then known entry supersedes."""
    known = [entry for entry in entries if entry.recorded_at <= known_at]
    superseded = {entry.supersedes for entry in known if entry.supersedes}
    return [entry for entry in known if entry.reference not in superseded]


def version_records(entries: Iterable[Entry], as_of_effective: datetime, known_at: datetime) -> list[Interval]:
    """What ran where up to `as_of_effective`, by what was known at `known_at`, oldest first within each place.

    What took effect after `as_of_effective` is left out, so an interval without an end ran at that moment.
    """
    places: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries_in_force(entries, known_at):
        if entry.effective_at <= as_of_effective:
            places[entry.component, entry.deployment].append(entry)
    return [interval for place in sorted(places) for interval in _intervals(places[place])]


def running_at(entries: Iterable[Entry], instant: datetime, known_at: datetime) -> list[Interval]:
    """What ran at an instant, by what was known at another."""
    return [interval for interval in version_records(entries, instant, known_at) if interval.is_running]


def _intervals(entries: list[Entry]) -> list[Interval]:
    """The intervals of one place: each entry holds until the next. Of two in one instant the later recorded counts."""
    in_order = sorted(entries, key=lambda entry: (entry.effective_at, entry.recorded_at, entry.order))
    intervals = []
    for position, entry in enumerate(in_order):
        following = in_order[position + 1] if position + 1 < len(in_order) else None
        ends_at = following.effective_at if following else None
        if entry.running and ends_at != entry.effective_at:
            intervals.append(
                Interval(
                    component=entry.component,
                    deployment=entry.deployment,
                    version=entry.version,
                    model=entry.model,
                    starts_at=entry.effective_at,
                    ends_at=ends_at,
                    recorded_at=entry.recorded_at,
                    rollout=entry.reference,
                    approval=entry.approval,
                    component_name=entry.component_name,
                    deployment_name=entry.deployment_name,
                    version_name=entry.version_name,
                )
            )
    return intervals
