"""System checks: the log must be protected by its triggers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import OperationalError, connections
from django.db.migrations.recorder import MigrationRecorder

from foundation.audit import triggers


@register(Tags.database)
def log_is_protected(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Find triggers that are missing from a database in which they were installed."""
    problems: list[CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        try:
            installed = ("audit", "0002_triggers") in MigrationRecorder(connection).applied_migrations()
        except OperationalError:
            continue  # no database there: Django itself says so
        if installed and (absent := triggers.missing(connection)):
            problems.append(
                Error(
                    f"These triggers of the audit log are missing or changed: {', '.join(absent)}.",
                    hint="Run manage.py verify_audit, find out who removed them, then run manage.py protect_audit.",
                    id="audit.E001",
                )
            )
    return problems
