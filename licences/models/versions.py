"""Llama versions, with the obligations and acceptable-use items that the catalogue states for each."""

from __future__ import annotations

from django.db import models


class LlamaVersion(models.Model):
    """A generation of Llama with its own agreement and acceptable use policy."""

    slug = models.CharField(max_length=40, unique=True)  # llama-3.1
    name = models.CharField(max_length=60)  # Llama 3.1
    position = models.PositiveIntegerField(help_text="Order of release, for lists and for 'the next version'.")
    released_on = models.DateField()
    catalogue = models.JSONField(help_text="The whole catalogue file, as licences.terms reads it.")
    catalogue_digest = models.CharField(max_length=64)
    synced_at = models.DateTimeField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["position"], name="licences_version_position_once")]

    def __str__(self) -> str:
        return self.name


class ObligationRow(models.Model):
    """A duty that follows from clauses of one version; the search and the matrix read these rows."""

    version = models.ForeignKey(LlamaVersion, on_delete=models.PROTECT, related_name="obligations")
    key = models.CharField(max_length=80)
    kind = models.CharField(max_length=60)
    clauses = models.JSONField(default=list)
    summary = models.TextField()
    triggers = models.JSONField(default=list)
    parameters = models.JSONField(default=dict)
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["version", "position"]
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="licences_obligation_once_per_version")]

    def __str__(self) -> str:
        return f"{self.version_id}:{self.key}"


class AupItemRow(models.Model):
    """One item of a version's acceptable use policy, in our own words."""

    version = models.ForeignKey(LlamaVersion, on_delete=models.PROTECT, related_name="aup_items")
    item_id = models.CharField(max_length=40)
    printed_label = models.CharField(max_length=40, blank=True)
    subject = models.TextField()
    group = models.CharField(max_length=60)
    sectors = models.JSONField(default=list)
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "item_id"], name="licences_aup_item_once_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.version_id}:AUP {self.item_id}"
