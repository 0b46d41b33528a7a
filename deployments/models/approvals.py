"""What a review leaves behind. Rows here are written only by the actions of reviews/."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from deployments.coverable import covers_in_words
from deployments.models.declarations import Declaration, ModelSheet
from deployments.models.entities import LegalEntity
from deployments.models.products import Component, Deployment
from foundation.audit.references import Referenced
from foundation.files.models import Blob
from licences.models import LicenceText, LlamaVersion


class ApprovalState(models.TextChoices):
    IN_FORCE = "in_force", "In force"
    SUSPENDED = "suspended", "Suspended"
    REVOKED = "revoked", "Revoked"
    TERMINATED = "terminated", "Terminated"
    SUPERSEDED = "superseded", "Superseded by a later approval"


class Approval(Referenced):
    """Scope, version, digests and validity that were signed for. Expiry and staleness are computed, never stored."""

    prefix = "APR"

    review_reference = models.CharField(max_length=20, unique=True)
    component = models.ForeignKey(Component, on_delete=models.PROTECT, related_name="approvals")
    version = models.ForeignKey(LlamaVersion, on_delete=models.PROTECT, related_name="approvals")
    sheet = models.ForeignKey(ModelSheet, on_delete=models.PROTECT, related_name="approvals")
    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="approvals")
    licensee = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="approvals")
    licensee_facts_revision = models.PositiveIntegerField()
    licensee_facts_change_on = models.DateField(
        null=True,
        blank=True,
        help_text="The first day on which a dated fact of the licensee begins or ends to hold; none where none does.",
    )
    entities = models.ManyToManyField(LegalEntity, related_name="+")
    deployments = models.ManyToManyField(Deployment, related_name="approvals")
    scope = models.JSONField(help_text="Entities, environments, use and countries, as signed.")
    raw_model_id = models.CharField(max_length=300)
    facts = models.TextField(help_text="Canonical JSON of the material facts that were signed, entity facts included.")
    facts_digest = models.CharField(max_length=64)
    agreement = models.ForeignKey(LicenceText, on_delete=models.PROTECT, related_name="+")
    aup = models.ForeignKey(LicenceText, on_delete=models.PROTECT, related_name="+")
    findings_digest = models.CharField(max_length=64)
    answers_digest = models.CharField(max_length=64)
    plan_digest = models.CharField(max_length=64)
    scope_digest = models.CharField(max_length=64)
    with_conditions = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=ApprovalState.choices, default=ApprovalState.IN_FORCE)
    state_reason = models.TextField(blank=True)
    decided_at = models.DateTimeField()
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()

    class Meta:
        ordering = ["-decided_at", "-pk"]
        indexes = [models.Index(fields=["component", "version", "state"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_until__gt=models.F("valid_from")), name="deployments_approval_spans_time"
            )
        ]


class Permission(Referenced):
    """A separate written grant from Meta, or an exception that the text itself gives (1.b.ii), uploaded and named."""

    prefix = "PRM"

    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="permissions")
    version = models.ForeignKey(LlamaVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(
        max_length=20, choices=[("meta_grant", "Written grant from Meta"), ("text_exception", "Exception in the text")]
    )
    covers = models.JSONField(default=list, help_text="Keys of the obligations that it covers.")
    name = models.CharField(max_length=200)
    scope = models.TextField()
    granted_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)
    renews = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="renewals",
        help_text="An earlier permission whose place this one takes from its first day on.",
    )
    document = models.ForeignKey(Blob, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["entity", "-granted_on"]

    @property
    def covered(self) -> str:
        """What it covers, as a person reads it."""
        return covers_in_words(self.covers)
