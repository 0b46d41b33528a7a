"""Verify the audit log; exit code 1 and a sentence when something is wrong."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation.audit.checkpoint import BadCheckpoint, parse_verifier_key
from foundation.audit.verify import verify_chain


class Command(BaseCommand):
    help = "Verify every line of the audit log, and compare it with checkpoints kept elsewhere."
    requires_system_checks: list[str] = []  # it must run, and say why, on a log whose triggers are missing

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--checkpoint",
            action="append",
            default=[],
            metavar="FILE",
            help="a checkpoint that was kept outside the portal; may be given more than once",
        )
        parser.add_argument("--key", metavar="FILE", help="a file with the verifier key of the log, kept outside")

    def handle(self, *args: Any, **options: Any) -> None:
        outside = [_read(name) for name in options["checkpoint"]]
        try:
            key = parse_verifier_key(_read(options["key"])) if options["key"] else None
        except BadCheckpoint as error:
            raise CommandError(str(error)) from error
        verification = verify_chain(self._progress if options["verbosity"] > 1 else None, outside=outside, key=key)
        if not verification.ok:
            self.stderr.write(verification.sentence)
            sys.exit(1)
        self.stdout.write(verification.sentence)

    def _progress(self, events: int) -> None:
        self.stdout.write(f"{events} events verified")


def _read(name: str) -> str:
    try:
        return Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{name} cannot be read: {error}") from error
