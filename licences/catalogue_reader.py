"""Reads the tables of a catalogue file, and refuses with the file, the key and what to write."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any


class CatalogueError(ValueError):
    """A catalogue file cannot be used; the sentence says which key and what to write."""


class Reader:
    """Reads one table of a catalogue file and refuses with the file, the key and what to write."""

    def __init__(self, data: Any, origin: str, where: str = "") -> None:
        if not isinstance(data, Mapping):
            raise CatalogueError(f"{origin}: {where or 'the file'} must be a table of keys and values.")
        self.data, self.origin, self.where, self.read_keys = data, origin, where, set[str]()

    def refuse(self, key: str, what_to_write: str) -> CatalogueError:
        """The error for one key."""
        return CatalogueError(f"{self.origin}: {f'{self.where}.{key}' if self.where else key}: {what_to_write}")

    def take(self, key: str, example: str, default: Any = None) -> Any:
        """One value; refused where it is absent and has no default."""
        self.read_keys.add(key)
        if key not in self.data:
            if default is None:
                raise self.refuse(key, f"is missing. Write {key} = {example}")
            return default
        return self.data[key]

    def text(self, key: str, example: str, *, empty: bool = False, pattern: re.Pattern[str] | None = None) -> str:
        """One string."""
        value = self.take(key, f'"{example}"')
        if not isinstance(value, str) or (not empty and not value.strip()):
            raise self.refuse(key, f'must be text. Write {key} = "{example}"')
        if pattern and value and not pattern.match(value):
            raise self.refuse(key, f'"{value}" does not fit. Write {key} = "{example}"')
        return value

    def one_of(self, key: str, allowed: frozenset[str] | set[str]) -> str:
        """One string of a fixed set."""
        value = self.text(key, sorted(allowed)[0])
        if value not in allowed:
            raise self.refuse(key, f'"{value}" is not known. Write one of: {", ".join(sorted(allowed))}.')
        return value

    def texts(self, key: str, example: str, *, optional: bool = False) -> tuple[str, ...]:
        """A list of strings."""
        value = self.take(key, f'["{example}"]', default=[] if optional else None)
        if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
            raise self.refuse(key, f'must be a list of texts. Write {key} = ["{example}"]')
        return tuple(value)

    def day(self, key: str) -> str:
        """One date, as an ISO string."""
        value = self.take(key, "2025-04-05")
        text = value.isoformat() if isinstance(value, date) else value
        try:
            return date.fromisoformat(str(text)).isoformat()
        except ValueError as error:
            raise self.refuse(key, f'"{text}" is no date. Write {key} = 2025-04-05') from error

    def table(self, key: str) -> Reader:
        """A table inside."""
        return Reader(self.take(key, "{ … }"), self.origin, f"{self.where}.{key}" if self.where else key)

    def tables(self, key: str) -> list[Reader]:
        """A list of tables inside."""
        value = self.take(key, f"[[{key}]]")
        if not isinstance(value, list | tuple) or not value:
            raise self.refuse(key, f"needs at least one entry. Write it under [[{key}]]")
        return [Reader(one, self.origin, f"{key}[{index}]") for index, one in enumerate(value, start=1)]

    def done(self) -> None:
        """Refuse keys that nobody reads: mostly a slip of the pen."""
        for key in sorted(set(self.data) - self.read_keys):
            raise self.refuse(key, f"is not known here. Remove it, or use one of: {', '.join(sorted(self.read_keys))}.")
