"""Dated sightings, outside every digest: the attribution as somebody saw it, and current MAU."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from deployments.models.products import Component, Deployment
from foundation.files.models import Blob


class Observation(models.Model):
    component = models.ForeignKey(Component, on_delete=models.PROTECT, related_name="observations")
    deployment = models.ForeignKey(Deployment, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(
        max_length=20, choices=[("attribution", "Sighting of the attribution"), ("mau", "Current MAU")]
    )
    observed_on = models.DateField()
    seen = models.BooleanField(null=True, blank=True)
    text = models.TextField(blank=True)
    address = models.CharField(max_length=500, blank=True)
    figure = models.BigIntegerField(null=True, blank=True)
    document = models.ForeignKey(Blob, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["-observed_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.observed_on}"
