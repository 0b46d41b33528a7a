"""What the product's page shows of this room: its reviews. Where approvals stand is in standings_of_products.py."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from deployments.models import Product
from foundation.reads import Given, Read
from reviews.models import Review
from reviews.states import OPEN_STATES, State

_REASONS = dict(Review._meta.get_field("reason").flatchoices)


class ReviewLine(NamedTuple):
    """A review, as a line."""

    pk: int
    component_id: int
    component: str
    version_id: int
    version: str
    state: str
    reason: str
    due_on: date
    decided_at: datetime | None

    @property
    def reference(self) -> str:
        return Review.reference_of(self.pk)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def state_in_words(self) -> str:
        return str(State(self.state).label)

    @property
    def reason_in_words(self) -> str:
        return str(_REASONS[self.reason])


_REVIEWS = Read(
    ReviewLine,
    lambda: (
        Review.objects.filter(component__product=Given("product"))
        .order_by("-pk")
        .values_list(
            "pk",
            "component",
            "component__name",
            "version",
            "version__name",
            "state",
            "reason",
            "due_on",
            "decided_at",
        )
    ),
)


def reviews_of(product: Product) -> list[ReviewLine]:
    """Every review of a product, newest first. One query."""
    return _REVIEWS(product=product.pk)
