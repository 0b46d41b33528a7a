"""Write a checkpoint of the audit log now, to keep it outside the portal."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation.audit.checkpoint_log import write_checkpoint
from foundation.audit.errors import AuditError
from foundation.keys.authority import log_key
from foundation.keys.errors import KeysUnusable


class Command(BaseCommand):
    """`manage.py write_audit_checkpoint [--to FILE]` prints the checkpoint and nothing else, or saves it."""

    help = "Sign the audit log as it stands. Keep what it prints, or the file, where nobody can change it."
    requires_system_checks: list[str] = []  # it says what is wrong in one sentence itself

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", type=Path, metavar="FILE", help="save it in this new file instead of printing it")

    def handle(self, *args: Any, to: Path | str | None, **options: Any) -> None:
        try:
            checkpoint = write_checkpoint(key=log_key())
        except (AuditError, KeysUnusable) as error:
            raise CommandError(str(error)) from error
        if to is None:
            self.stdout.write(checkpoint.note, ending="")
            return
        _save(checkpoint.note.encode("utf-8"), Path(to))
        self.stdout.write(f"Saved in {to}: a checkpoint of {checkpoint.size} events.")


def _save(note: bytes, path: Path) -> None:
    """Never over another one: a kept checkpoint is worth most when the log was rewritten since."""
    try:
        with path.open("xb") as file:
            file.write(note)
    except FileExistsError as error:
        if path.read_bytes() != note:
            raise CommandError(f"{path} is there already and says something else: choose another name.") from error
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
