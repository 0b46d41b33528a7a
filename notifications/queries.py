"""Reads of notices."""

from __future__ import annotations

from django.db.models import Count

from foundation.accounts.models import User
from foundation.reads import Given, Read
from notifications.models import Notice

_UNREAD = Read(
    int,
    lambda: (
        Notice.objects.filter(person=Given("person"), read_at=None)
        .order_by()
        .values("person")
        .annotate(unread=Count("pk"))
        .values_list("unread")
    ),
)


def unread_count(person: User) -> int:
    """How many notices the person has not marked as read, for the navigation."""
    return sum(_UNREAD(person=person.pk))
