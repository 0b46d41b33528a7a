"""A visit is read from the database by its key, and holds until it expires or ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from foundation.accounts.actions import deactivate_person, grant_role
from foundation.accounts.models import User
from foundation.accounts.queries import every_membership_of, person_with_memberships, roles_of
from foundation.accounts.roles import Role
from foundation.accounts.sessions import SessionStore
from foundation.audit.actors import Actor
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def visit() -> SessionStore:
    store = SessionStore()
    store["what"] = "kept"
    store.create()
    return store


def test_a_visit_is_found_by_its_key_in_another_process():
    assert SessionStore(visit().session_key)["what"] == "kept"


def test_an_expired_visit_is_none_and_its_key_is_not_used_again():
    key = visit().session_key
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    later = SessionStore(key)
    assert "what" not in later
    assert later.session_key is None


@pytest.mark.parametrize("key", ["chosen-by-a-stranger-0000000000", "x' OR '1'='1' --", ""])
def test_a_key_that_nobody_was_given_opens_nothing(key):
    visit()
    later = SessionStore(key)
    assert "what" not in later
    assert later.session_key is None


def test_the_portal_uses_these_visits_and_sign_out_ends_them(cast):
    assert settings.SESSION_ENGINE == "foundation.accounts.sessions"
    client = Client()
    client.force_login(cast.rita)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert SessionStore(key).get("_auth_user_id") == str(cast.rita.pk)
    client.logout()
    assert "_auth_user_id" not in SessionStore(key)


def test_a_person_comes_with_the_memberships_that_a_query_would_give(cast, django_assert_num_queries):
    for person in User.objects.all():
        expected = list(person.memberships.select_related("team").order_by("starts_on", "pk"))
        found = person_with_memberships(person.pk)
        assert found == person
        assert (found.email, found.expires_at, found.password) == (person.email, person.expires_at, person.password)
        with django_assert_num_queries(0):
            assert [(held, held.role, held.team) for held in every_membership_of(found)] == [
                (held, held.role, held.team) for held in expected
            ]


def test_a_person_without_roles_and_one_who_does_not_exist(cast):
    alone = User.objects.create_user("alone@example.com", name="Alone")
    found = person_with_memberships(alone.pk)
    assert found == alone
    assert roles_of(found) == frozenset()
    assert person_with_memberships(0) is None


def test_a_role_that_is_granted_shows_at_the_next_request(cast):
    grant_role(by=Actor.system("test"), person=cast.sam, role=Role.AUDITOR, team=None)
    found = person_with_memberships(cast.sam.pk)
    assert found is not None
    assert Role.AUDITOR in roles_of(found)


def test_an_end_of_access_ends_the_visits_that_are_open(cast):
    client = Client()
    client.force_login(cast.sam)
    assert client.get("/").status_code == 200
    deactivate_person(by=cast.adam, person=cast.sam)
    assert client.get("/").status_code == 302
