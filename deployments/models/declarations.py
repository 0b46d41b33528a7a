"""Fact sheets: drafts that the owner edits, and the declarations that fix them. Declarations are append-only."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from deployments.models.products import Component, Product
from foundation.audit.references import Referenced
from licences.models import LlamaVersion


class ProductSheet(models.Model):
    """The product's draft answers, keyed by licences.facts.PRODUCT_FIELDS."""

    product = models.OneToOneField(Product, on_delete=models.PROTECT, related_name="sheet")
    answers = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Product sheet of {self.product_id}"


class ModelSheet(Referenced):
    """One component on one Llama version: draft answers, keyed by licences.facts.MODEL_FIELDS.

    Changing one version's sheet never touches another's approval. A sheet without a version holds a model name that
    nobody has resolved yet; it can be saved and asked about, and never approved. Nor can a version that the portal
    proposed when it was added to the base, until a person confirms it.
    """

    prefix = "SHT"

    component = models.ForeignKey(Component, on_delete=models.PROTECT, related_name="model_sheets")
    version = models.ForeignKey(
        LlamaVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="model_sheets"
    )
    raw_model_id = models.CharField(max_length=300)
    proposal = models.JSONField(default=dict, help_text="What licences.model_names proposed, with the rule that fired.")
    version_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    version_confirmed_at = models.DateTimeField(null=True, blank=True)
    answers = models.JSONField(default=dict)
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField()
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["component", "version"], name="deployments_one_sheet_per_component_and_version"
            )
        ]

    @property
    def is_confirmed(self) -> bool:
        """Whether a person said that the model is of this version; the portal may have proposed it alone."""
        return self.version_id is not None and self.version_confirmed_by_id is not None


class FactEdit(models.Model):
    """Who edited which facts, so that nobody approves what they wrote. Append-only."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="fact_edits")
    sheet = models.ForeignKey(ModelSheet, null=True, blank=True, on_delete=models.PROTECT, related_name="fact_edits")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    keys = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.product_id} {self.keys}"


class Declaration(Referenced):
    """The owner's signed statement of the facts: an append-only revision of both sheets."""

    prefix = "DCL"

    sheet = models.ForeignKey(ModelSheet, on_delete=models.PROTECT, related_name="declarations")
    revision = models.PositiveIntegerField()
    document = models.TextField(help_text="Canonical JSON of both sheets as declared.")
    digest = models.CharField(max_length=64)
    statement = models.TextField()
    statement_language = models.CharField(max_length=10)
    statement_digest = models.CharField(max_length=64)
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signer_name = models.CharField(max_length=200)
    signer_organisation = models.CharField(max_length=200)
    method = models.CharField(max_length=20)
    declared_at = models.DateTimeField()

    class Meta:
        ordering = ["sheet", "revision"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "revision"], name="deployments_declaration_revision_once")
        ]
