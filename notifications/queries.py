"""Reads of notices."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count

from foundation.accounts.models import User
from foundation.audit.references import parse_reference
from foundation.reads import Given, Read
from notifications.models import Notice
from reviews.models import Review
from reviews.queries import waiting_for

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


def still_waiting(person: User, notices: Sequence[Notice]) -> set[int]:
    """Which of these notices, by key, still ask for an act of this person. What is done stays in the list as news.

    A notice about a review waits as long as the review waits for the person; others as long as they are unread.
    """
    about = {one.pk: parse_reference(one.subject, Review.prefix) for one in notices if one.must_act}
    waiting = waiting_for(person, {key for key in about.values() if key is not None}) if about else set()
    return {
        one.pk
        for one in notices
        if one.must_act and (about[one.pk] in waiting if about[one.pk] is not None else one.read_at is None)
    }
