"""A proof is used once, within five minutes, by the person, in the visit and for the statement it was made for."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from foundation.accounts.actions import (
    consume_proof,
    deactivate_person,
    invite_person,
    make_proof,
    sign_with_password,
)
from foundation.accounts.errors import ProofRefused, TooManyAttempts
from foundation.accounts.models import SigningProof, User
from foundation.accounts.queries import open_proof
from foundation.audit.queries import events_for
from tests.foundation.accounts.conftest import PASSWORD, SYSTEM

pytestmark = pytest.mark.django_db
VISIT, STATEMENT = "visit-key-1", "ab" * 32


def prove(person: User, **changes: str) -> SigningProof:
    wanted = {"session_key": VISIT, "statement_digest": STATEMENT, "method": "password", "password": PASSWORD} | changes
    return make_proof(person=person, **wanted)


def consume(person: User, **changes: str) -> SigningProof:
    return consume_proof(person=person, **({"session_key": VISIT, "statement_digest": STATEMENT} | changes))


def refusals(person: User) -> list[object]:
    return [event.facts["reason"] for event in events_for(person.reference) if event.kind == "person.signing_refused"]


def test_the_right_password_signs_once(rita: User) -> None:
    proof = sign_with_password(person=rita, session_key=VISIT, statement_digest=STATEMENT, password=PASSWORD)
    assert proof.consumed_at is not None
    assert proof.method == "password"
    with pytest.raises(ProofRefused, match="used up"):
        consume(rita)


def test_a_proof_is_consumed_once(rita: User) -> None:
    proof = prove(rita)
    assert consume(rita) == proof
    with pytest.raises(ProofRefused):
        consume(rita)


def test_a_proof_for_another_statement_is_refused(rita: User) -> None:
    prove(rita)
    with pytest.raises(ProofRefused):
        consume(rita, statement_digest="cd" * 32)
    assert SigningProof.objects.get().consumed_at is None


def test_a_proof_of_another_visit_is_refused(rita: User) -> None:
    prove(rita)
    with pytest.raises(ProofRefused):
        consume(rita, session_key="visit-key-2")


def test_a_proof_of_another_person_is_refused(rita: User, olive: User) -> None:
    prove(rita)
    with pytest.raises(ProofRefused):
        consume(olive)


@pytest.mark.parametrize(("seconds", "valid"), [(299, True), (300, False), (301, False)])
def test_a_proof_lasts_five_minutes(rita: User, seconds: int, valid: bool) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        prove(rita)
        clock.shift(timedelta(seconds=seconds))
        found = open_proof(person=rita, session_key=VISIT, statement_digest=STATEMENT)
        assert (found is not None) is valid
        if valid:
            assert consume(rita).consumed_at == timezone.now()
        else:
            with pytest.raises(ProofRefused, match="five minutes"):
                consume(rita)


def test_without_a_visit_nothing_is_proved(rita: User) -> None:
    for key in ("", None):
        with pytest.raises(ProofRefused, match="Sign in again"):
            make_proof(person=rita, session_key=key, statement_digest=STATEMENT, method="password", password=PASSWORD)
        with pytest.raises(ProofRefused, match="Sign in again"):
            consume_proof(person=rita, session_key=key, statement_digest=STATEMENT)


def test_the_session_key_is_not_stored(rita: User) -> None:
    prove(rita)
    assert VISIT not in str(SigningProof.objects.values().get())


def test_a_wrong_password_is_refused_and_logged(rita: User) -> None:
    with pytest.raises(ProofRefused, match="not right"):
        prove(rita, password="guess")
    assert not SigningProof.objects.exists()
    assert refusals(rita) == ["wrong_password"]


def test_an_empty_password_costs_no_attempt(rita: User) -> None:
    for _ in range(9):
        with pytest.raises(ProofRefused, match="Enter your password"):
            prove(rita, password="")
    assert prove(rita)


def test_five_wrong_passwords_pause_signing_for_five_minutes(rita: User, olive: User) -> None:
    for _ in range(5):
        with pytest.raises(ProofRefused, match="not right"):
            prove(rita, password="guess")
    for _ in range(3):
        with pytest.raises(TooManyAttempts, match="five minutes"):
            prove(rita)
    assert sorted(map(str, refusals(rita))) == ["too_many_attempts"] + ["wrong_password"] * 5
    assert prove(olive), "one person's pause is nobody else's"
    with time_machine.travel(timezone.now() + timedelta(seconds=301)):
        assert prove(rita)


def test_right_passwords_never_pause_signing(rita: User) -> None:
    for number in range(12):
        sign_with_password(person=rita, session_key=VISIT, statement_digest=f"{number:064d}", password=PASSWORD)


def test_people_without_a_password_must_use_a_code_or_a_passkey(db: None) -> None:
    person = invite_person(by=SYSTEM, email="sso@example.com", name="Sso Person", send_mail=False)
    with pytest.raises(ProofRefused, match="authenticator app or a passkey"):
        prove(person)
    assert prove(person, method="totp").method == "totp"
    assert consume(person).method == "totp"


@pytest.mark.parametrize("method", ["password", "passkey"])
def test_people_whose_access_has_ended_sign_nothing(anders: User, rita: User, method: str) -> None:
    deactivate_person(by=anders, person=rita)
    with pytest.raises(ProofRefused, match="access has ended"):
        prove(rita, method=method)


def test_a_proof_is_made_before_the_transaction_that_signs(rita: User) -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        prove(rita)


def test_a_signature_that_fails_leaves_the_proof_unused(rita: User) -> None:
    prove(rita)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        consume(rita)
        raise ZeroDivisionError
    assert consume(rita)


def test_a_proof_is_in_the_log(rita: User) -> None:
    proof = prove(rita)
    (event,) = [event for event in events_for(rita.reference) if event.kind == "person.proved_presence"]
    assert event.facts == {"method": "password", "statement_digest": STATEMENT, "proof": str(proof.code)}


def test_the_database_refuses_a_proof_that_was_used_too_late(rita: User) -> None:
    proof = prove(rita)
    with pytest.raises(IntegrityError), transaction.atomic():
        SigningProof.objects.filter(pk=proof.pk).update(consumed_at=proof.expires_at)


def test_an_unknown_method_is_a_mistake_of_the_caller_and_a_page_without_a_statement_is_told_so(rita: User) -> None:
    with pytest.raises(ValueError, match="way to prove"):
        prove(rita, method="recovery_codes")
    with pytest.raises(ProofRefused, match="Open it again"):
        prove(rita, statement_digest="")
