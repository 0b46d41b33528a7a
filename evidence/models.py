"""Evidence packs: the signed files that prove a review."""

from __future__ import annotations

from django.db import models

from foundation.audit.references import Referenced
from foundation.files.models import Blob
from reviews.models import Review


class EvidencePack(Referenced):
    """One edition of the pack of a review. Rows are made once, with their files, and never changed."""

    prefix = "EVD"

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="packs")
    edition = models.PositiveIntegerField(default=1)
    record = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    pdf = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    archive = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    root_fingerprint = models.CharField(max_length=64)
    built_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["review", "edition"], name="evidence_one_pack_per_edition")]
