"""The table of durable work. A row here is the job itself; what the broker carries is only its id."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from foundation.audit.references import Referenced


class Job(Referenced):
    """One piece of work, inserted in the transaction of the change that needs it."""

    prefix = "JOB"

    class State(models.TextChoices):
        QUEUED = "queued", "queued"
        RUNNING = "running", "running"
        DONE = "done", "done"
        DEAD = "dead", "dead"

    kind = models.CharField(max_length=100)
    dedupe = models.CharField(max_length=200)
    ref = models.CharField(max_length=80, blank=True)
    payload = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    run_after = models.DateTimeField()
    rung_at = models.DateTimeField(
        null=True
    )  # when the broker was last told, so that a backlog is not told every sweep
    claimed_at = models.DateTimeField(null=True)  # the last time that a worker took it up
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dedupe"], name="jobs_job_dedupe_unique"),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running", "done", "dead"]), name="jobs_job_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="running", lease_until__isnull=False, lease_token__isnull=False)
                | (~Q(state="running") & Q(lease_until__isnull=True, lease_token__isnull=True)),
                name="jobs_job_only_running_has_lease",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["done", "dead"], finished_at__isnull=False)
                | Q(state__in=["queued", "running"], finished_at__isnull=True),
                name="jobs_job_finished_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["run_after"], condition=Q(state="queued"), name="jobs_job_queued"),
            models.Index(fields=["lease_until"], condition=Q(state="running"), name="jobs_job_running"),
            models.Index(fields=["finished_at"], condition=Q(state="dead"), name="jobs_job_dead"),
            models.Index(fields=["ref", "kind"], name="jobs_job_ref"),
            models.Index(fields=["claimed_at"], name="jobs_job_claimed"),
        ]
