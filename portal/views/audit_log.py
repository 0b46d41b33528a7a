"""The log, with filters. Legal, auditors and administrators read it; a command verifies the chain."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from foundation.accounts.access import person_of
from foundation.accounts.models import User
from foundation.accounts.policy import Allowed, Decision, Refused, require
from foundation.accounts.queries import has_role
from foundation.accounts.roles import Role
from foundation.audit.kinds import Kind
from foundation.audit.queries import head, search_events
from foundation.audit.words import phrase

PAGE = 50


def may_read_log(person: User) -> Decision:
    """Company-wide legal roles, auditors and administrators."""
    if any(
        has_role(person, role) for role in (Role.AUDITOR, Role.ADMINISTRATOR, Role.LEGAL_REVIEWER, Role.LEGAL_APPROVER)
    ):
        return Allowed()
    return Refused(_("The log is for legal, auditors and administrators. A product’s own history is on its page."))


@login_required
@require_GET
def audit_log(request: HttpRequest) -> HttpResponse:
    """Newest first, paged by sequence number, so that a page costs the same however long the log is."""
    require(may_read_log(person_of(request)))
    query = request.GET
    events = search_events(
        kind=query.get("kind", ""),
        actor=query.get("actor", "").strip(),
        subject=query.get("subject", "").strip().upper(),
        since=_start(query.get("since", "")),
        until=_end(query.get("until", "")),
    )
    before = query.get("before", "")
    if before.isdigit() and len(before) < 19:
        events = events.filter(seq__lt=int(before))
    rows = list(events.order_by("-seq")[: PAGE + 1])
    parameters = query.copy()
    if len(rows) > PAGE:
        parameters["before"] = str(rows[PAGE - 1].seq)
    context = {
        "events": [{"event": event, "what": phrase(event.kind)} for event in rows[:PAGE]],
        "older": parameters.urlencode() if len(rows) > PAGE else "",
        "groups": sorted({kind.value.split(".")[0] for kind in Kind}),
        "query": query,
        "head": head(),
    }
    return render(request, "portal/audit_log.html", context)


def _day(text: str) -> datetime | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return datetime.combine(day, time.min, ZoneInfo(settings.COMPANY_TIME_ZONE)) if day else None


def _start(text: str) -> datetime | None:
    return _day(text)


def _end(text: str) -> datetime | None:
    day = _day(text)
    return day + timedelta(days=1) if day else None
