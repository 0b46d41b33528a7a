"""When a failed job is tried again. Pure: no database, no clock."""

from __future__ import annotations

import hashlib
from datetime import timedelta

FIRST_DELAY = timedelta(seconds=10)
LONGEST_DELAY = timedelta(hours=1)


def delay_after(*, attempts: int, job_id: int) -> timedelta:
    """Double from ten seconds up to an hour, plus up to a quarter more.

    The extra part spreads jobs that failed together. It comes from the row's id, so that it can be foretold and tested.
    """
    steps = min(max(attempts, 1) - 1, 20)
    delay = min(FIRST_DELAY * (1 << steps), LONGEST_DELAY)
    digest = hashlib.sha256(f"{job_id}:{attempts}".encode()).digest()
    return delay + delay * int.from_bytes(digest[:2], "big") / (4 * 0xFFFF)
