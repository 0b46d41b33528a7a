"""The company that the tests of the whole surface share, one for each module."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.surface.world import World, made_once


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Made by the real actions, in a transaction that is rolled back when the module is done."""
    with made_once(django_db_blocker, tmp_path_factory.mktemp("world")) as made:
        yield made
