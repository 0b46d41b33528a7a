"""Rivals over one proof, one password limit, one last administrator, each with a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection, transaction

from foundation.accounts.actions import consume_proof, end_role, grant_role, make_proof
from foundation.accounts.errors import AccountError, ProofRefused
from foundation.accounts.models import Membership, SigningProof, User
from foundation.accounts.queries import people_with_role
from foundation.accounts.roles import Role
from foundation.audit.queries import events_for
from tests.foundation.accounts.conftest import PASSWORD, SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)
VISIT, STATEMENT = "visit-key-1", "ab" * 32


def outcomes(acts: Sequence[Callable[[], object]]) -> list[str]:
    """Start all at once; the name of what each raised, or "won"."""
    ready = threading.Barrier(len(acts))

    def start(act: Callable[[], object]) -> str:
        try:
            ready.wait(timeout=20)
            act()
        except AccountError as error:
            return type(error).__name__
        finally:
            connection.close()
        return "won"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(future.result(timeout=60) for future in [pool.submit(start, act) for act in acts])


def test_of_eight_that_consume_one_proof_exactly_one_wins(rita: User) -> None:
    make_proof(person=rita, session_key=VISIT, statement_digest=STATEMENT, method="password", password=PASSWORD)

    def consume() -> None:
        with transaction.atomic():
            consume_proof(person=rita, session_key=VISIT, statement_digest=STATEMENT)

    assert outcomes([consume] * 8) == ["ProofRefused"] * 7 + ["won"]
    assert SigningProof.objects.filter(consumed_at=None).count() == 0


def test_two_proofs_serve_exactly_two_of_eight(rita: User) -> None:
    for _ in range(2):
        make_proof(person=rita, session_key=VISIT, statement_digest=STATEMENT, method="password", password=PASSWORD)

    def consume() -> None:
        with transaction.atomic():
            consume_proof(person=rita, session_key=VISIT, statement_digest=STATEMENT)

    assert outcomes([consume] * 8) == ["ProofRefused"] * 6 + ["won"] * 2


def test_of_twelve_guesses_at_once_five_are_tried(rita: User) -> None:
    def guess() -> None:
        make_proof(person=rita, session_key=VISIT, statement_digest=STATEMENT, method="password", password="guess")

    assert outcomes([guess] * 12) == ["ProofRefused"] * 5 + ["TooManyAttempts"] * 7
    reasons = [event.facts["reason"] for event in events_for(rita.reference) if "refused" in event.kind]
    assert sorted(reasons) == ["too_many_attempts"] + ["wrong_password"] * 5


def test_two_administrators_cannot_remove_each_other_at_the_same_time(anders: User, olive: User) -> None:
    grant_role(by=SYSTEM, person=olive, role=Role.ADMINISTRATOR)
    rows = [Membership.objects.get(person=person, role=Role.ADMINISTRATOR) for person in (anders, olive)]
    assert outcomes([partial(end_role, by=SYSTEM, membership=row) for row in rows]) == ["AccountError", "won"]
    assert people_with_role(Role.ADMINISTRATOR).count() == 1


def test_a_refused_password_stays_in_the_log_although_the_signing_was_given_up(rita: User) -> None:
    with pytest.raises(ProofRefused):
        make_proof(person=rita, session_key=VISIT, statement_digest=STATEMENT, method="password", password="guess")
    assert [event.kind for event in events_for(rita.reference)].count("person.signing_refused") == 1
