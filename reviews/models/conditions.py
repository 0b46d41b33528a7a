"""Conditions of an approval, each with an owner."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from foundation.accounts.roles import Role
from foundation.audit.references import Referenced
from foundation.files.models import Blob
from reviews.models.reviews import Review

# Who can see to a condition: those who work on the product. Auditors read, administrators run the machine.
ROLES_THAT_OWN_CONDITIONS = (
    Role.ATTRIBUTION_OWNER,
    Role.RISK_OWNER,
    Role.PRODUCT_OWNER,
    Role.LEGAL_REVIEWER,
    Role.LEGAL_APPROVER,
)


class ConditionKind(models.TextChoices):
    BEFORE_GO_LIVE = "before_go_live", "Before go-live"
    BY_DATE = "by_date", "By a date"
    CONTINUOUS = "continuous", "Continuously"


class Condition(Referenced):
    """The gate denies while a before-go-live condition is open, or a dated one is overdue."""

    prefix = "CND"

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="conditions")
    kind = models.CharField(max_length=16, choices=ConditionKind.choices)
    text = models.TextField()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="conditions")
    due_on = models.DateField(null=True, blank=True)
    breached = models.BooleanField(default=False, help_text="A continuous condition that somebody reported as broken.")
    met_at = models.DateTimeField(null=True, blank=True)
    met_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    met_note = models.TextField(blank=True)
    document = models.ForeignKey(Blob, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind="by_date") | models.Q(due_on__isnull=False),
                name="reviews_dated_condition_has_a_date",
            )
        ]
