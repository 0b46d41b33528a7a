"""Reads of the log, as named functions."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from foundation.audit.models import Event


def events_for(reference: str) -> QuerySet[Event]:
    """Events that concern exactly this reference, as subject or related, oldest first, with personal values."""
    return _shown(Event.objects.filter(subjects__reference=reference).order_by("seq"))


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
