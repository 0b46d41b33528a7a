"""'Ask a colleague' on one question of a sheet."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from deployments.models.declarations import ModelSheet
from deployments.models.products import Product


class ClosedAs(models.TextChoices):
    """How a question ended."""

    ANSWERED = "answered", "Answered"
    BY_OWNER = "by_owner", "Answered by the owner"
    RETIRED = "retired", "The product was retired"


class ColleagueQuestion(models.Model):
    """Somebody asked a colleague for one answer; who is asked may see the product and answer that field."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="questions")
    sheet = models.ForeignKey(ModelSheet, null=True, blank=True, on_delete=models.PROTECT, related_name="questions")
    field_key = models.CharField(max_length=80)
    note = models.TextField(blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="questions_asked_of_me"
    )
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True, help_text="When it was closed, however that was.")
    closed_as = models.CharField(
        max_length=10, choices=ClosedAs.choices, blank=True, help_text="Empty while open, and where nobody kept it."
    )
    answer_note = models.TextField(blank=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "field_key", "asked_of"],
                condition=models.Q(answered_at__isnull=True, sheet__isnull=True),
                name="deployments_one_open_question_on_the_product_sheet",
            ),
            models.UniqueConstraint(
                fields=["sheet", "field_key", "asked_of"],
                condition=models.Q(answered_at__isnull=True, sheet__isnull=False),
                name="deployments_one_open_question_on_a_model_sheet",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.field_key}"
