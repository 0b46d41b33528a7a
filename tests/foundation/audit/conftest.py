"""What the tests of the log share."""

from __future__ import annotations

from django.db import transaction

from foundation.audit.actors import Actor
from foundation.audit.kinds import Kind
from foundation.audit.models import Event
from foundation.audit.recorder import record

RITA = Actor.person("PER-00002", "Rita Reviewer")


def add_event(subject: str = "REV-00001", **more: object) -> Event:
    """Record one event in a transaction of its own."""
    with transaction.atomic():
        return record(Kind.REVIEW_OPENED, actor=RITA, subject=subject, **more)  # type: ignore[arg-type]
