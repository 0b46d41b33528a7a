"""What reviews does as durable work."""

from __future__ import annotations

from django.utils import timezone

from foundation.jobs.registry import Claimed
from foundation.jobs.schedule import every
from reviews.actions.trigger_reviews import open_triggered_reviews


@every(minutes=60, name="reviews.open_triggered")
def open_what_is_called_for(job: Claimed) -> None:
    """Every hour: facts of entities and licence texts change without anybody touching the product."""
    open_triggered_reviews(timezone.now())
