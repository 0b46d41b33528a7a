"""What ran where: append-only, with the time it took effect and the time it was recorded."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from deployments.models.products import Component, Deployment
from foundation.accounts.models import MachineToken
from foundation.audit.references import Referenced
from licences.models import LlamaVersion


class Rollout(Referenced):
    """This component ran this model in this deployment from `effective_at`; known since `recorded_at`."""

    prefix = "ROL"

    component = models.ForeignKey(Component, on_delete=models.PROTECT, related_name="rollouts")
    deployment = models.ForeignKey(Deployment, on_delete=models.PROTECT, related_name="rollouts")
    version = models.ForeignKey(LlamaVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="rollouts")
    raw_model_id = models.CharField(max_length=300, blank=True)
    running = models.BooleanField(default=True, help_text="False: the component stopped here at effective_at.")
    effective_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_by_token = models.ForeignKey(
        MachineToken, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    supersedes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    note = models.TextField(blank=True)
    approval = models.ForeignKey(
        "deployments.Approval", null=True, blank=True, on_delete=models.PROTECT, related_name="rollouts",
        help_text="The approval in force when it was recorded; empty: it went out without one.",
    )  # fmt: skip

    class Meta:
        ordering = ["effective_at", "pk"]
        indexes = [models.Index(fields=["component", "deployment", "effective_at"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(recorded_by__isnull=False) | models.Q(recorded_by_token__isnull=False),
                name="deployments_rollout_recorded_by_someone",
            )
        ]
