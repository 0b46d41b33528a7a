"""What the tests of deployments share: the cast, the catalogue, and the companies of Norrbro Group."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from deployments.models import Product
from licences.actions.sync_catalogue import sync_catalogue
from tests.cast import SYSTEM, Cast, make_cast
from tests.deployments.builders import Group, make_group, make_product


@pytest.fixture(autouse=True)
def quick_and_clean(settings: object) -> Iterator[None]:
    """Cheap password digests, and no sign-in limits left over from another test."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}  # type: ignore[attr-defined]
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def catalogue(db: None) -> None:
    sync_catalogue(by=SYSTEM)


@pytest.fixture
def group(cast: Cast, catalogue: None) -> Group:
    return make_group(by=cast.rita, slugs=["llama-3.1", "llama-4"])


@pytest.fixture
def product(cast: Cast, group: Group) -> Product:
    """Harbour Assist, registered by Olive with the model named and its version confirmed."""
    return make_product(cast=cast, licensee=group.inc)
