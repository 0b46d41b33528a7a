"""The log, with filters, and its checkpoints to take away. A command verifies the chain and compares with those."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from foundation.accounts.access import person_of
from foundation.accounts.actors import actor_for
from foundation.accounts.company_day import start_of_day
from foundation.accounts.models import User
from foundation.accounts.policy import Allowed, Decision, Refused, require
from foundation.accounts.queries import has_role
from foundation.accounts.roles import Role
from foundation.audit.checkpoint_log import record_download
from foundation.audit.models import Checkpoint
from foundation.audit.queries import head, search_events
from foundation.audit.words import groups_in_words, phrase

PAGE = 50
CHECKPOINTS = 10


def may_read_log(person: User) -> Decision:
    """Company-wide legal roles, auditors and administrators."""
    if any(
        has_role(person, role) for role in (Role.AUDITOR, Role.ADMINISTRATOR, Role.LEGAL_REVIEWER, Role.LEGAL_APPROVER)
    ):
        return Allowed()
    return Refused(_("The log is for legal, auditors and administrators. A product’s own history is on its page."))


def may_take_checkpoints(person: User) -> Decision:
    """Company-wide auditors and administrators: those who can keep them where the log's owner cannot reach."""
    if any(has_role(person, role) for role in (Role.AUDITOR, Role.ADMINISTRATOR)):
        return Allowed()
    return Refused(_("Checkpoints of the log are for auditors and administrators. Ask one of them for a copy."))


@login_required
@require_GET
def audit_log(request: HttpRequest) -> HttpResponse:
    """Newest first, paged by sequence number, so that a page costs the same however long the log is."""
    person = person_of(request)
    require(may_read_log(person))
    query = request.GET
    events = search_events(
        kind=query.get("kind", ""),
        actor=query.get("actor", "").strip(),
        subject=query.get("subject", "").strip().upper(),
        since=_start(query.get("since", "")),
        until=_end(query.get("until", "")),
    )
    before = _number(query.get("before", ""))
    if before is not None:
        events = events.filter(seq__lt=before)
    rows = list(events.order_by("-seq")[: PAGE + 1])
    parameters = query.copy()
    if len(rows) > PAGE:
        parameters["before"] = str(rows[PAGE - 1].seq)
    context = {
        "events": [{"event": event, "what": phrase(event.kind)} for event in rows[:PAGE]],
        "older": parameters.urlencode() if len(rows) > PAGE else "",
        "groups": groups_in_words(),
        "query": query,
        "head": head(),
        **(_checkpoints(query) if may_take_checkpoints(person) else {}),
    }
    return render(request, "portal/audit_log.html", context)


@login_required
@require_GET
def download_checkpoint(request: HttpRequest, size: int) -> HttpResponse:
    """One checkpoint as the file that `verify_audit --checkpoint` takes."""
    person = person_of(request)
    require(may_take_checkpoints(person))
    checkpoint = get_object_or_404(Checkpoint, size=size)
    record_download(checkpoint=checkpoint, actor=actor_for(person))
    response = HttpResponse(checkpoint.note, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="audit-checkpoint-{checkpoint.size}.txt"'
    response["Cache-Control"] = "private, no-store"
    return response


def _checkpoints(query: QueryDict) -> dict[str, Any]:
    """The newest checkpoints, or those before a size, and the address of older ones."""
    found = Checkpoint.objects.order_by("-size").only("size", "root", "created_at")
    before = _number(query.get("checkpoints_before", ""))
    if before is not None:
        found = found.filter(size__lt=before)
    rows = list(found[: CHECKPOINTS + 1])
    older = query.copy()
    if len(rows) > CHECKPOINTS:
        older["checkpoints_before"] = str(rows[CHECKPOINTS - 1].size)
    return {
        "shows_checkpoints": True,
        "checkpoints": rows[:CHECKPOINTS],
        "older_checkpoints": older.urlencode() if len(rows) > CHECKPOINTS else "",
    }


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _day(text: str) -> datetime | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return start_of_day(day) if day else None


def _start(text: str) -> datetime | None:
    return _day(text)


def _end(text: str) -> datetime | None:
    day = _day(text)
    return day + timedelta(days=1) if day else None
