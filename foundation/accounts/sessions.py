"""Visits, kept in the database as Django does, and read at every request without building the query anew."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from foundation.reads import Given, Read


class Visit(NamedTuple):
    """A session as it is stored."""

    session_data: str
    expire_date: datetime


_VISIT = Read(
    Visit, lambda: Session.objects.filter(session_key=Given("key")).values_list("session_data", "expire_date")
)


class SessionStore(DatabaseStore):
    """Only the read differs: everything that writes is Django's."""

    def _get_session_from_db(self) -> Visit | None:
        for visit in _VISIT(key=self.session_key or ""):
            if visit.expire_date > timezone.now():
                return visit
        self._session_key = None  # as Django does: nobody chooses the key of a new session
        return None
