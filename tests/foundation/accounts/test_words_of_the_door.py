"""The pages, messages and mail of the sign-in library speak as the rest of the portal does."""

from __future__ import annotations

import html
import re

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from foundation.accounts.models import User
from foundation.jobs.actions import run
from foundation.jobs.models import Job
from tests.browser.pages import FOR_PEOPLE, FOR_VISITORS
from tests.foundation.accounts.conftest import PASSWORD, SignIn

pytestmark = pytest.mark.django_db
NAMES = re.compile(r"Licence Desk|Olive Owner|My account|Norrbro Group|Your company|Audit log")
# "Remember Me", "Sign In", "New Password": words of a title that ours would write small.
TITLES = re.compile(r"<(title|h1|h2|label|button|a)\b[^>]*>(.*?)</\1>", re.S)


def text_of(markup: str) -> str:
    """What a reader reads: no tags, scripts or attributes but placeholders."""
    markup = re.sub(r"<(script|style)\b.*?</\1>", "", markup, flags=re.S)
    placeholders = " ".join(re.findall(r'placeholder="([^"]*)"', markup))
    return html.unescape(re.sub(r"<[^>]+>", " ", markup)) + placeholders


def foreign(markup: str) -> list[str]:
    """Words that are not ours."""
    readable = re.sub(r"\S+@\S+|\S*://\S+|\S*/\S+", "", text_of(markup))
    found = re.findall(r"\b(?:e-?mail)\b", readable, re.I)
    bad = [word for word in found if word.lower() == "email" or word == "E-Mail"]
    bad += re.findall(
        r"Remember Me|[Tt]wo-[Ff]actor|recognize|\blog(?:ged)? ?in\b|Passwordless|[Rr]eauthenticate", readable
    )
    for _tag, inner in TITLES.findall(markup):
        words = NAMES.sub("", " ".join(text_of(inner).split()))
        bad += re.findall(r"(?<=\S )[A-Z][a-z]+", words.split("·")[0]) if not re.search(r"[.:?!]", words) else []
    return bad


def address_of(name: str, person: User) -> str:
    if name == "account_reset_password_from_key":
        return reverse(name, args=[user_pk_to_url_str(person), default_token_generator.make_token(person)])
    if name == "account_confirm_email":
        return reverse(name, args=["no-such-key"])
    if name in {"mfa_edit_webauthn", "mfa_remove_webauthn"}:
        return reverse(name, args=[Authenticator.objects.get(user=person, type="webauthn").pk])
    return reverse(name)


@pytest.mark.parametrize("name", FOR_VISITORS)
def test_a_page_before_the_sign_in_is_in_our_words(olive: User, name: str) -> None:
    client = Client()
    if name == "mfa_authenticate":
        TOTP.activate(olive, generate_totp_secret())
        client.post(reverse("account_login"), {"login": olive.email, "password": PASSWORD})
    answer = client.get(address_of(name, olive), follow=name == "account_reset_password_from_key")
    assert answer.status_code == 200
    assert foreign(answer.content.decode()) == []


# Proving oneself with a key needs a real one: the browser's tests have it.
@pytest.mark.parametrize("name", [name for name in FOR_PEOPLE if name != "mfa_reauthenticate_webauthn"])
def test_a_page_about_ones_own_account_is_in_our_words(olive: User, sign_in: SignIn, name: str) -> None:
    client = sign_in(olive)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    if name not in {"mfa_activate_totp", "mfa_add_webauthn"}:
        TOTP.activate(olive, generate_totp_secret())
        RecoveryCodes.activate(olive)
    if name in {"mfa_edit_webauthn", "mfa_remove_webauthn", "mfa_list_webauthn"}:
        Authenticator.objects.create(user=olive, type="webauthn", data={"name": "laptop", "credential": {}})
    if name == "account_set_password":
        olive.set_unusable_password()
        olive.save()
        client.force_login(olive, "foundation.accounts.backends.PeopleWithAccess")
    answer = client.get(address_of(name, olive))
    assert answer.status_code == 200
    assert foreign(answer.content.decode()) == []


def test_the_sign_in_page_offers_to_stay_signed_in(db: None) -> None:
    page = text_of(Client().get(reverse("account_login")).content.decode())
    for words in ("E-mail address", "Password", "Stay signed in"):
        assert words in page


@pytest.mark.parametrize(
    "name",
    [
        *(f"account/messages/{name}" for name in ("logged_in", "logged_out", "password_changed", "password_set")),
        *(f"account/messages/email_{name}" for name in ("confirmed", "confirmation_sent", "confirmation_failed")),
        *(f"account/messages/{name}" for name in ("cannot_delete_primary_email", "primary_email_set")),
        "account/messages/unverified_primary_email",
        *(f"mfa/messages/{name}" for name in ("totp_activated", "totp_deactivated", "recovery_codes_generated")),
        *(f"mfa/messages/webauthn_{name}" for name in ("added", "removed")),
    ],
)
def test_a_message_after_an_act_is_in_our_words(olive: User, name: str) -> None:
    said = render_to_string(f"{name}.txt", {"user": olive, "email": olive.email}).strip()
    assert said.endswith(".")
    assert "uccessful" not in said
    assert foreign(said) == []


def test_the_mail_that_confirms_an_address_is_in_our_words(olive: User, sign_in: SignIn) -> None:
    sign_in(olive).post(reverse("account_email"), {"action_send": "", "email": olive.email})
    run(Job.objects.order_by("-pk")[0].pk)
    (message,) = mail.outbox
    assert message.subject == "[Licence Desk] Confirm your e-mail address"
    assert message.body.startswith("Hello Olive Owner,")
    assert foreign(str(message.body)) == []
