"""Reads of notices."""

from __future__ import annotations

from foundation.accounts.models import User
from notifications.models import Notice


def unread_count(person: User) -> int:
    """How many notices the person has not marked as read, for the navigation."""
    return Notice.objects.filter(person=person, read_at=None).count()
