"""The cast, and what these tests share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from foundation.accounts.actions import grant_role, invite_person
from foundation.accounts.models import User
from foundation.accounts.roles import Role
from foundation.audit.actors import Actor

SYSTEM = Actor.system("tests")
PASSWORD = "a long enough passphrase"
SignIn = Callable[[User], Client]


def make_person(name: str, **details: object) -> User:
    """A person who signs in with PASSWORD."""
    address = f"{name.split()[0].lower()}@example.com"
    return invite_person(by=SYSTEM, email=address, name=name, password=PASSWORD, send_mail=False, **details)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def quick_and_clean(settings: object) -> Iterator[None]:
    """Cheap password digests, and no limits left over from another test."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}  # type: ignore[attr-defined]
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def anders(db: None) -> User:
    """Anders administers the portal."""
    person = make_person("Anders Administrator")
    grant_role(by=SYSTEM, person=person, role=Role.ADMINISTRATOR)
    return person


@pytest.fixture
def olive(db: None) -> User:
    """Olive owns products, and holds no role yet."""
    return make_person("Olive Owner")


@pytest.fixture
def rita(db: None) -> User:
    """Rita reviews for legal in the whole company."""
    person = make_person("Rita Reviewer")
    grant_role(by=SYSTEM, person=person, role=Role.LEGAL_REVIEWER)
    return person


@pytest.fixture
def carl(db: None) -> User:
    """Carl is external counsel; his access ends in thirty days."""
    return make_person("Carl Counsel", kind="external_counsel", expires_at=timezone.now() + timedelta(days=30))


@pytest.fixture
def sign_in() -> SignIn:
    """A browser in which this person has signed in through the sign-in page."""

    def do(person: User) -> Client:
        client = Client()
        answer = client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
        assert answer.status_code == 302, answer.content.decode()
        return client

    return do
