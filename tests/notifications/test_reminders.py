"""When a reminder is due, and that each is sent once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.reminders import stage_on

DUE = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("days", "key"),
    [
        (-8, None),
        (-7, "7-before"),
        (-3, "7-before"),
        (-2, "2-before"),
        (-1, "2-before"),
        (0, "due"),
        (1, "1-after"),
        (2, "1-after"),
        (3, "3-after"),
        (7, "7-after"),
        (13, "7-after"),
        (14, "14-after"),
        (30, "28-after"),
    ],
)
def test_the_stage_of_a_day(days, key):
    stage = stage_on(DUE, DUE + timedelta(days=days))
    assert (stage.key if stage else None) == key


@given(st.integers(min_value=-40, max_value=400))
def test_stages_follow_each_other_and_never_come_back(days):
    seen: list[str] = []
    for offset in range(-40, days + 1):
        stage = stage_on(DUE, DUE + timedelta(days=offset))
        if stage and (not seen or seen[-1] != stage.key):
            seen.append(stage.key)
    assert len(seen) == len(set(seen))
