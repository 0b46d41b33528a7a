"""Who gets to which page, and what the forms do."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from foundation.accounts.actions import authenticate_token, create_team, grant_role, issue_token
from foundation.accounts.models import MachineToken, Membership, SigningProof, User
from foundation.accounts.proving import prove_url
from foundation.accounts.queries import memberships_of, open_proof, roles_of
from foundation.accounts.roles import Role
from tests.foundation.accounts.conftest import SYSTEM, SignIn, make_person

pytestmark = pytest.mark.django_db
GATE = "gate:check"
STATEMENT = "ab" * 32


@pytest.fixture
def token(anders: User) -> MachineToken:
    return issue_token(by=anders, name="pipeline", scopes=[GATE], expires_at=timezone.now() + timedelta(days=3)).token


def every_page(person: User, membership: Membership, token: MachineToken) -> list[tuple[str, str]]:
    """Every page that only administrators open, as method and address."""
    one = f"/people/{person.reference}/"
    return [
        ("get", "/people/"),
        ("get", "/people/invite/"),
        ("post", "/people/invite/"),
        ("get", "/people/teams/"),
        ("post", "/people/teams/"),
        ("get", "/people/tokens/"),
        ("get", "/people/tokens/issue/"),
        ("post", "/people/tokens/issue/"),
        ("post", f"/people/tokens/{token.code}/revoke/"),
        ("get", one),
        ("post", f"{one}roles/"),
        ("post", f"{one}roles/{membership.pk}/end/"),
        ("post", f"{one}invitation/"),
        ("post", f"{one}deactivate/"),
        ("post", f"{one}reactivate/"),
    ]


def test_only_administrators_open_the_pages_of_people_teams_and_tokens(
    anders: User, rita: User, olive: User, token: MachineToken, sign_in: SignIn
) -> None:
    team = create_team(by=SYSTEM, name="Care", code="care")
    grant_role(by=SYSTEM, person=olive, role=Role.ADMINISTRATOR, team=team)
    (membership,) = memberships_of(rita)
    visitors = {"a stranger": Client(), "legal": sign_in(rita), "a team's administrator": sign_in(olive)}
    boss = sign_in(anders)
    for method, address in every_page(rita, membership, token):
        for who, client in visitors.items():
            answer = getattr(client, method)(address)
            wanted = 302 if who == "a stranger" else 403
            assert answer.status_code == wanted, (who, method, address)
            if wanted == 302:
                assert answer["Location"].startswith(reverse("account_login"))
    for method, address in every_page(rita, membership, token):
        answer = getattr(boss, method)(address)
        assert answer.status_code == 200 or answer["Location"].startswith("/people/"), (method, address)


def test_a_refusal_says_who_can_help(rita: User, sign_in: SignIn) -> None:
    assert "Only an administrator" in sign_in(rita).get("/people/").content.decode()


def test_what_is_not_there_is_not_found(anders: User, rita: User, sign_in: SignIn) -> None:
    client = sign_in(anders)
    (mine,) = memberships_of(anders)
    assert client.get("/people/USR-99999/").status_code == 404
    assert client.get("/people/nonsense/").status_code == 404
    assert client.post(f"/people/{rita.reference}/roles/{mine.pk}/end/").status_code == 404
    assert client.post(f"/people/tokens/{uuid4()}/revoke/").status_code == 404


def test_changes_are_made_by_post_only(anders: User, rita: User, sign_in: SignIn) -> None:
    client = sign_in(anders)
    (membership,) = memberships_of(rita)
    for end in (f"roles/{membership.pk}/end/", "deactivate/", "reactivate/", "invitation/", "roles/"):
        assert client.get(f"/people/{rita.reference}/{end}").status_code == 405


def test_an_administrator_invites_and_grants_in_the_browser(anders: User, sign_in: SignIn) -> None:
    client = sign_in(anders)
    team = create_team(by=SYSTEM, name="Care", code="care")
    details = {"name": "Petra", "email": "Petra@example.com", "kind": "employee", "time_zone": "Europe/Oslo"}
    answer = client.post("/people/invite/", details, follow=True)
    petra = User.objects.get(email="petra@example.com")
    assert petra.time_zone == "Europe/Oslo"
    assert "Petra" in answer.content.decode()
    client.post(f"/people/{petra.reference}/roles/", {"role": "attribution_owner", "team": team.pk})
    assert roles_of(User.objects.get(pk=petra.pk)) == {"attribution_owner"}
    (membership,) = memberships_of(User.objects.get(pk=petra.pk))
    client.post(f"/people/{petra.reference}/roles/{membership.pk}/end/")
    assert roles_of(User.objects.get(pk=petra.pk)) == frozenset()
    client.post(f"/people/{petra.reference}/deactivate/")
    assert not User.objects.get(pk=petra.pk).is_active
    client.post(f"/people/{petra.reference}/reactivate/", {"last_day": ""})
    assert User.objects.get(pk=petra.pk).is_active


def test_the_invitation_asks_for_the_last_day_of_external_people(anders: User, sign_in: SignIn) -> None:
    details = {"name": "Carl", "email": "carl@example.com", "kind": "external_counsel", "time_zone": "Europe/Oslo"}
    client = sign_in(anders)
    answer = client.post("/people/invite/", details)
    assert "Say when the access" in answer.content.decode()
    client.post("/people/invite/", details | {"last_day": "2999-12-31"})
    carl = User.objects.get(email="carl@example.com")
    assert carl.expires_at is not None
    assert carl.expires_at.isoformat() == "2999-12-31T23:00:00+00:00", "the end of that day in Amsterdam"


def test_a_refused_action_is_shown_at_the_form(anders: User, rita: User, sign_in: SignIn) -> None:
    client = sign_in(anders)
    answer = client.post(f"/people/{rita.reference}/roles/", {"role": "legal_reviewer"})
    assert "already holds" in answer.content.decode()
    (last,) = memberships_of(anders)
    answer = client.post(f"/people/{anders.reference}/roles/{last.pk}/end/", follow=True)
    assert "last administrator" in answer.content.decode()


def test_a_token_is_shown_once(anders: User, sign_in: SignIn) -> None:
    client = sign_in(anders)
    last = (timezone.now() + timedelta(days=5)).date().isoformat()
    answer = client.post(
        "/people/tokens/issue/", {"code": uuid4(), "name": "pipeline", "scopes": [GATE], "last_day": last}
    )
    (clear,) = set(re.findall(r"ldt_[0-9a-f]{10}_[\w-]+", answer.content.decode()))
    assert authenticate_token(f"Bearer {clear}", GATE)
    assert "no-store" in answer["Cache-Control"]
    for address in ("/people/tokens/", "/people/tokens/issue/"):
        assert clear not in client.get(address).content.decode()
    assert clear.split("_", 2)[2] not in str(dict(client.session))
    token = MachineToken.objects.get()
    client.post(f"/people/tokens/{token.code}/revoke/")
    assert authenticate_token(f"Bearer {clear}", GATE) is None


def test_the_pages_cost_the_same_however_many_rows_they_show(anders: User, sign_in: SignIn) -> None:
    client = sign_in(anders)
    expires = timezone.now() + timedelta(days=3)

    def queries() -> list[int]:
        counts = []
        for address in ("/people/", "/people/teams/", "/people/tokens/"):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            counts.append(len(captured))
        return counts

    def add(number: int) -> None:
        team = create_team(by=SYSTEM, name=f"Team {number}", code=f"team-{number}")
        person = make_person(f"Person{number} Someone")
        grant_role(by=SYSTEM, person=person, role=Role.PRODUCT_OWNER, team=team)
        grant_role(by=SYSTEM, person=person, role=Role.AUDITOR)
        issue_token(by=anders, name=f"pipeline {number}", scopes=[GATE], expires_at=expires, team=team)

    add(0)
    queries()
    before = queries()
    for number in range(1, 8):
        add(number)
    assert queries() == before


def test_people_change_their_own_details_and_nobody_elses(olive: User, rita: User, sign_in: SignIn) -> None:
    client = sign_in(olive)
    page = client.get("/people/me/").content.decode()
    assert "You hold no role yet" in page
    details = {"name": "Olive O", "job_title": "Owner", "time_zone": "Asia/Tokyo", "email": "x@example.com"}
    assert client.post("/people/me/", details).status_code == 302
    changed = User.objects.get(pk=olive.pk)
    assert (changed.name, changed.time_zone, changed.email) == ("Olive O", "Asia/Tokyo", olive.email)
    assert User.objects.get(pk=rita.pk).name == rita.name


def test_an_unknown_time_zone_is_refused(olive: User, sign_in: SignIn) -> None:
    sign_in(olive).post("/people/me/", {"name": "Olive", "time_zone": "Mars/Olympus"})
    assert User.objects.get(pk=olive.pk).time_zone == "Europe/Amsterdam"


# --- proving presence with a code -------------------------------------------------------------------------------


def code_for(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


def test_a_code_from_the_app_makes_a_proof_for_one_statement(olive: User, sign_in: SignIn) -> None:
    client = sign_in(olive)
    secret = generate_totp_secret()
    TOTP.activate(olive, secret)
    address = prove_url(statement_digest=STATEMENT, next="/people/me/")
    page = client.get(address)
    assert page.context["check"] is None
    assert client.post(address).status_code == 200, "without a check there is no proof"
    assert not SigningProof.objects.exists()

    assert client.post(page.context["code_url"], {"code": code_for(secret)})["Location"] == address
    other = prove_url(statement_digest="cd" * 32, next="/people/me/")
    assert client.get(other).context["check"] is None, "the check came before this statement was asked for"
    assert client.post(address)["Location"] == "/people/me/"
    assert client.get(address).context["check"] is None, "one check makes one proof"

    key = client.session.session_key
    proof = open_proof(person=olive, session_key=key, statement_digest=STATEMENT)
    assert proof is not None
    assert proof.method == "totp"
    assert open_proof(person=olive, session_key=key, statement_digest="cd" * 32) is None


def test_a_recovery_code_signs_nothing(olive: User, sign_in: SignIn) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    client = sign_in(olive)
    TOTP.activate(olive, generate_totp_secret())
    codes = RecoveryCodes.activate(olive).get_unused_codes()
    address = prove_url(statement_digest=STATEMENT, next="/")
    page = client.get(address)
    client.post(page.context["code_url"], {"code": codes[0]})
    assert client.get(address).context["check"] is None


def test_without_a_second_factor_the_page_says_what_to_do(olive: User, sign_in: SignIn) -> None:
    page = sign_in(olive).get(prove_url(statement_digest=STATEMENT, next="/"))
    assert "no authenticator app and no passkey" in page.content.decode()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "evil"])
def test_the_way_back_leads_nowhere_else(olive: User, sign_in: SignIn, target: str) -> None:
    page = sign_in(olive).get(prove_url(statement_digest=STATEMENT, next=target))
    assert page.context["next_page"] == "/"


@pytest.mark.parametrize("digest", ["", "short", "x" * 129, "<script>alert(1)</script>"])
def test_without_a_digest_there_is_nothing_to_prove(olive: User, sign_in: SignIn, digest: str) -> None:
    assert sign_in(olive).get(prove_url(statement_digest=digest, next="/")).status_code == 400
