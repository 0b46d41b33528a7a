"""The five checks, their answers, the positions taken, and counsel's notes, which live apart from the record."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from reviews.models.reviews import Review


class CheckAnswer(models.TextChoices):
    MET = "met", "Met"
    MET_WITH_CONDITIONS = "met_with_conditions", "Met with conditions"
    POSITION_TAKEN = "position_taken", "Position taken"
    NOT_MET = "not_met", "Not met"
    NOT_APPLICABLE = "not_applicable", "Not applicable"


class Check(models.Model):
    """One of the five questions of a review, and its answer."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="checks")
    number = models.PositiveSmallIntegerField()
    answer = models.CharField(max_length=24, choices=CheckAnswer.choices, blank=True)
    reasoning = models.TextField(blank=True, help_text="Record reasoning: appears word for word in the signed record.")
    clauses = models.JSONField(default=list, help_text="Clauses relied on, like LICENSE 1.b.i.")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="reviews_check_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1, number__lte=5), name="reviews_five_checks"),
        ]

    def __str__(self) -> str:
        return f"{self.review_id} check {self.number}"


class PositionTaken(models.Model):
    """An arguable reading, its residual risk, and the risk owner who signs for it."""

    check_row = models.OneToOneField(Check, on_delete=models.PROTECT, related_name="position")
    reading = models.TextField()
    residual_risk = models.TextField()

    def __str__(self) -> str:
        return f"Position on {self.check_row_id}"


class CounselNote(models.Model):
    """Seen by legal roles only; in no pack, mail, search or log. Labelling does not make it privileged."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="counsel_notes")
    number = models.PositiveSmallIntegerField(null=True, blank=True, help_text="The check that it is about.")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["written_at"]

    def __str__(self) -> str:
        return f"Counsel's note on {self.review_id}"
