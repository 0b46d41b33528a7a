"""Import licence texts from a folder."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation.audit.actors import Actor
from licences.actions import import_folder
from licences.errors import LicenceError
from licences.management.lines import said_of


class Command(BaseCommand):
    """`manage.py import_licence_texts DIR` prints one line per text; exit code 1 when one could not be read."""

    help = "Import licence texts from a folder laid out like llama-3.1/LICENSE, /USE_POLICY.md, /revisions/*."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            files = import_folder(folder=folder, imported_by=Actor.system("import_licence_texts"))
        except LicenceError as error:
            raise CommandError(str(error)) from error
        for one in files:
            self.stdout.write(
                f"{one.name}: {said_of(one.text)}" if one.text else f"{one.name}: NOT IMPORTED: {one.problem}"
            )
        if any(one.unreadable for one in files):
            sys.exit(1)
