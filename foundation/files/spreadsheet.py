"""Cells of a CSV file that people open in a spreadsheet."""

from __future__ import annotations

_STARTS_A_FORMULA = frozenset("=+-@\t\r")


def plain_cell(text: str) -> str:
    """The text as a cell that no spreadsheet runs as a formula (OWASP, CSV injection)."""
    return f"'{text}" if text[:1] in _STARTS_A_FORMULA else text
