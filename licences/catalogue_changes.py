"""What changed between two states of a catalogue file, for the log and for people. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Lists of tables, and the keys that tell their entries apart.
_NAMED_BY = {"obligation": ("key",), "aup_item": ("id",), "text": ("kind", "sha256")}


def catalogue_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """One line per changed key, such as "obligation notice: parameters.text"; empty when nothing changed."""
    changes: list[str] = []
    for key in sorted(old.keys() | new.keys()):
        if key in _NAMED_BY:
            changes += _entry_changes(key, old.get(key, ()), new.get(key, ()))
        else:
            changes += [".".join((key, *path)) for path in _paths(old.get(key), new.get(key))]
    return changes


def _entry_changes(key: str, old: Any, new: Any) -> list[str]:
    before, after = _by_name(key, old), _by_name(key, new)
    changes = []
    for name in sorted(before.keys() | after.keys()):
        said = f"{key} {name}"
        if name not in before:
            changes.append(f"{said}: added")
        elif name not in after:
            changes.append(f"{said}: removed")
        else:
            changes += [f"{said}: {'.'.join(path)}" for path in _paths(before[name], after[name])]
    if not changes and list(before) != list(after):
        changes.append(f"{key}: order")
    return changes


def _by_name(key: str, entries: Any) -> dict[str, Any]:
    return {" ".join(str(entry[part]) for part in _NAMED_BY[key]): entry for entry in entries}


def _paths(old: Any, new: Any) -> list[tuple[str, ...]]:
    """The paths to the values that differ."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return [(key, *path) for key in sorted(old.keys() | new.keys()) for path in _paths(old.get(key), new.get(key))]
    return [] if old == new else [()]
