"""The files that the portal keeps."""

from __future__ import annotations

from django.db import models


class Blob(models.Model):
    """One file, known by the SHA-256 of its bytes. Its content never changes; its name is kept by who refers to it."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.sha256
