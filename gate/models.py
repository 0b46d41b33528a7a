"""What the gate was asked and what it said."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from foundation.accounts.models import MachineToken


class GateAnswer(models.Model):
    """One question and its answer; append-only. Names are kept as asked, for the unknown ones too."""

    asked_at = models.DateTimeField()
    token = models.ForeignKey(MachineToken, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    product_reference = models.CharField(max_length=40)
    environment = models.CharField(max_length=120)
    model_id = models.CharField(max_length=300)
    decision = models.CharField(max_length=8)
    enforced = models.BooleanField(help_text="False: observe mode; the pipeline was let through.")
    reasons = models.JSONField(default=list)
    review_reference = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["product_reference", "-id"])]

    def __str__(self) -> str:
        return f"{self.product_reference} {self.environment} {self.decision}"
