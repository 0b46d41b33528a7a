"""One model with a joined parent, and a log."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class Team(models.Model):
    name = models.CharField(max_length=120)

    objects: ClassVar[models.Manager[Team]] = models.Manager()

    class Meta:
        app_label = "floor"

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    name = models.CharField(max_length=200)
    team = models.ForeignKey(Team, on_delete=models.PROTECT)
    state = models.CharField(max_length=20, default="active")
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager[Product]] = models.Manager()

    class Meta:
        app_label = "floor"

    def __str__(self) -> str:
        return self.name


class LogRow(models.Model):
    product = models.ForeignKey(Product, on_delete=models.PROTECT)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    said = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager[LogRow]] = models.Manager()

    class Meta:
        app_label = "floor"

    def __str__(self) -> str:
        return self.said
