"""Inputs for days and instants."""

from __future__ import annotations

from django import forms


class DayInput(forms.DateInput):
    """The browser's own day picker; it posts ISO dates."""

    input_type = "date"

    def __init__(self, attrs: dict[str, str] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class InstantInput(forms.DateTimeInput):
    """The browser's own picker for day and time, read in the person's zone."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")
