"""Django's flush after a `transactional_db` test meets the triggers of the audit log: they are taken off around it.

Only the test harness does this. A test that empties tables itself uses `without_triggers()`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import TransactionTestCase

from foundation.audit import triggers


@contextmanager
def without_triggers() -> Iterator[None]:
    """Act as the owner of the database, who can switch the triggers off; they are put back at the end."""
    _settle()
    triggers.remove(connection)
    try:
        yield
    finally:
        _settle()
        triggers.install(connection)


def _settle() -> None:
    """PostgreSQL alters no table whose foreign keys are still to be checked in this transaction."""
    if connection.vendor == "postgresql":
        connection.check_constraints()


@pytest.fixture(scope="session", autouse=True)
def flush_past_the_audit_triggers() -> Iterator[None]:
    """Let Django empty the tables between tests that commit."""
    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined] # private, stable since Django 1.8

    def flush_without_triggers(case: TransactionTestCase) -> None:
        with without_triggers():
            flush(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush_without_triggers)
        yield
