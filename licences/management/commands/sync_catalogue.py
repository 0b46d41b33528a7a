"""Bring the catalogue files into the database."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation.audit.actors import Actor
from licences.actions import sync_catalogue
from licences.catalogue_doubts import doubts
from licences.queries import terms_for
from licences.terms import CATALOGUE, CatalogueError


class Command(BaseCommand):
    """`manage.py sync_catalogue` prints one line per version, and every change below it."""

    help = "Bring licences/catalogue/*.toml into the database. Says what changed; a second run changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--folder", type=Path, default=CATALOGUE, help="read the files of this folder instead")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            synced = sync_catalogue(by=Actor.system("sync_catalogue"), folder=folder)
        except CatalogueError as error:
            raise CommandError(str(error)) from error
        for one in synced:
            state = "added" if one.added else f"{len(one.changes)} changed" if one.changes else "nothing changed"
            self.stdout.write(f"{one.version.name}: {state}")
            for change in one.changes:
                self.stdout.write(f"  {change}")
            if one.added or one.changes:
                for doubt in doubts(terms_for(one.version)):
                    self.stdout.write(f"  look again: {doubt}")
