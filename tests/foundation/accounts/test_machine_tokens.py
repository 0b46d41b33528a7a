"""Machine tokens: only a digest is kept, they expire, and checking one costs one query."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from foundation.accounts.actions import IssuedToken, authenticate_token, issue_token, revoke_token
from foundation.accounts.errors import AccountError
from foundation.accounts.models import MachineToken, User
from foundation.accounts.policy import NotAllowed
from foundation.audit.queries import events_for

pytestmark = pytest.mark.django_db
GATE = "gate:check"


@pytest.fixture
def issued(anders: User) -> IssuedToken:
    expires = timezone.now() + timedelta(days=30)
    return issue_token(by=anders, name="deploy pipeline", scopes=[GATE], expires_at=expires)


def test_a_token_opens_what_it_was_issued_for(issued: IssuedToken) -> None:
    assert authenticate_token(f"Bearer {issued.clear}", GATE) == issued.token
    assert authenticate_token(f"bearer  {issued.clear} ", GATE) == issued.token


def test_a_token_opens_nothing_else(issued: IssuedToken) -> None:
    assert authenticate_token(f"Bearer {issued.clear}", "gate:everything") is None


def test_a_database_dump_contains_no_usable_token(issued: IssuedToken, tmp_path: object) -> None:
    path = f"{tmp_path}/dump.json"
    call_command("dumpdata", "accounts", "audit", output=path, verbosity=0)
    with open(path) as file:  # noqa: PTH123
        dump = file.read()
    secret = issued.clear.split("_", 2)[2]
    assert issued.token.prefix in dump
    assert secret not in dump
    candidates = set(re.findall(r"[A-Za-z0-9_-]{8,}", dump))
    assert issued.token.digest in candidates
    for candidate in candidates:
        for shown in (candidate, f"ldt_{issued.token.prefix}_{candidate}"):
            assert authenticate_token(f"Bearer {shown}", GATE) is None


@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", "Bearer ", "Basic abc", "Bearer ldt_", "Bearer ldt__", "Bearer ldt_x_y", "Bearer ldt_\0_x"],
)
def test_what_is_no_token_opens_nothing(issued: IssuedToken, header: str | None) -> None:
    assert authenticate_token(header, GATE) is None


def test_a_changed_character_opens_nothing(issued: IssuedToken) -> None:
    for position in range(len(issued.clear)):
        changed = "A" if issued.clear[position] != "A" else "B"
        forged = issued.clear[:position] + changed + issued.clear[position + 1 :]
        assert authenticate_token(f"Bearer {forged}", GATE) is None
    assert authenticate_token(f"Bearer {issued.clear}é", GATE) is None


def test_a_token_dies_when_it_expires(issued: IssuedToken) -> None:
    with time_machine.travel(issued.token.expires_at - timedelta(seconds=1), tick=False):
        assert authenticate_token(f"Bearer {issued.clear}", GATE)
    with time_machine.travel(issued.token.expires_at, tick=False):
        assert authenticate_token(f"Bearer {issued.clear}", GATE) is None


def test_a_revoked_token_dies_at_once(anders: User, issued: IssuedToken) -> None:
    revoke_token(by=anders, token=issued.token)
    assert authenticate_token(f"Bearer {issued.clear}", GATE) is None
    with pytest.raises(AccountError, match="already revoked"):
        revoke_token(by=anders, token=issued.token)


def test_checking_costs_one_query_and_use_is_noted_once_a_minute(issued: IssuedToken) -> None:
    header, start = f"Bearer {issued.clear}", timezone.now()
    with time_machine.travel(start, tick=False):
        authenticate_token(header, GATE)
        with CaptureQueriesContext(connection) as queries:
            authenticate_token(header, GATE)
        assert len(queries) == 1
    with time_machine.travel(start + timedelta(seconds=59), tick=False):
        authenticate_token(header, GATE)
        assert MachineToken.objects.get().last_used_at == start
    with time_machine.travel(start + timedelta(seconds=60), tick=False):
        authenticate_token(header, GATE)
        assert MachineToken.objects.get().last_used_at == start + timedelta(seconds=60)


def test_an_unknown_prefix_costs_one_query_too() -> None:
    with CaptureQueriesContext(connection) as queries:
        assert authenticate_token("Bearer ldt_0123456789_secret", GATE) is None
    assert len(queries) == 1


def test_only_administrators_issue_and_revoke(olive: User, issued: IssuedToken) -> None:
    with pytest.raises(NotAllowed):
        issue_token(by=olive, name="mine", scopes=[GATE], expires_at=timezone.now() + timedelta(days=1))
    with pytest.raises(NotAllowed):
        revoke_token(by=olive, token=issued.token)


@pytest.mark.parametrize(
    ("name", "scopes", "days"),
    [("", [GATE], 1), ("x", [], 1), ("x", ["everything"], 1), ("x", [GATE], -1), ("x", [GATE], 400)],
)
def test_a_token_without_name_scope_or_near_end_is_refused(
    anders: User, name: str, scopes: list[str], days: int
) -> None:
    with pytest.raises(AccountError):
        issue_token(by=anders, name=name, scopes=scopes, expires_at=timezone.now() + timedelta(days=days))
    assert not MachineToken.objects.exists()


def test_issuing_and_revoking_are_in_the_log_without_the_token(anders: User, issued: IssuedToken) -> None:
    revoke_token(by=anders, token=issued.token)
    events = list(events_for(issued.token.reference))
    assert sorted(event.kind for event in events) == ["token.created", "token.revoked"]
    assert not any(issued.clear.split("_", 2)[2] in event.body for event in events)
