"""Which day it is for the company: roles start and end at its midnight (rule 13)."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings


def company_day(instant: datetime) -> date:
    """The calendar day of this instant where the company keeps its clock."""
    return instant.astimezone(ZoneInfo(settings.COMPANY_TIME_ZONE)).date()
