"""Only invited people with access sign in, and the door is in the log."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from foundation.accounts.actions import deactivate_person, grant_role, invite_person, reactivate_person
from foundation.accounts.errors import AccountError
from foundation.accounts.invitation import choose_password_link
from foundation.accounts.models import User
from foundation.accounts.queries import has_role
from foundation.accounts.roles import Role
from foundation.audit.models import Event
from foundation.audit.queries import events_for
from foundation.jobs.actions import Outcome, run
from foundation.jobs.models import Job
from tests.foundation.accounts.conftest import PASSWORD, SYSTEM, SignIn

pytestmark = pytest.mark.django_db


def signed_in(client: Client) -> bool:
    return client.get("/people/me/").status_code == 200


def attempt(person_email: str, password: str = PASSWORD) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": person_email, "password": password})
    return client


def kinds(reference: str) -> list[str]:
    return [event.kind for event in events_for(reference)]


def test_an_invited_person_signs_in(olive: User, sign_in: SignIn) -> None:
    assert signed_in(sign_in(olive))
    assert "person.signed_in" in kinds(olive.reference)


def test_letter_case_of_the_address_does_not_matter(olive: User) -> None:
    assert signed_in(attempt("OLIVE@Example.com"))


def test_a_wrong_password_is_refused_and_logged_without_it(olive: User) -> None:
    assert not signed_in(attempt(olive.email, "hunter2hunter2"))
    (event,) = [event for event in events_for(olive.reference) if event.kind == "person.sign_in_failed"]
    assert event.facts == {"reason": "wrong_password"}
    assert "hunter2" not in event.body


def test_an_unknown_address_is_logged_as_a_personal_value_only(db: None) -> None:
    assert not signed_in(attempt("nobody@example.com"))
    event = Event.objects.get(kind="person.sign_in_failed")
    assert event.subject == "sign-in"
    assert "nobody@example.com" not in event.body
    assert event.personal["email"] == "nobody@example.com"


def test_sign_up_is_closed(db: None) -> None:
    client = Client()
    details = {"email": "sam@example.com", "password1": PASSWORD, "password2": PASSWORD}
    for answer in (client.get(reverse("account_signup")), client.post(reverse("account_signup"), details)):
        assert "account/signup_closed.html" in [template.name for template in answer.templates]
    assert not User.objects.exists()


def test_an_expired_person_cannot_sign_in(carl: User) -> None:
    assert signed_in(attempt(carl.email))
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert not signed_in(attempt(carl.email))
    assert {"reason": "access_ended"} in [event.facts for event in events_for(carl.reference)]


def test_an_open_visit_ends_when_access_runs_out(carl: User, sign_in: SignIn, settings: object) -> None:
    settings.SESSION_COOKIE_AGE = 60 * 60 * 24 * 90  # type: ignore[attr-defined]
    client = sign_in(carl)
    assert signed_in(client)
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert not signed_in(client)


def test_an_open_visit_ends_when_access_is_ended(anders: User, olive: User, sign_in: SignIn) -> None:
    client = sign_in(olive)
    deactivate_person(by=anders, person=olive)
    assert not signed_in(client)
    assert not signed_in(attempt(olive.email))


def test_restored_access_lets_a_person_in_again(anders: User, olive: User) -> None:
    reactivated = deactivate_person(by=anders, person=olive)
    reactivate_person(by=anders, person=reactivated)
    assert signed_in(attempt(olive.email))
    assert kinds(olive.reference).count("person.reactivated") == 1


def test_an_external_person_is_restored_only_with_a_new_end(anders: User, carl: User) -> None:
    gone = deactivate_person(by=anders, person=carl)
    with pytest.raises(AccountError, match="when the access"):
        reactivate_person(by=anders, person=gone)


def test_too_many_wrong_passwords_close_the_door_for_a_while(olive: User) -> None:
    for _ in range(5):
        attempt(olive.email, "wrong wrong wrong")
    assert not signed_in(attempt(olive.email)), "the right password after five wrong ones"
    assert kinds(olive.reference).count("person.sign_in_failed") == 5


def test_the_invitation_mail_leads_to_choosing_a_password(
    anders: User, django_capture_on_commit_callbacks: object
) -> None:
    person = invite_person(by=anders, email="New@Example.com", name="New Person")
    job = Job.objects.get(kind="accounts.send_invitation")
    assert run(job.pk) == Outcome.DONE
    (message,) = mail.outbox
    assert message.to == ["new@example.com"]
    link = next(line for line in message.body.splitlines() if line.startswith("http"))
    client = Client()
    page = client.get(link.removeprefix("http://127.0.0.1:8000"), follow=True)
    chosen = "another long passphrase"
    client.post(page.request["PATH_INFO"], {"password1": chosen, "password2": chosen})
    assert signed_in(attempt("new@example.com", chosen))
    assert "person.password_changed" in kinds(person.reference)


def test_no_mail_goes_to_someone_whose_access_ended_meanwhile(anders: User) -> None:
    person = invite_person(by=anders, email="new@example.com", name="New Person")
    deactivate_person(by=anders, person=person)
    assert run(Job.objects.get(kind="accounts.send_invitation").pk) == Outcome.DONE
    assert mail.outbox == []


def test_the_link_works_once(olive: User) -> None:
    link = choose_password_link(olive).removeprefix("http://127.0.0.1:8000")
    olive.set_password("changed in between")
    olive.save()
    page = Client().get(link, follow=True)
    assert page.context["token_fail"] is True


def test_people_do_not_change_their_own_address(olive: User, sign_in: SignIn) -> None:
    client = sign_in(olive)
    client.post(reverse("account_email"), {"action_add": "", "email": "other@example.com"})
    client.post(reverse("account_email"), {"action_remove": "", "email": olive.email})
    assert list(EmailAddress.objects.values_list("email", flat=True)) == [olive.email]


def test_an_invited_person_may_enrol_a_second_factor_at_once(olive: User) -> None:
    assert EmailAddress.objects.get(user=olive).verified


def test_the_secret_of_an_authenticator_app_is_stored_encrypted(olive: User) -> None:
    secret = generate_totp_secret()
    authenticator = TOTP.activate(olive, secret).instance
    stored = Authenticator.objects.get(pk=authenticator.pk)
    assert secret not in str(stored.data)
    assert stored.wrap().validate_code("000000") in {True, False}


def test_signing_out_is_in_the_log(olive: User, sign_in: SignIn) -> None:
    sign_in(olive).post(reverse("account_logout"))
    assert "person.signed_out" in kinds(olive.reference)


def test_the_first_administrator_is_made_by_a_command(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("invite_administrator", "anna@example.com", "Anna Admin")
    person = User.objects.get(email="anna@example.com")
    assert has_role(person, Role.ADMINISTRATOR)
    assert "/password/reset/key/" in capsys.readouterr().out
    with pytest.raises(CommandError, match="already here"):
        call_command("invite_administrator", "anna@example.com", "Anna Admin")


def test_an_invitation_is_in_the_log_without_name_and_address(anders: User) -> None:
    person = invite_person(by=anders, email="new@example.com", name="Neville New")
    event = next(event for event in events_for(person.reference) if event.kind == "person.invited")
    assert "Neville" not in event.body
    assert "new@example.com" not in event.body
    assert event.personal["person_name"] == "Neville New"


@pytest.mark.parametrize(("email", "name"), [("nonsense", "Name"), ("a@example.com", "  ")])
def test_an_invitation_without_address_or_name_is_refused(db: None, email: str, name: str) -> None:
    with pytest.raises(AccountError):
        invite_person(by=SYSTEM, email=email, name=name, send_mail=False)


def test_no_one_ends_their_own_access(anders: User, olive: User) -> None:
    grant_role(by=anders, person=olive, role=Role.ADMINISTRATOR)
    with pytest.raises(AccountError, match="your own access"):
        deactivate_person(by=anders, person=anders)
