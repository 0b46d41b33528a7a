"""How every action takes hold of a review: the row is locked before anything is read from it."""

from __future__ import annotations

from django.db import connection

from deployments.models import ModelSheet, Product
from foundation.accounts.actors import actor_for
from foundation.accounts.models import User
from foundation.audit.actors import Actor
from reviews.models import Review
from reviews.reading import read_review


def lock_review(review: Review) -> Review:
    """The review, fresh and locked; must be called inside a transaction.

    It is read after the lock on purpose: PostgreSQL reads joined rows before it waits for the lock, so a join in the
    locking query would pair the fresh review with the declaration and texts of before.

    `no_key`, as in every lock of a row that others refer to: rivals still exclude each other, but nobody waits for this
    lock who only inserts a row that refers to it. Such waits closed the circle between a signature (review, then what
    its approval refers to) and a declaration (product and sheet, then the review).
    """
    assert connection.in_atomic_block, "lock_review() belongs inside transaction.atomic()"
    Review.objects.select_for_update(no_key=True).only("pk").get(pk=review.pk)
    locked = read_review(review.pk)
    assert locked is not None
    return locked


def lock_open_reviews_of(product: Product) -> None:
    """The sheets and open reviews of a locked product, before the first event of an act that may touch several.

    After an event no lock may be waited for: whoever holds the review waits for the log in turn.
    """
    sheets = ModelSheet.objects.filter(component__product=product)
    reviews = Review.objects.open().filter(component__product=product)
    for rows in (sheets, reviews):
        list(rows.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True))


def touch(review: Review, *fields: str) -> None:
    """Save these fields and raise the revision, so that a page shown before can no longer sign."""
    review.revision += 1
    review.save(update_fields=[*fields, "revision"])


def related_to(review: Review) -> list[str]:
    """References under which this review's events are found."""
    references = [review.product.reference, review.component.reference]
    if review.licensee is not None:
        references.append(review.licensee.reference)
    return references


def actor_or_system(person: User | None, system: str) -> Actor:
    return actor_for(person) if person is not None else Actor.system(system)
