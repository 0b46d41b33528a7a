"""What a machine token may be used for. An API names the scope that it asks for; a token holds those it was given."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """One thing that a machine may do."""

    GATE_CHECK = "gate:check", _("Ask the gate whether a version may go out")
    LICENCES_READ = "licences:read", _("Read the licence base")
