"""Get one review, condition or note for one person: 404 when it is invisible to them."""

from __future__ import annotations

from django.http import Http404

from foundation.accounts.models import User
from reviews.models import Condition, Review


def get_review_for(person: User, reference: str) -> Review:
    """The review with this reference, if this person may know that it exists."""
    try:
        return (
            Review.objects.visible_to(person)
            .select_related("component__product__team", "version", "sheet")
            .get(pk=Review.key_of(reference))
        )
    except Review.DoesNotExist:
        raise Http404(f"There is no review {reference} that you can see.") from None


def get_condition_for(person: User, reference: str) -> Condition:
    """The condition with this reference, on a review that this person may see."""
    try:
        return Condition.objects.select_related("review__component__product", "owner").get(
            pk=Condition.key_of(reference), review__in=Review.objects.visible_to(person)
        )
    except Condition.DoesNotExist:
        raise Http404(f"There is no condition {reference} that you can see.") from None
