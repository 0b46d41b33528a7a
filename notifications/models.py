"""Who was told what. A row exists before anything is sent, and is unique, so nobody hears the same thing twice."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Cursor(models.Model):
    """How far a reader of the log has come."""

    name = models.CharField(max_length=40, unique=True)
    sequence = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.sequence}"


class Notice(models.Model):
    """One thing that one person should know or do, shown in the portal."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices")
    key = models.CharField(max_length=160, help_text="What it is about, like event:812 or reminder:REV-00004:due.")
    kind = models.CharField(max_length=80)
    subject = models.CharField(max_length=40, help_text="The reference it is about, like REV-00004.")
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    link = models.CharField(max_length=300)
    must_act = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["person", "read_at"])]
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="notifications_once_per_person_and_key")]

    def __str__(self) -> str:
        return self.title


class Mail(models.Model):
    """The mail for one notice: claimed before it is handed to the mail server, marked when that said yes."""

    notice = models.OneToOneField(Notice, on_delete=models.PROTECT, related_name="mail")
    message_id = models.CharField(max_length=200, unique=True)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    skipped = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.message_id
