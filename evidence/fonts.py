"""Where the typefaces lie: Source Sans Pro and Source Serif Pro, whole and unmodified, from their packages.

The SIL Open Font Licence 1.1 reserves the name "Source": a modified font may not carry it. So nothing here subsets or
renames them. Pages get the same files packed as WOFF2 by `manage.py build_fonts`, PDFs get them as they are, and a
machine without fonts makes the same PDF.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FontFile:
    """One cut of one family, as a style sheet names it."""

    family: str
    weight: int
    italic: bool
    path: Path


_CUTS = (
    ("Source Sans", "font_source_sans_pro", "SourceSansPro-Regular", 400, False),
    ("Source Sans", "font_source_sans_pro", "SourceSansPro-Semibold", 600, False),
    ("Source Sans", "font_source_sans_pro", "SourceSansPro-Bold", 700, False),
    ("Source Serif", "font_source_serif_pro", "SourceSerifPro-Regular", 400, False),
    ("Source Serif", "font_source_serif_pro", "SourceSerifPro-It", 400, True),
    ("Source Serif", "font_source_serif_pro", "SourceSerifPro-Semibold", 600, False),
)


class FontsMissingError(Exception):
    """A font package is not installed; the sentence says what to install."""


def font_files() -> list[FontFile]:
    """The six TrueType files that pages and PDFs use."""
    return [
        FontFile(family, weight, italic, _folder(package) / f"{name}.ttf")
        for family, package, name, weight, italic in _CUTS
    ]


def font_licences() -> list[Path]:
    """The licence text beside each family: it travels with the fonts."""
    return [_folder(package) / "LICENSE.txt" for package in dict.fromkeys(cut[1] for cut in _CUTS)]


def _folder(package: str) -> Path:
    """The folder of a font package. It is located, not imported: its module pulls in what we do not need."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        wanted = package.replace("_", "-")
        raise FontsMissingError(
            f"The package {wanted} is not installed: install the pinned packages of requirements/run.txt."
        )
    return Path(spec.submodule_search_locations[0]) / "files"
