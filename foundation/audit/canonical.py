"""Canonical JSON (RFC 8785) and its SHA-256: the same document has the same digest on every machine.

Pure: no database and no clock. Only null, true and false, whole numbers, text, lists and objects are allowed. Floats
are refused because their shortest decimal form is what canonical JSON implementations disagree about.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import TypeAlias, cast

import rfc8785

JSON: TypeAlias = "bool | int | str | Sequence[JSON] | Mapping[str, JSON] | None"

LARGEST_INTEGER = 2**53 - 1  # I-JSON (RFC 7493, 2.2): beyond it other languages round silently
DEEPEST_NESTING = 40  # well under the recursion limit of every JSON reader that an auditor may use


class NotCanonical(ValueError):  # noqa: N818 - reads as a sentence where it is caught
    """This value has no canonical form here; the message names the place and says what to write instead."""


def canonical(document: JSON) -> str:
    """Return the canonical JSON text of a document (RFC 8785)."""
    return rfc8785.dumps(cast("dict[str, rfc8785._impl._Value]", _plain(document, "document", 0))).decode("utf-8")


def digest(document: JSON) -> str:
    """Return the SHA-256 of the canonical JSON text, in hexadecimal."""
    return hashlib.sha256(canonical(document).encode("utf-8")).hexdigest()


def _plain(value: object, place: str, depth: int) -> object:
    """Copy a value into plain JSON types, so that a subclass (an enum, a lazy text) cannot change what is hashed."""
    if depth > DEEPEST_NESTING:
        raise NotCanonical(f"{place} is nested more than {DEEPEST_NESTING} levels deep: flatten it.")
    if value is None or value is True or value is False:
        return value
    if isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            raise NotCanonical(f"{place} is a whole number beyond 2^53 - 1: write it as text.")
        return int(value)
    if isinstance(value, str):
        return _text(value, place)
    if isinstance(value, float):
        raise NotCanonical(f"{place} is a float, and floats have no dependable digest: write a whole number or text.")
    if isinstance(value, (list, tuple)):
        return [_plain(item, f"{place}[{position}]", depth + 1) for position, item in enumerate(value)]
    if isinstance(value, Mapping):
        plain: dict[str, object] = {}
        for key, item in value.items():
            if not isinstance(key, str):
                raise NotCanonical(f"{place} has the key {key!r}, which is not text: keys must be text.")
            plain[_text(key, f"a key of {place}")] = _plain(item, f"{place}.{key}", depth + 1)
        return plain
    raise NotCanonical(f"{place} is a {type(value).__name__}: write it as text, a whole number, a list or an object.")


def _text(value: str, place: str) -> str:
    plain = str.__str__(value)
    try:
        plain.encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotCanonical(f"{place} holds half of a surrogate pair, which is not valid text: remove it.") from error
    return plain
