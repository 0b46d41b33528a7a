"""Get one review, condition or note for one person: 404 when it is invisible to them."""

from __future__ import annotations

from django.http import Http404

from foundation.accounts.models import User
from foundation.accounts.queries import sees_whole_company
from foundation.audit.references import parse_reference
from reviews.models import Condition, Review
from reviews.reading import read_review


def get_review_for(person: User, reference: str) -> Review:
    """The review with this reference, if this person may know that it exists."""
    key = key_of_visible(person, reference)
    review = read_review(key) if key is not None else None
    if review is None:
        raise Http404(f"There is no review {reference} that you can see.")
    return review


def key_of_visible(person: User, reference: str) -> int | None:
    """The key in the reference, unless a review with it is none of this person's business. Nobody has checked that
    there is one: whoever sees the whole company is spared the query."""
    key = parse_reference(reference, Review.prefix)
    if key is None or sees_whole_company(person) or Review.objects.visible_to(person).filter(pk=key).exists():
        return key
    return None


def get_condition_for(person: User, reference: str) -> Condition:
    """The condition with this reference, on a review that this person may see."""
    try:
        return Condition.objects.select_related("review__component__product", "owner").get(
            pk=Condition.key_of(reference), review__in=Review.objects.visible_to(person)
        )
    except Condition.DoesNotExist:
        raise Http404(f"There is no condition {reference} that you can see.") from None
