"""How findings lie in the document that a review keeps. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def findings_in(document: Any) -> list[dict[str, Any]]:
    """The findings as a list, whether the document is that list or holds it."""
    found = document.get("findings", []) if isinstance(document, Mapping) else document or []
    return list(found)
