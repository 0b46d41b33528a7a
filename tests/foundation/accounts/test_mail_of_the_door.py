"""Mail of the sign-in library goes out from jobs; no link stands in a row in clear; strangers hear nothing."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from allauth.account.adapter import get_adapter
from allauth.core.context import request_context
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.accounts.actions import deactivate_person
from foundation.accounts.models import User
from foundation.jobs.actions import Outcome, enqueue, retry_dead, run
from foundation.jobs.models import Job
from foundation.keys.box import decrypt, encrypt
from foundation.keys.errors import KeysUnusable
from tests.foundation.accounts.conftest import PASSWORD, SYSTEM, SignIn

pytestmark = pytest.mark.django_db
RESET = reverse("account_reset_password")
LINK_PATH = "/password/reset/key/"


class RefusingServer(BaseEmailBackend):
    """A mail server that takes nothing."""

    def send_messages(self, messages: Any) -> int:
        raise ConnectionRefusedError("no mail server here")


@pytest.fixture
def refusing_server(settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.RefusingServer"


def ask(address: str) -> Any:
    return Client().post(RESET, {"email": address})


def newest_job() -> Job:
    return Job.objects.order_by("-pk")[0]


def stored(job: Job) -> str:
    """Everything that the row says."""
    return json.dumps(Job.objects.filter(pk=job.pk).values().get(), default=str)


def confirmation_of(person: User, sign_in: SignIn) -> Job:
    """A mail of the library itself, with a secret link: it confirms the person's own address."""
    sign_in(person).post(reverse("account_email"), {"action_send": "", "email": person.email})
    return newest_job()


# --- a new password


def test_the_request_sends_no_mail_and_the_job_sends_a_link_that_works(olive: User) -> None:
    ask("Olive@Example.com ")
    assert mail.outbox == []
    assert run(newest_job().pk) is Outcome.DONE
    (message,) = mail.outbox
    assert message.to == [olive.email]
    assert PASSWORD not in message.body
    link = next(line for line in message.body.splitlines() if LINK_PATH in line)
    assert link.startswith("http://127.0.0.1:8000/"), "PUBLIC_URL, whatever host the request named"
    client, chosen = Client(), "another long passphrase"
    page = client.get(link.removeprefix("http://127.0.0.1:8000"), follow=True)
    client.post(page.request["PATH_INFO"], {"password1": chosen, "password2": chosen})
    olive.refresh_from_db()
    assert olive.check_password(chosen)


def test_the_row_holds_no_link_before_and_after(olive: User) -> None:
    ask(olive.email)
    job = newest_job()
    assert (job.ref, job.payload) == (olive.reference, {})
    assert run(job.pk) is Outcome.DONE
    link = next(line for line in mail.outbox[0].body.splitlines() if LINK_PATH in line)
    assert link.rsplit("-", 1)[1] not in stored(job)


def test_a_stranger_gets_no_mail_and_their_address_is_not_kept(olive: User) -> None:
    ask("stranger@example.com")
    job = newest_job()
    assert "stranger" not in stored(job)
    assert run(job.pk) is Outcome.DONE
    assert mail.outbox == []


def test_known_and_unknown_addresses_are_answered_alike_and_cost_the_same_work(olive: User) -> None:
    found = {}
    ask("warm-up@example.com")
    for address in (olive.email, "stranger@example.com"):
        with CaptureQueriesContext(connection) as captured:
            answer = ask(address)
        page = Client().get(answer.url)
        found[address] = (
            answer.status_code,
            answer.url,
            page.content,
            [query["sql"].split("WHERE")[0].split("VALUES")[0] for query in captured],
        )
    known, unknown = found.values()
    assert known == unknown
    assert known[0] == 302
    assert b"If this address belongs to somebody with access" in known[2]


def test_the_library_would_not_mail_strangers_either(db: None, settings: Any) -> None:
    assert settings.ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS is False


def test_no_link_goes_to_somebody_whose_access_ended(anders: User, olive: User) -> None:
    ask(olive.email)
    deactivate_person(by=anders, person=olive)
    assert run(newest_job().pk) is Outcome.DONE
    assert mail.outbox == []


def test_somebody_signed_in_is_answered_as_anybody(olive: User, rita: User, sign_in: SignIn) -> None:
    assert sign_in(rita).post(RESET, {"email": olive.email}).status_code == 302


# --- everything else that the library sends


def test_another_mail_goes_out_from_a_job_and_is_erased_from_its_row(olive: User, sign_in: SignIn) -> None:
    job = confirmation_of(olive, sign_in)
    assert mail.outbox == []
    row = stored(job)
    assert "confirm-email" not in row
    assert olive.email not in row
    assert run(job.pk) is Outcome.DONE
    (message,) = mail.outbox
    assert message.to == [olive.email]
    assert "/account/confirm-email/" in message.body
    assert newest_job().payload == {}


def test_the_job_belongs_to_the_change_that_caused_it(olive: User) -> None:
    try:
        with request_context(RequestFactory().get("/")), transaction.atomic():
            get_adapter().send_mail("account/email/password_changed", olive.email, {"user": olive})
            assert Job.objects.filter(kind="accounts.send_mail").count() == 1
            raise RuntimeError("the change failed")
    except RuntimeError:
        pass
    assert not Job.objects.exists()


def test_a_mail_that_cannot_be_sent_is_kept_encrypted_and_erased_with_the_last_try(
    olive: User, sign_in: SignIn, refusing_server: None, caplog: pytest.LogCaptureFixture, anders: User
) -> None:
    job = confirmation_of(olive, sign_in)
    with caplog.at_level(logging.DEBUG):
        outcome = run(job.pk)
        assert outcome is Outcome.POSTPONED
        assert newest_job().payload
        while outcome is Outcome.POSTPONED:
            Job.objects.filter(pk=job.pk).update(run_after=job.created_at)
            outcome = run(job.pk)
    assert outcome is Outcome.DEAD
    dead = newest_job()
    assert dead.payload == {}
    assert "no mail server here" in dead.last_error
    assert "confirm-email" not in stored(dead) + caplog.text
    # "Start again" on the page of jobs has nothing to send any more, and says so.
    retry_dead(job=dead, actor=SYSTEM)
    assert run(dead.pk) is Outcome.DEAD
    assert "was erased" in newest_job().last_error


def test_a_link_never_stands_in_the_log_of_the_process(
    olive: User, sign_in: SignIn, refusing_server: None, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        ask(olive.email)
        assert run(newest_job().pk) is Outcome.POSTPONED
    assert LINK_PATH not in caplog.text
    assert LINK_PATH not in newest_job().last_error


def test_another_secret_cannot_open_the_mail(olive: User, sign_in: SignIn, settings: Any) -> None:
    job = confirmation_of(olive, sign_in)
    settings.KEY_SECRET = "another secret"
    assert run(job.pk) is Outcome.POSTPONED
    assert "KEY_SECRET is not the one it was made with" in newest_job().last_error
    assert mail.outbox == []


def test_a_mail_of_another_purpose_cannot_be_opened_as_this_one(olive: User) -> None:
    closed = encrypt("text", purpose="one")
    assert "text" not in closed
    assert decrypt(closed, purpose="one") == "text"
    with pytest.raises(KeysUnusable):
        decrypt(closed, purpose="another")
    with transaction.atomic():
        job = enqueue(kind="accounts.send_mail", dedupe="mail:forged", payload={"sealed": encrypt("{}", purpose="x")})
    assert run(job.pk) is Outcome.POSTPONED
    assert mail.outbox == []
