"""Get one record for one person: 404 when its review is invisible to them, 403 with the reason when they may not."""

from __future__ import annotations

from django.http import Http404

from evidence.models import EvidencePack
from foundation.accounts.models import User
from foundation.accounts.policy import require
from reviews.models import Review
from reviews.policies import may_see_record


def get_recorded_review(person: User, reference: str) -> Review:
    """The review behind a record."""
    try:
        review = (
            Review.objects.visible_to(person)
            .select_related("component__product__team", "component__product__owner", "version", "licensee")
            .get(pk=Review.key_of(reference))
        )
    except Review.DoesNotExist:
        raise Http404(f"There is no review {reference} that you can see.") from None
    require(may_see_record(person, review))
    return review


def get_pack(person: User, reference: str, edition: int) -> EvidencePack:
    """One edition of the record of a review."""
    review = get_recorded_review(person, reference)
    try:
        return EvidencePack.objects.select_related("review", "record", "pdf", "archive").get(
            review=review, edition=edition
        )
    except EvidencePack.DoesNotExist:
        raise Http404(f"There is no edition {edition} of the record of {reference}.") from None
