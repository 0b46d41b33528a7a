"""What a change of the licence base touches: a text with other words, or a version that was not known before."""

from __future__ import annotations

from django.db import models

from deployments.models import Approval, ModelSheet
from licences.models import LicenceText, LlamaVersion
from reviews.models.reviews import Review


class ImpactOutcome(models.TextChoices):
    """What followed for one approval, or for one model."""

    OPENED = "opened", "A review was opened"
    WAS_OPEN = "was_open", "A review was open already"
    LEFT = "left", "The component has left this version: nothing to review"
    ASKED = "asked", "The name leaves the version open: its owner is asked"


class ImpactRun(models.Model):
    """One acceptance of a text with other words, or one version that was added: then `text` and `replaced` are empty.

    Where it stands is the number of its lines against `total`.
    """

    version = models.ForeignKey(LlamaVersion, on_delete=models.PROTECT, related_name="impact_runs")
    text = models.ForeignKey(LicenceText, null=True, blank=True, on_delete=models.PROTECT, related_name="impact_runs")
    accepted_at = models.DateTimeField(
        null=True, blank=True, help_text="A text can be accepted, replaced and accepted again."
    )
    replaced = models.ForeignKey(LicenceText, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    changed_clauses = models.JSONField(
        default=list,
        help_text="Clauses of the new text that say something else; of a version, against the one before it.",
    )
    started_at = models.DateTimeField()
    total = models.PositiveIntegerField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["text", "accepted_at"], name="reviews_one_impact_run_per_acceptance"),
            models.UniqueConstraint(
                fields=["version"],
                condition=models.Q(text=None),
                name="reviews_one_impact_run_per_added_version",
            ),
        ]

    def __str__(self) -> str:
        return f"impact of {self.text_id or self.version_id}"

    @property
    def is_of_version(self) -> bool:
        """Whether a version was added; else a text was accepted."""
        return self.text_id is None


class ImpactLine(models.Model):
    """One model sheet of a run, by its approval where a text changed, with the review that followed."""

    run = models.ForeignKey(ImpactRun, on_delete=models.PROTECT, related_name="lines")
    sheet = models.ForeignKey(ModelSheet, on_delete=models.PROTECT, related_name="+")
    approval = models.ForeignKey(Approval, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=12, choices=ImpactOutcome.choices)
    review = models.ForeignKey(Review, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["run", "approval"], name="reviews_one_impact_line_per_approval"),
            models.UniqueConstraint(
                fields=["run", "sheet"], condition=models.Q(approval=None), name="reviews_one_impact_line_per_sheet"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.sheet_id} {self.outcome}"
