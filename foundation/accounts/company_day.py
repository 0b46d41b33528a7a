"""Days as the company counts them: roles, approvals and due dates begin and end at its midnight (rule 13)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

# Days outside have no midnight that every zone and database can write; nothing that the portal knows lies there.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(9000, 1, 1)


def company_day(instant: datetime) -> date:
    """The calendar day of this instant where the company keeps its clock."""
    return instant.astimezone(ZoneInfo(settings.COMPANY_TIME_ZONE)).date()


def start_of_day(day: date, zone: str = "") -> datetime:
    """The midnight that begins a day, for the company or in a zone; days beyond the first and last count as those."""
    within = min(max(day, FIRST_DAY), LAST_DAY)
    return datetime.combine(within, time.min, ZoneInfo(zone or settings.COMPANY_TIME_ZONE))


def end_of_day(day: date, zone: str = "") -> datetime:
    """The midnight at which a day has passed."""
    return start_of_day(min(day, LAST_DAY) + timedelta(days=1), zone)
