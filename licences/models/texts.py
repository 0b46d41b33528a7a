"""Licence texts, byte for byte, and the clauses that they split into."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.files.models import Blob
from licences.models.versions import LlamaVersion


class TextKind(models.TextChoices):
    AGREEMENT = "agreement", "Agreement"
    AUP = "aup", "Acceptable use policy"


class TextMatch(models.TextChoices):
    """What is known of a text when it comes in."""

    REPOSITORY_COPY = "repository_copy", "Matches Meta's repository copy"
    SAME_WORDS = "same_words", "Same words as Meta's repository copy"
    DIFFERENT = "different", "Different words"


class TextStanding(models.TextChoices):
    ACCEPTED = "accepted", "Accepted"
    CANDIDATE = "candidate", "Kept apart until a lawyer accepts it"
    REFUSED = "refused", "Refused"


class LicenceText(models.Model):
    """One revision of one document of one version. Bytes and digests never change; a newer revision is another row."""

    version = models.ForeignKey(LlamaVersion, on_delete=models.PROTECT, related_name="texts")
    kind = models.CharField(max_length=12, choices=TextKind.choices)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    words_digest = models.CharField(max_length=64)
    match = models.CharField(max_length=20, choices=TextMatch.choices)
    label = models.CharField(max_length=300, help_text="What is known of it, in words.")
    source = models.CharField(max_length=300, blank=True)
    commit = models.CharField(max_length=64, blank=True)
    text_date = models.DateField(null=True, blank=True)
    standing = models.CharField(max_length=12, choices=TextStanding.choices)
    is_current = models.BooleanField(default=False, help_text="The revision that new reviews rely on.")
    imported_at = models.DateTimeField()
    imported_by = models.CharField(max_length=120)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.TextField(blank=True)

    class Meta:
        ordering = ["version", "kind", "-is_current", "-imported_at"]
        constraints = [
            models.UniqueConstraint(fields=["version", "kind", "blob"], name="licences_text_once"),
            models.UniqueConstraint(
                fields=["version", "kind"], condition=Q(is_current=True), name="licences_one_current_text"
            ),
            models.CheckConstraint(
                condition=Q(is_current=False) | Q(standing="accepted"), name="licences_only_accepted_text_is_current"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.kind} {self.blob_id[:12]}"

    @property
    def sha256(self) -> str:
        return str(self.blob_id)

    @property
    def document(self) -> str:
        """How citations name the document: LICENSE or AUP."""
        return "LICENSE" if self.kind == TextKind.AGREEMENT else "AUP"


class Clause(models.Model):
    """An addressable part of a text. Ids count by nesting; the printed label is kept and shown beside."""

    text = models.ForeignKey(LicenceText, on_delete=models.PROTECT, related_name="clauses")
    clause_id = models.CharField(max_length=80)
    printed_label = models.CharField(max_length=40, blank=True)
    heading = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    depth = models.PositiveSmallIntegerField()
    parent_id_text = models.CharField(max_length=80, blank=True)
    position = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["text", "position"]
        constraints = [models.UniqueConstraint(fields=["text", "clause_id"], name="licences_clause_once_per_text")]

    def __str__(self) -> str:
        return self.clause_id
