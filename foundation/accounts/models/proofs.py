"""Signing proofs: that this person, in this visit, has just shown who they are, for this one statement (rule 14)."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Method(models.TextChoices):
    """How a person showed who they are. It is stored with the signature."""

    PASSWORD = "password", _("Password")
    TOTP = "totp", _("Authenticator app")
    PASSKEY = "passkey", _("Passkey")


class SigningProof(models.Model):
    """One use, five minutes, bound to a person, a visit (the digest of the session key) and a statement's digest."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="signing_proofs")
    session_digest = models.CharField(max_length=64)
    statement_digest = models.CharField(max_length=128)
    method = models.CharField(max_length=16, choices=Method.choices)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    consumed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["person", "statement_digest"], condition=Q(consumed_at=None), name="accounts_open_proof"
            )
        ]
        constraints = [
            models.CheckConstraint(condition=Q(method__in=Method.values), name="accounts_proof_method_is_known"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="accounts_proof_expires_later"),
            models.CheckConstraint(
                condition=Q(consumed_at=None) | Q(consumed_at__gte=F("created_at"), consumed_at__lt=F("expires_at")),
                name="accounts_proof_used_while_valid",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.created_at:%Y-%m-%d %H:%M}"
