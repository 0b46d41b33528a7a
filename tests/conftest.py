"""Fixtures that every test may use. Room-specific ones live beside the room's tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as property_tests

from tests.audit_triggers import flush_past_the_audit_triggers  # noqa: F401 - a fixture for every test that commits

REPOSITORY = Path(__file__).resolve().parent.parent


def pytest_configure() -> None:
    """Hashing slowly is what passwords need and tests do not. A busy machine is no fault of a property."""
    property_tests.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    property_tests.load_profile("house")
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def licence_texts_folder() -> Path | None:
    """The folder with the official texts: LICENCE_TEXTS, else the copy beside the project."""
    chosen = os.environ.get("LICENCE_TEXTS")
    folder = Path(chosen) if chosen else REPOSITORY.parent / "shared" / "licences"
    return folder if (folder / "llama-3.1" / "LICENSE").is_file() else None


@pytest.fixture(scope="session")
def official_texts() -> Path:
    """The official texts; the test is skipped, with a sentence, where they are not on this machine."""
    folder = licence_texts_folder()
    if folder is None:
        pytest.skip(
            "The official licence texts are not here: set LICENCE_TEXTS to a folder laid out like llama-3.1/LICENSE."
        )
    return folder
