"""A request to approve: one component on one Llama version with declared facts, for a scope."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from deployments.models import Component, Declaration, Deployment, LegalEntity, ModelSheet, Product
from foundation.accounts.models import User
from foundation.accounts.queries import sees_whole_company
from foundation.audit.references import Referenced
from licences.models import LicenceText, LlamaVersion
from reviews.states import OPEN_STATES, State


class ReviewQuerySet(models.QuerySet["Review"]):
    def visible_to(self, person: User) -> Self:
        """Reviews of products that this person may see."""
        if sees_whole_company(person):
            return self
        return self.filter(component__product__in=Product.objects.visible_to(person))

    def open(self) -> Self:
        return self.filter(state__in=OPEN_STATES)


class Review(Referenced):
    """Everything that was examined is copied here when it is declared: later edits cannot change what was signed."""

    prefix = "REV"

    component = models.ForeignKey(Component, on_delete=models.PROTECT, related_name="reviews")
    version = models.ForeignKey(LlamaVersion, on_delete=models.PROTECT, related_name="reviews")
    sheet = models.ForeignKey(ModelSheet, on_delete=models.PROTECT, related_name="reviews")
    licensee = models.ForeignKey(LegalEntity, null=True, blank=True, on_delete=models.PROTECT, related_name="reviews")
    reason = models.CharField(
        max_length=20,
        choices=[
            ("registered", "First registration"),
            ("version_chosen", "A new Llama version was chosen"),
            ("facts_changed", "Material facts changed"),
            ("text_changed", "A licence text changed"),
            ("version_added", "A Llama version was added"),
            ("expiring", "The approval is about to expire"),
            ("asked", "Somebody asked for it"),
        ],
    )
    reason_note = models.TextField(blank=True)
    state = models.CharField(max_length=24, choices=State.choices)
    state_reason = models.TextField(blank=True)
    round = models.PositiveIntegerField(
        default=1, help_text="Raised when facts or answers reopen; earlier signatures stay, for their round."
    )
    revision = models.PositiveIntegerField(
        default=1, help_text="Raised by every change, so that a stale page cannot sign."
    )
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    due_on = models.DateField()
    decided_at = models.DateTimeField(null=True, blank=True)
    previous = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The review approved last for this component.",
    )

    declaration = models.ForeignKey(
        Declaration, null=True, blank=True, on_delete=models.PROTECT, related_name="reviews"
    )
    agreement = models.ForeignKey(LicenceText, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    aup = models.ForeignKey(LicenceText, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    facts = models.TextField(blank=True, help_text="Canonical JSON of all facts, entity facts included, as examined.")
    facts_digest = models.CharField(max_length=64, blank=True)
    licensee_facts_revision = models.PositiveIntegerField(default=0)
    licensee_facts_change_on = models.DateField(
        null=True,
        blank=True,
        help_text="The first day on which a dated fact of the licensee begins or ends to hold; none where none does.",
    )
    findings = models.TextField(blank=True, help_text="Canonical JSON of the findings on those facts.")
    findings_digest = models.CharField(max_length=64, blank=True)
    catalogue_digest = models.CharField(max_length=64, blank=True)

    scope_entities = models.ManyToManyField(LegalEntity, blank=True, related_name="+")
    scope_deployments = models.ManyToManyField(Deployment, blank=True, related_name="reviews")
    scope_use = models.TextField(blank=True)
    scope_countries = models.JSONField(default=list)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    retention_class = models.CharField(max_length=40, default="licence-record")

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["state", "due_on"]),
            models.Index(fields=["component", "version"]),
            models.Index(fields=["due_on", "id"]),  # the list of all reviews
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["component", "version"],
                condition=Q(state__in=sorted(state.value for state in OPEN_STATES)),
                name="reviews_one_open_per_component_and_version",
            )
        ]

    @property
    def product(self) -> Product:
        return self.component.product

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES
