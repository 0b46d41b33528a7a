"""The tables of the log. Nothing here is changed or removed after it is written, except erased personal values."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn

from django.db import models
from django.utils.translation import gettext

from foundation.audit.actors import ActorKind
from foundation.audit.errors import AuditError

if TYPE_CHECKING:
    from collections.abc import Mapping

REFERENCE_LENGTH = 80
DIGEST_LENGTH = 64


def _refuse() -> NoReturn:
    raise AuditError("The audit log is append-only: write an event with foundation.audit.recorder.record().")


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Refuses every way of Django to write, with a sentence. The triggers refuse what goes past Django."""

    def create(self, **kwargs: Any) -> NoReturn:
        _refuse()

    def bulk_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        _refuse()

    def update(self, **kwargs: Any) -> NoReturn:
        _refuse()

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        _refuse()

    def delete(self) -> NoReturn:
        _refuse()


class AppendOnlyModel(models.Model):
    """A row that only the recorder (or the checkpoint writer) adds and that nobody changes."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> NoReturn:
        _refuse()

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        _refuse()


def actor_in_words(kind: str, reference: str, name: str | None) -> str:
    """The name of an actor as it was, or a note that it has been erased. The portal itself says which part of it."""
    if kind == ActorKind.SYSTEM:
        return gettext("Licence Desk (%(part)s)") % {"part": reference.replace("_", " ")}
    return name or gettext("name erased (%(ref)s)") % {"ref": reference}


class Event(AppendOnlyModel):
    """One line of the log. The columns repeat what `body` holds, so that it can be searched; verification compares."""

    # An automatic field because on SQLite it is the rowid itself: a hidden second rowid could be replaced.
    seq = models.BigAutoField(primary_key=True)
    version = models.PositiveSmallIntegerField()
    hash = models.CharField(max_length=DIGEST_LENGTH, unique=True)
    prev = models.CharField(max_length=DIGEST_LENGTH)
    kind = models.CharField(max_length=60)
    recorded_at = models.DateTimeField()
    occurred_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in ActorKind])
    actor_ref = models.CharField(max_length=REFERENCE_LENGTH)
    subject = models.CharField(max_length=REFERENCE_LENGTH)
    body = models.TextField()

    class Meta:
        ordering = ["seq"]
        indexes = [
            models.Index(fields=["kind", "seq"], name="audit_event_kind"),
            models.Index(fields=["actor_ref", "seq"], name="audit_event_actor"),
            models.Index(fields=["recorded_at"], name="audit_event_recorded"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind} {self.subject}"

    @cached_property
    def document(self) -> dict[str, Any]:
        """The hashed document, read back."""
        document: dict[str, Any] = json.loads(self.body)
        return document

    @property
    def facts(self) -> dict[str, Any]:
        """What the action recorded about the change."""
        facts: dict[str, Any] = self.document["facts"]
        return facts

    @property
    def related(self) -> list[str]:
        """The other references that this event concerns."""
        related: list[str] = self.document["related"]
        return related

    @cached_property
    def personal(self) -> Mapping[str, str]:
        """Personal values that have not been erased. Prefetch `personal_values` before you show many events."""
        return {value.field: value.value for value in self.personal_values.all()}

    @property
    def actor_name(self) -> str:
        """The name of the actor as it was, or a note that it has been erased."""
        return actor_in_words(self.actor_kind, self.actor_ref, self.personal.get("actor_name"))


class EventSubject(AppendOnlyModel):
    """A reference that an event concerns: its subject and the related ones, to find events by exact reference."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="subjects")
    reference = models.CharField(max_length=REFERENCE_LENGTH)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "reference"], name="audit_one_row_per_reference")]
        indexes = [models.Index(fields=["reference", "event"], name="audit_subject_reference")]

    def __str__(self) -> str:
        return f"{self.reference} in {self.event_id}"


class PersonalValue(models.Model):
    """A personal value behind a commitment. Erasing it removes value and salt; the chain stays valid."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="personal_values")
    field = models.CharField(max_length=60)
    salt = models.CharField(max_length=DIGEST_LENGTH)
    value = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "field"], name="audit_one_value_per_field")]

    def __str__(self) -> str:
        return f"{self.field} of {self.event_id}"


class Checkpoint(AppendOnlyModel):
    """A signed root over the first `size` events (C2SP tlog-checkpoint)."""

    size = models.PositiveBigIntegerField(unique=True)
    root = models.CharField(max_length=DIGEST_LENGTH)
    note = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["size"]

    def __str__(self) -> str:
        return f"{self.size} {self.root}"


class Subtree(models.Model):
    """Remembered work, not part of the log: the Merkle root over one full block of lines (`log_tree.BLOCK`).

    No trigger protects it, so that a row that went wrong can be deleted: it is made again from the lines. Verification
    compares each with the lines, and no checkpoint is signed that does not continue the one before.
    """

    number = models.PositiveBigIntegerField(primary_key=True)  # 0 is the block of the first lines
    root = models.CharField(max_length=DIGEST_LENGTH)

    def __str__(self) -> str:
        return f"{self.number} {self.root}"
