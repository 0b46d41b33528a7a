"""Telling the broker that a job is due. Losing this message loses no work: the sweeper tells again."""

from __future__ import annotations

import logging

from celery import current_app

logger = logging.getLogger(__name__)

RUN_TASK = "jobs.run"
SWEEP_TASK = "jobs.sweep"


def ring(job_id: int, *, expires: float | None = None) -> bool:
    """Publish the id; say whether the broker took it. Any failure of the broker is logged and survived."""
    try:
        current_app.send_task(RUN_TASK, args=[job_id], expires=expires, retry=False, ignore_result=True)
    except Exception as error:  # the broker's client raises many kinds, and the row is safe whatever happened
        logger.warning("The broker did not take job %s, the sweeper will ring again: %s", job_id, error)
        return False
    return True
