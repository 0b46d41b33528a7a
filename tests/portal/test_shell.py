"""The shell around every page: navigation, the person's clock, request ids, themes, error pages."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from foundation.accounts.models import Membership, Team, User
from foundation.accounts.roles import Role
from portal.middleware import client_address
from portal.navigation import navigation_for
from portal.views import errors

pytestmark = pytest.mark.urls("tests.portal.shell_urls")
PASSWORD = "correct horse battery staple"


@pytest.fixture
def rita(db) -> User:
    person = User.objects.create_user("rita@norrbro.example", PASSWORD, name="Rita Reviewer", time_zone="Asia/Tokyo")
    Membership.objects.create(person=person, role=Role.LEGAL_REVIEWER, team=None, starts_on=date(2020, 1, 1))
    return person


@pytest.fixture
def as_rita(client: Client, rita: User) -> Client:
    client.force_login(rita)
    return client


def labels(roles: set[str], path: str = "/") -> list[str]:
    return [str(item.label) for group in navigation_for(frozenset(roles), path) for item in group.items]


# --- navigation -----------------------------------------------------------------------------------------------
def test_an_owner_sees_neither_the_log_nor_people_nor_entities():
    seen = labels({Role.PRODUCT_OWNER.value})
    assert "My work" in seen
    assert not {"Audit log", "Legal entities", "People", "Machine tokens", "Jobs"} & set(seen)


def test_an_auditor_sees_the_log_but_administers_nothing():
    seen = labels({Role.AUDITOR.value})
    assert "Audit log" in seen
    assert not {"People", "Jobs"} & set(seen)


def test_legal_keeps_entities_and_an_administrator_everything():
    assert "Legal entities" in labels({Role.LEGAL_APPROVER.value})
    assert {"Legal entities", "Audit log", "People", "Machine tokens", "Jobs"} <= set(
        labels({Role.ADMINISTRATOR.value})
    )


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ATTRIBUTION_OWNER, Role.RISK_OWNER, Role.LEGAL_REVIEWER])
def test_everyone_who_may_read_entities_finds_them(role):
    assert "Legal entities" in labels({role.value})


def test_stop_duties_are_in_everybodys_navigation():
    assert "Stop duties" in labels(set())
    assert "Stop duties" in labels({Role.PRODUCT_OWNER.value})


def test_a_role_in_one_team_opens_no_page_about_the_whole_company(client, db):
    tilda = User.objects.create_user("tilda@norrbro.example", PASSWORD, name="Tilda Team")
    team = Team.objects.create(name="Assistants", code="assistants")
    Membership.objects.create(person=tilda, role=Role.LEGAL_REVIEWER, team=team, starts_on=date(2020, 1, 1))
    client.force_login(tilda)
    page = client.get("/").content.decode()
    assert "Legal reviewer" in page
    assert "Legal entities" not in page
    assert "Audit log" not in page


def test_a_page_that_does_not_exist_is_not_offered():
    assert "Ask the gate" not in labels({Role.ADMINISTRATOR.value})  # these test addresses have no gate


def test_the_most_exact_entry_is_the_present_one():
    def current(path: str) -> list[str]:
        groups = navigation_for(frozenset(), path)
        return [str(item.label) for group in groups for item in group.items if item.current]

    assert current("/") == ["My work"]
    assert current("/reviews/REV-00147/") == ["Reviews"]
    assert current("/reviews/conditions/") == ["Conditions due"]
    assert current("/elsewhere/") == []


def test_a_count_is_shown_only_when_there_is_something_to_count():
    counts = {"reviews:list": 4, "portal:home": 0}
    found = {str(i.label): i.count for g in navigation_for(frozenset(), "/", counts) for i in g.items}
    assert found["Reviews"] == 4
    assert found["My work"] is None


def test_the_page_names_the_person_and_their_role(as_rita):
    page = as_rita.get("/").content.decode()
    assert "Rita Reviewer" in page
    assert "Legal reviewer" in page
    assert 'action="/accounts/logout/"' in page
    assert "Audit log" in page


def test_the_shell_costs_four_queries_and_no_more(as_rita, django_assert_max_num_queries):
    as_rita.get("/")
    with django_assert_max_num_queries(4):  # session, person, memberships, and none for navigation
        as_rita.get("/")


def test_a_stranger_sees_no_menu(client, db):
    page = client.get("/").content.decode()
    assert "Sign out" not in page
    assert 'class="masthead-search"' not in page


# --- clock and context ----------------------------------------------------------------------------------------
def test_a_person_sees_their_own_clock_and_the_next_caller_does_not(as_rita, db):
    assert as_rita.get("/clock/").content == b"Asia/Tokyo"
    assert Client().get("/clock/").content == b"UTC"
    assert timezone.get_current_timezone_name() == "UTC"


def test_a_zone_that_this_machine_does_not_know_is_utc_and_not_an_error(as_rita, rita):
    User.objects.filter(pk=rita.pk).update(time_zone="Mars/Olympus")
    assert as_rita.get("/clock/").content == b"UTC"


def test_a_caller_without_a_session_costs_no_query(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/clock/").status_code == 200


def test_every_answer_carries_a_request_id_of_ours(client, db):
    first, second = client.get("/clock/"), client.get("/clock/", headers={"X-Request-ID": "chosen-by-a-stranger"})
    assert re.fullmatch(r"[0-9a-f]{32}", first["X-Request-ID"])
    assert second["X-Request-ID"] != "chosen-by-a-stranger"


def test_the_id_of_a_trusted_proxy_is_kept_unless_it_is_odd(client, db, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert client.get("/clock/", headers={"X-Request-ID": "edge-0001-abcd"})["X-Request-ID"] == "edge-0001-abcd"
    assert client.get("/clock/", headers={"X-Request-ID": "x" * 65})["X-Request-ID"] != "x" * 65


def test_a_forwarded_address_counts_only_behind_proxies_that_we_trust(settings):
    request = RequestFactory().get("/", headers={"X-Forwarded-For": "6.6.6.6, 203.0.113.9"}, REMOTE_ADDR="10.0.0.1")
    assert client_address(request) == "10.0.0.1"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert client_address(request) == "203.0.113.9"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 5
    assert client_address(request) == "10.0.0.1"


# --- theme ----------------------------------------------------------------------------------------------------
def test_a_theme_is_remembered_and_drawn(as_rita):
    answer = as_rita.post("/theme/", {"theme": "dark", "next": "/portfolio/"})
    assert answer["Location"] == "/portfolio/"
    assert 'data-theme="dark"' in as_rita.get("/").content.decode()


@pytest.mark.parametrize("where", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_choosing_a_theme_leads_nowhere_else(as_rita, where):
    assert as_rita.post("/theme/", {"theme": "dark", "next": where})["Location"] == "/"


def test_a_theme_that_is_none_is_not_kept(as_rita):
    assert "theme" not in as_rita.post("/theme/", {"theme": '"><script>'}).cookies
    as_rita.cookies["theme"] = "mauve"
    assert "data-theme" not in as_rita.get("/").content.decode()
    assert as_rita.get("/theme/").status_code == 405


# --- error pages ----------------------------------------------------------------------------------------------
def test_a_refusal_gives_its_reason(client, db):
    answer = client.get("/refuse/")
    assert answer.status_code == 403
    assert "Only a legal approver signs this step." in answer.content.decode()


def test_what_is_not_there_says_what_to_try(client, db):
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "Check the reference" in answer.content.decode()


def test_a_suspect_request_does_not_learn_why(client, db):
    answer = client.get("/suspect/")
    assert answer.status_code == 400
    assert "not for the reader" not in answer.content.decode()


def test_a_breakdown_gives_a_number_and_asks_the_database_nothing(db, django_assert_num_queries):
    client = Client(raise_request_exception=False)
    with django_assert_num_queries(0):
        answer = client.get("/break/")
    assert answer.status_code == 500
    assert answer["X-Request-ID"] in answer.content.decode()
    assert "broken on purpose" not in answer.content.decode()


def test_a_limit_says_how_long_to_wait():
    answer = errors.too_many_requests(RequestFactory().get("/"))
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert "Wait a minute" in answer.content.decode()


def test_a_form_from_an_older_visit_says_that_nothing_was_saved(rita):
    client = Client(enforce_csrf_checks=True)
    client.force_login(rita)
    answer = client.post("/theme/", {"theme": "dark"})
    assert answer.status_code == 403
    assert "Nothing was saved or signed." in answer.content.decode()


# --- sign-in and style pages ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "where",
    [
        "2fa/",
        "2fa/webauthn/",
        "2fa/webauthn/add/",
        "2fa/totp/activate/",
        "password/change/",
        "reauthenticate/",
        "logout/",
    ],
)
def test_account_pages_wear_our_clothes_and_offer_no_sign_up(as_rita, where):
    as_rita.post("/accounts/reauthenticate/", {"password": PASSWORD})
    answer = as_rita.get(f"/accounts/{where}")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "portal.css" in text
    assert 'class="btn' in text
    assert "signup" not in text


def test_signing_in_needs_no_script(client, db):
    text = client.get("/accounts/login/").content.decode()
    assert 'name="password"' in text
    assert "there is no sign-up" in text
    assert "Passkeys are the one thing here that needs JavaScript." in text


def test_the_style_page_shows_every_part_under_the_strict_policy(as_rita, settings):
    settings.DEMO = True
    answer = as_rita.get("/style/")
    text = answer.content.decode()
    assert answer.status_code == 200
    for part in ("task-list", "summary-list", "error-summary", "timeline", "signbox", "clause", "pagination", "empty"):
        assert f'class="{part}' in text, part
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text)


def test_the_style_page_exists_only_where_people_try_things_out(as_rita, settings):
    settings.DEMO = settings.DEBUG = False
    assert as_rita.get("/style/").status_code == 404
