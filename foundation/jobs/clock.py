"""The clock that leases are measured by: the database's own on PostgreSQL, because worker hosts may disagree."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import DateTimeField, DurationField, Expression, ExpressionWrapper, Value
from django.db.models.functions import Now
from django.utils import timezone

Moment = datetime | Expression


def moment(later: timedelta = timedelta(0)) -> Moment:
    """Now, or `later` than now, as a value to write or compare in a query.

    SQLite is one machine with one clock, and its own `now` has no microseconds: there it is this process's time.
    """
    if connection.vendor == "postgresql":
        return ExpressionWrapper(Now() + Value(later, output_field=DurationField()), output_field=DateTimeField())
    return timezone.now() + later
