"""What was found at the addresses where Meta publishes the texts, and at those that a lawyer gave."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from licences.models.texts import LicenceText, TextKind
from licences.models.versions import LlamaVersion


class CheckOutcome(models.TextChoices):
    """What one look at an address came to."""

    SAME = "same", "Same words as the text relied on"
    CHANGED = "changed", "Other words: kept apart until legal decides"
    REFUSED = "refused", "Other words, which legal refused"
    NOT_THERE = "not_there", "The page does not show the text"
    KNOWN = "known", "A copy that Meta is known to have published"
    ASKED = "asked", "On its way"
    UNREACHABLE = "unreachable", "Nothing answered"


class AddressCheck(models.Model):
    """The newest look at one address. What it found is in the log and, where the words are new, a text of its own.

    Of an address that a lawyer gave, `asked_by` says who, and `checked_at` when, until a worker has looked.
    """

    version = models.ForeignKey(LlamaVersion, on_delete=models.PROTECT, related_name="address_checks")
    kind = models.CharField(max_length=12, choices=TextKind.choices)
    address = models.CharField(max_length=300)
    checked_at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=CheckOutcome.choices)
    words_seen_at = models.DateTimeField(null=True, blank=True, help_text="When the same words were seen last.")
    text = models.ForeignKey(LicenceText, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    problem = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["version", "kind", "address"]
        constraints = [
            models.UniqueConstraint(fields=["version", "kind", "address"], name="licences_one_check_per_address")
        ]

    def __str__(self) -> str:
        return f"{self.address}: {self.outcome}"
