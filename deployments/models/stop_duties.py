"""What rejection, retirement or termination demands: cease, delete, backups, derivatives, certificate (section 6)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from deployments.models.products import Component
from foundation.audit.references import Referenced
from foundation.files.models import Blob
from licences.models import LlamaVersion


class StopDuty(Referenced):
    prefix = "STP"

    component = models.ForeignKey(Component, on_delete=models.PROTECT, related_name="stop_duties")
    version = models.ForeignKey(LlamaVersion, on_delete=models.PROTECT, related_name="+")
    cause = models.CharField(
        max_length=12,
        choices=[
            ("rejected", "Review rejected"),
            ("revoked", "Approval revoked"),
            ("retired", "Product retired"),
            ("terminated", "Licence terminated"),
        ],
    )
    review_reference = models.CharField(max_length=20, blank=True)
    opened_at = models.DateTimeField()
    due_on = models.DateField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["component", "version"],
                condition=models.Q(closed_at__isnull=True),
                name="deployments_one_open_stop_duty",
            )
        ]


class StopDutyItem(models.Model):
    duty = models.ForeignKey(StopDuty, on_delete=models.PROTECT, related_name="items")
    kind = models.CharField(
        max_length=12,
        choices=[
            ("cease", "Stop using it"),
            ("delete", "Delete the models"),
            ("backups", "Delete the backups"),
            ("derivatives", "Delete derivatives"),
            ("certificate", "Certify the deletion"),
        ],
    )
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.TextField(blank=True)
    document = models.ForeignKey(Blob, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["duty", "kind"], name="deployments_stop_item_once")]

    def __str__(self) -> str:
        return self.kind
