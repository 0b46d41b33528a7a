"""What a licence text with other words touches: every approval that relied on the words before, looked at once."""

from __future__ import annotations

from django.db import models

from deployments.models import Approval
from licences.models import LicenceText
from reviews.models.reviews import Review


class ImpactOutcome(models.TextChoices):
    """What followed for one approval."""

    OPENED = "opened", "A review was opened"
    WAS_OPEN = "was_open", "A review was open already"
    LEFT = "left", "The component has left this version: nothing to review"


class ImpactRun(models.Model):
    """One acceptance of a text with other words. Where it stands is the number of its lines against `total`."""

    text = models.ForeignKey(LicenceText, on_delete=models.PROTECT, related_name="impact_runs")
    accepted_at = models.DateTimeField(help_text="A text can be accepted, replaced and accepted again.")
    replaced = models.ForeignKey(LicenceText, on_delete=models.PROTECT, related_name="+")
    changed_clauses = models.JSONField(default=list, help_text="Clauses of the new text that say something else.")
    started_at = models.DateTimeField()
    total = models.PositiveIntegerField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["text", "accepted_at"], name="reviews_one_impact_run_per_acceptance")
        ]

    def __str__(self) -> str:
        return f"impact of {self.text_id}"


class ImpactLine(models.Model):
    """One approval of a run, with the review that followed."""

    run = models.ForeignKey(ImpactRun, on_delete=models.PROTECT, related_name="lines")
    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=12, choices=ImpactOutcome.choices)
    review = models.ForeignKey(Review, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["run", "approval"], name="reviews_one_impact_line_per_approval")]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.approval_id} {self.outcome}"
