"""Verify a pack or a sealed PDF, offline: no database is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evidence.verify import verify_file


class Command(BaseCommand):
    help = (
        "Verify an evidence pack (zip) or the PDF of one. Ends with 1 when anything is wrong, naming it and its file."
    )
    requires_system_checks = ()  # an auditor's machine has neither the portal's database nor its keys

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the pack (zip) or the PDF")
        parser.add_argument("--root", type=Path, help="the root certificate that you trust, in PEM or DER")

    def handle(self, *args: Any, **options: Any) -> None:
        root = _read(options["root"]) if options["root"] else None
        report = verify_file(_read(options["file"]), root=root)
        for sentence in report.checked:
            self.stdout.write(f"ok: {sentence}")
        for problem in report.problems:
            self.stdout.write(self.style.ERROR(f"WRONG: {problem}"))
        if report.root_sha256:
            fingerprint = bytes.fromhex(report.root_sha256).hex(":").upper()
            given = (
                "the root that you gave" if report.root_was_given else "THE FILE'S OWN ROOT: compare its fingerprint"
            )
            self.stdout.write(f"Checked against {given}, SHA-256 {fingerprint}")
        if not report.sound:
            raise CommandError(f"{options['file']} does not verify.", returncode=1)
        self.stdout.write(self.style.SUCCESS(f"{options['file']} is sound: {report.subject}."))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
