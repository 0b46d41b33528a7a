"""The plan of a review, copied onto it, and the signatures that fill it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from foundation.accounts.models import SigningProof
from reviews.models.reviews import Review


class StepKey(models.TextChoices):
    REVIEWER = "reviewer", "Legal reviewer"
    APPROVER = "approver", "Legal approver"
    ATTRIBUTION_OWNER = "attribution_owner", "Attribution owner"
    RISK_OWNER = "risk_owner", "Risk owner"


class Step(models.Model):
    """A place in the plan. Steps with the same order may be signed at the same time."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="steps")
    round = models.PositiveIntegerField()
    order = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=20, choices=StepKey.choices)
    role = models.CharField(max_length=24, help_text="Role of foundation.accounts.roles that may sign.")
    why = models.TextField(help_text="Why the plan asks for this signature.")

    class Meta:
        ordering = ["review", "round", "order", "pk"]
        constraints = [models.UniqueConstraint(fields=["review", "round", "key"], name="reviews_step_once_per_round")]

    def __str__(self) -> str:
        return f"{self.review_id} round {self.round} {self.key}"


class SignOff(models.Model):
    """A signature: who, in which role, what it means, and the digests of everything it covers. Never changed."""

    step = models.OneToOneField(Step, on_delete=models.PROTECT, related_name="sign_off")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="sign_offs")
    round = models.PositiveIntegerField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signer_name = models.CharField(max_length=200)
    signer_organisation = models.CharField(max_length=200)
    signer_title = models.CharField(max_length=200, blank=True)
    signer_kind = models.CharField(max_length=20)
    name_salt = models.CharField(
        max_length=64, help_text="Opens the commitment to the name inside the signed document."
    )
    role = models.CharField(max_length=24)
    statement = models.TextField()
    language = models.CharField(max_length=10)
    document = models.TextField(help_text="Canonical JSON of the statement and of the digests that it covers.")
    digest = models.CharField(max_length=64)
    method = models.CharField(max_length=20)
    proof = models.OneToOneField(SigningProof, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        ordering = ["signed_at"]
        constraints = [
            models.UniqueConstraint(fields=["review", "round", "person"], name="reviews_nobody_signs_two_steps")
        ]

    def __str__(self) -> str:
        return f"{self.review_id} {self.role} {self.signer_name}"
