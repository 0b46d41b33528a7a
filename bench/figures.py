"""Figures of a run: percentiles, ratios, budgets, and tables in plain text. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of the values lies, interpolated between the two nearest."""
    if not values:
        raise ValueError("There is no percentile of nothing.")
    if not 0 <= share <= 1:
        raise ValueError("A share lies between 0 and 1.")
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def ratio(value: float, floor: float) -> float:
    """How many times the floor."""
    if floor <= 0:
        raise ValueError("A floor of nothing has no ratio.")
    return value / floor


@dataclass(frozen=True)
class Budget:
    """What a ratio may be at most. It is printed, never asserted: the machine decides more than the code does."""

    most: float

    def verdict(self, value: float) -> str:
        """Met or not, and by how much."""
        share = abs(value / self.most - 1)
        if value <= self.most:
            return f"met (≤ {self.most:g}, {share:.0%} to spare)"
        return f"NOT MET (≤ {self.most:g}, {share:.0%} over)"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown, its columns as wide as what is in them; every column but the first is set to the right."""
    widths = [max(len(line[place]) for line in [head, *rows]) for place in range(len(head))]

    def line(cells: Sequence[str]) -> str:
        placed = [
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ]
        return f"| {' | '.join(placed)} |"

    rule = [f"{'-' * width}" if place == 0 else f"{'-' * (width - 1)}:" for place, width in enumerate(widths)]
    return "\n".join([line(head), f"| {' | '.join(rule)} |", *map(line, rows)])


def milliseconds(value: float) -> str:
    """A time as the tables write it."""
    return f"{value:.1f}" if value < 100 else f"{value:,.0f}"
