"""Reads of the log, as named functions."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db.models import FilteredRelation, Q, QuerySet

from foundation.audit.models import Event, actor_in_words
from foundation.reads import Given, Read


def events_for(reference: str) -> QuerySet[Event]:
    """Events that concern exactly this reference, as subject or related, oldest first, with personal values."""
    return _shown(Event.objects.filter(subjects__reference=reference).order_by("seq"))


class TimelineEntry(NamedTuple):
    """An event as the line of a timeline."""

    kind: str
    recorded_at: datetime
    actor_kind: str
    actor_ref: str
    name: str | None

    @property
    def actor_name(self) -> str:
        return actor_in_words(self.actor_kind, self.actor_ref, self.name)


NEWEST = 40
_TIMELINE = Read(
    TimelineEntry,
    lambda: (
        Event.objects.filter(subjects__reference=Given("reference"))
        .alias(actor=FilteredRelation("personal_values", condition=Q(personal_values__field="actor_name")))
        .order_by("-seq")
        .values_list("kind", "recorded_at", "actor_kind", "actor_ref", "actor__value")[:NEWEST]
    ),
)


def newest_events_for(reference: str) -> list[TimelineEntry]:
    """The newest events that concern exactly this reference, newest first. One query, without what they recorded."""
    return _TIMELINE(reference=reference)


def events_after(seq: int) -> QuerySet[Event]:
    """Events after a cursor, oldest first: how the rooms above hear of what happened."""
    return Event.objects.filter(seq__gt=seq).order_by("seq")


def search_events(
    *,
    kind: str = "",
    actor: str = "",
    subject: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[Event]:
    """Search the log, newest first. `kind` may be a group (`review.`); `until` is not included."""
    found = Event.objects.order_by("-seq")
    if kind:
        found = found.filter(kind__startswith=kind) if kind.endswith(".") else found.filter(kind=kind)
    if actor:
        found = found.filter(actor_ref=actor)
    if subject:
        found = found.filter(subjects__reference=subject)
    if since:
        found = found.filter(recorded_at__gte=since)
    if until:
        found = found.filter(recorded_at__lt=until)
    return _shown(found)


def head() -> Event | None:
    """The last event of the log."""
    return Event.objects.order_by("-seq").first()


def _shown(events: QuerySet[Event]) -> QuerySet[Event]:
    return events.prefetch_related("personal_values")
