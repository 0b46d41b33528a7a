"""Model names that people of this company have confirmed."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from licences.models.versions import LlamaVersion


class ModelAlias(models.Model):
    """A raw model id and the version that a person confirmed for it; proposals remember it."""

    raw_id = models.CharField(max_length=300)
    version = models.ForeignKey(LlamaVersion, on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["raw_id"], name="licences_alias_once")]

    def __str__(self) -> str:
        return self.raw_id

    @staticmethod
    def key_of(raw_id: str) -> str:
        """How an id is kept: written in another case it is the same."""
        return raw_id.strip().casefold()[:300]
