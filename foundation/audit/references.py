"""References that people see and URLs carry: a prefix and the row's key, like REV-00147."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models


def parse_reference(reference: str, prefix: str) -> int | None:
    """The key inside a reference with this prefix, or None when it is something else."""
    head, _, digits = reference.strip().upper().partition("-")
    return int(digits) if head == prefix and digits.isascii() and digits.isdigit() and len(digits) < 19 else None


class Referenced(models.Model):
    """A row that people name by a reference made from its key."""

    prefix: ClassVar[str]

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        return self.reference_of(self.pk)

    @classmethod
    def reference_of(cls, key: int) -> str:
        """The reference of the row with this key, for lists that read columns instead of rows."""
        return f"{cls.prefix}-{key:05d}"

    @classmethod
    def key_of(cls, reference: str) -> int:
        """The key in a reference of this kind; raises the model's DoesNotExist when it is not one."""
        key = parse_reference(reference, cls.prefix)
        if key is None:
            raise cls.DoesNotExist(f"{reference} is not a reference that starts with {cls.prefix}-.")
        return key

    @classmethod
    def by_reference(cls, reference: str) -> Self:
        """The row with this reference; raises DoesNotExist."""
        row: Self = cls._default_manager.get(pk=cls.key_of(reference))
        return row
