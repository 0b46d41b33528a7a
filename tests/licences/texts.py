"""Agreements of our own invention, laid out in the ways that official ones are, and where the official ones lie."""

from __future__ import annotations

from pathlib import Path

from licences.clauses import Kind

AGREEMENT = """\
OTTER 2 COMMUNITY LICENSE AGREEMENT
Otter 2 Version Release Date: May 4, 2031

"Agreement" means these rules for the river.

"Keeper" or "you" means whoever feeds
the otters.

"Otter 2" means the second otter.

"Otter Things" means the otter and its well-
kept pond.

By whistling twice you agree to all of it.

1. Rights and Ponds.

      a. Grant of Swimming. You may swim on week-
days only.

      b. Sharing and Feeding.

            i. Give each guest a towel, and (A) a spoon;
(B) a fish.
            ii. Lend no otter to a heron.

2. Herons. Herons must ask first.

3. Marks.

      a. No otter may be painted.

      b. The keeper owns the pond's reflections.
"""

AUP = """\
# Otter 2 Acceptable Use Policy

Be kind to Otter 2. The newest copy is at [otter.example/use](https://otter.example/use).

## Prohibited Uses
You agree not to use Otter 2 to:

1. Break the law, including to:
    1. Steal, such as:
        1. fish
        2. boats
    2. Lie about fish
2. Splash people:
    1. with mud
3. Hide known holes in the ice

With respect to any multimodal otters, no pond in the European Union is meant.

Please report any splash through one of these:

* Reporting mud: mud@otter.example
* Reporting holes: [otter.example/holes](https://otter.example/holes)
"""


def official_files(folder: Path) -> list[tuple[str, Kind, Path]]:
    """Every official text and revision: a name for its golden file, its kind and where it is."""
    found: list[tuple[str, Kind, Path]] = []
    for version in sorted(path for path in folder.iterdir() if path.is_dir()):
        found.append((f"{version.name}-agreement", "agreement", version / "LICENSE"))
        found.append((f"{version.name}-aup", "aup", version / "USE_POLICY.md"))
        for path in sorted((version / "revisions").glob("*")):
            kind: Kind = "agreement" if path.name.endswith("LICENSE") else "aup"
            found.append((f"{version.name}-{kind}-{path.name[11:19]}", kind, path))
    return found
