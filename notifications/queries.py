"""Reads of notices."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count

from foundation.accounts.models import User
from foundation.audit.kinds import Kind
from foundation.audit.references import parse_reference
from foundation.reads import Given, Read
from licences.queries import drafts_for, versions_with_candidates
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

    A notice about a review waits as long as the review waits for the person, one about licence texts as long as one is
    undecided, one about a version that was handed on until it is published, sent back or dropped; others as long as
    they are unread.
    """
    about = {one.pk: parse_reference(one.subject, Review.prefix) for one in notices if one.must_act}
    waiting = waiting_for(person, {key for key in about.values() if key is not None}) if about else set()
    of_texts = {one.subject for one in notices if one.must_act and one.kind == Kind.LICENCE_TEXT_IMPORTED}
    undecided = versions_with_candidates(of_texts) if of_texts else set()
    of_drafts = {one.pk for one in notices if one.must_act and one.kind == Kind.LICENCE_DRAFT_CHANGED}
    handed_on = {one.slug: one.submitted_at for one in drafts_for(person)[0]} if of_drafts else {}

    def waits(one: Notice) -> bool:
        if about[one.pk] is not None:
            return about[one.pk] in waiting
        if one.pk in of_drafts:  # one that was sent back and handed on again has a notice of its own
            since = handed_on.get(one.subject)
            return since is not None and one.created_at >= since
        return one.subject in undecided if one.subject in of_texts else one.read_at is None

    return {one.pk for one in notices if one.must_act and waits(one)}
