"""Pack the page fonts as WOFF2. The fonts stay whole: their licence reserves the name (see evidence/fonts.py)."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from fontTools.ttLib import TTFont

from evidence.fonts import FontsMissingError, font_files, font_licences


class Command(BaseCommand):
    """`manage.py build_fonts`: a few seconds the first time, nothing after that."""

    help = "Turns the whole Source Sans and Source Serif fonts from their packages into WOFF2 for the pages."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--force", action="store_true", help="pack them again although they are there")

    def handle(self, *args: Any, **options: Any) -> None:
        target = Path(settings.BUILT_STATIC_DIR) / "fonts"
        target.mkdir(parents=True, exist_ok=True)
        try:
            fonts, licences = font_files(), font_licences()
        except FontsMissingError as error:
            raise CommandError(str(error)) from error
        built = [font.path for font in fonts if _pack(font.path, target, force=options["force"])]
        for licence in licences:
            kept = target / f"{licence.parent.parent.name}-LICENSE.txt"
            if not kept.exists():
                shutil.copyfile(licence, kept)
        self.stdout.write(f"Fonts: {len(built)} packed, {len(fonts) - len(built)} already there.")


def _pack(source: Path, folder: Path, *, force: bool) -> bool:
    """Write the WOFF2 beside its final name and move it there whole, so that a killed run leaves no half a font."""
    packed = folder / f"{source.stem}.woff2"
    if packed.exists() and not force and packed.stat().st_mtime >= source.stat().st_mtime:
        return False
    unfinished = folder / f".{source.stem}.{os.getpid()}.part"
    with TTFont(source, recalcTimestamp=False) as font:
        font.flavor = "woff2"
        font.save(unfinished)
    unfinished.replace(packed)
    return True
