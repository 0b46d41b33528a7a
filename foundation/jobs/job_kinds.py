"""What the work table does for itself."""

from __future__ import annotations

from datetime import timedelta

from foundation.jobs.clock import moment
from foundation.jobs.models import Job
from foundation.jobs.registry import Claimed, Finish
from foundation.jobs.schedule import DEDUPE_PREFIX, every

KEPT = timedelta(days=30)


@every(minutes=24 * 60, name="jobs.forget_old_slots", offset_minutes=3 * 60 + 10)
def forget_old_slots(job: Claimed) -> Finish:
    """Delete the finished rows of past time slots, whose keys never come again. Other jobs stay, for the record."""

    def finish() -> None:
        Job.objects.filter(
            dedupe__startswith=DEDUPE_PREFIX, state=Job.State.DONE, finished_at__lt=moment(-KEPT)
        ).delete()

    return finish
