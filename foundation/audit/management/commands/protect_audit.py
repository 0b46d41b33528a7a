"""Install the triggers of the audit log again, after you know why they were missing."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from foundation.audit import triggers
from foundation.audit.actors import Actor
from foundation.audit.kinds import Kind
from foundation.audit.recorder import record


class Command(BaseCommand):
    help = "Install missing triggers of the audit log, and record that they were missing."
    requires_system_checks: list[str] = []  # the check that would stop it is the one that it repairs

    def handle(self, *args: Any, **options: Any) -> None:
        absent = triggers.missing(connection)
        if not absent:
            self.stdout.write("Every trigger of the audit log is in place.")
            return
        with transaction.atomic():
            triggers.install(connection)
            record(
                Kind.AUDIT_PROTECTION_RESTORED,
                actor=Actor.system("protect_audit"),
                subject="AUDIT",
                facts={"triggers": absent},
            )
        self.stdout.write(f"Installed again: {', '.join(absent)}. Run manage.py verify_audit now.")
