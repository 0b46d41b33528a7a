"""Inputs for days and instants."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext

INSTANT_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]


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


class InstantField(forms.DateTimeField):
    """A day and a time; its help ends with the zone in which they are read: the person's own (rule 13)."""

    widget = InstantInput

    def __init__(self, *, help_text: Any = "", **kwargs: Any) -> None:
        super().__init__(input_formats=INSTANT_FORMATS, help_text=_with_zone(help_text), **kwargs)


def _in_full(said: Any) -> str:
    zone = gettext("Your time zone is used: %(zone)s.") % {"zone": timezone.get_current_timezone_name()}
    return f"{said} {zone}".strip()


_with_zone = lazy(_in_full, str)
