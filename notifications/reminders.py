"""When a reminder is due. Pure: it takes the day. One reminder per stage; a missed day is not made up twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

BEFORE = (7, 2)  # days before the due date
AFTER = (1, 3, 7)  # days after it, then every week
WEEK = 7


@dataclass(frozen=True)
class Stage:
    """One reminder: its key, which makes it unique, and how many days are left (negative: overdue)."""

    key: str
    days_left: int


def stage_on(due_on: date, today: date) -> Stage | None:
    """The stage that today belongs to; None before the first.

    The stage lasts until the next begins, so a portal that was switched off on the very day still reminds, once.
    """
    left = (due_on - today).days
    if left > max(BEFORE):
        return None
    if left > 0:
        nearest = min(days for days in BEFORE if days >= left)
        return Stage(f"{nearest}-before", left)
    late = -left
    if late >= max(AFTER) + WEEK:
        weeks = (late - max(AFTER)) // WEEK
        return Stage(f"{max(AFTER) + weeks * WEEK}-after", left)
    passed = max((days for days in AFTER if days <= late), default=0)
    return Stage(f"{passed}-after" if passed else "due", left)
