"""The only two Celery tasks of the portal. Everything else is a job kind."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from foundation.jobs import actions, schedule
from foundation.jobs.doorbell import RUN_TASK, SWEEP_TASK


@shared_task(name=RUN_TASK)
def run_job(job_id: int) -> None:
    """Claim and run one job; a second message about the same job finds nothing to claim."""
    actions.run(job_id)


@shared_task(name=SWEEP_TASK)
def sweep() -> None:
    """Enqueue what the schedule is due, then ring again for due jobs and for those whose worker died."""
    schedule.enqueue_due(now=timezone.now())
    actions.sweep()
