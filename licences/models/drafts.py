"""A Llama version that a lawyer prepares in the browser, until a second person publishes it."""

from __future__ import annotations

import uuid
from datetime import date

from django.conf import settings
from django.db import models

from foundation.files.models import Blob
from licences.models.versions import LlamaVersion


class DraftState(models.TextChoices):
    OPEN = "open", "Being prepared"
    SUBMITTED = "submitted", "Waits for a second person"
    PUBLISHED = "published", "Published"
    DROPPED = "dropped", "Dropped"


class VersionDraft(models.Model):
    """The catalogue entry of a version to be, with its two texts and what was decided of each part."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    based_on = models.ForeignKey(LlamaVersion, on_delete=models.PROTECT, related_name="+")
    document = models.JSONField(help_text="As a catalogue file has it; licences.terms reads it.")
    agreement = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    aup = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    decided = models.JSONField(default=dict, help_text="By part: how it was decided, by whom.")
    state = models.CharField(max_length=12, choices=DraftState.choices, default=DraftState.OPEN)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    version = models.OneToOneField(
        LlamaVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="drafted_as"
    )

    class Meta:
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.name} ({self.state})"

    @property
    def slug(self) -> str:
        return str(self.document["slug"])

    @property
    def name(self) -> str:
        return str(self.document["name"])

    @property
    def released_on(self) -> date:
        return date.fromisoformat(self.document["date"])

    @property
    def is_open(self) -> bool:
        return self.state in {DraftState.OPEN, DraftState.SUBMITTED}

    @property
    def authors(self) -> set[int]:
        """Keys of everybody who prepared it: none of them publishes it."""
        return {self.started_by_id, *(int(one["by"]) for one in self.decided.values())}
