"""Showing who you are with a code or a passkey, to sign one statement. django-allauth does the checking.

The page notes when a person asked to prove presence for a statement. A check by the sign-in library counts when it came
after that, within five minutes, and has not been used for another statement.
"""

from __future__ import annotations

import time

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from foundation.accounts.actions.proofs import LIFE
from foundation.accounts.models import Method

ASKED = "accounts_proof_asked"  # in the session: statement digest -> when the person came to prove presence for it
USED = "accounts_proof_used"  # in the session: the time of the last check that made a proof
METHODS = {"totp": Method.TOTP, "webauthn": Method.PASSKEY}  # recovery codes get people back in; they sign nothing
MOST_ASKED = 20


def prove_url(*, statement_digest: str, next: str) -> str:
    """The address of the page that makes a proof for this statement and then leads to `next`."""
    return f"{reverse('accounts:prove')}?{urlencode({'statement': statement_digest, 'next': next})}"


def safe_next(request: HttpRequest) -> str:
    """Where to go afterwards: a page of this portal, else the front page."""
    wanted = request.GET.get("next", "")
    same_site = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None, require_https=request.is_secure())
    return wanted if same_site and wanted.startswith("/") else "/"


def note_asked(request: HttpRequest, statement_digest: str) -> None:
    """Remember when the person first came here for this statement."""
    asked: dict[str, float] = request.session.get(ASKED, {})
    if statement_digest not in asked:
        newest = sorted(asked.items(), key=lambda entry: entry[1])[-MOST_ASKED:]
        request.session[ASKED] = {**dict(newest), statement_digest: time.time()}


def fresh_check(request: HttpRequest, statement_digest: str) -> tuple[Method, float] | None:
    """The method and time of a check that may make a proof for this statement, or None."""
    asked = request.session.get(ASKED, {}).get(statement_digest)
    if asked is None:
        return None
    oldest = max(asked, request.session.get(USED, 0.0), time.time() - LIFE.total_seconds())
    for entry in reversed(get_authentication_records(request, request.user)):
        method = METHODS.get(entry.get("type", "")) if entry.get("reauthenticated") else None
        if method is not None and entry["at"] > oldest:
            return method, float(entry["at"])
    return None


def note_used(request: HttpRequest, statement_digest: str, at: float) -> None:
    """One check makes one proof."""
    asked: dict[str, float] = request.session.get(ASKED, {})
    asked.pop(statement_digest, None)
    request.session[ASKED] = asked
    request.session[USED] = at
