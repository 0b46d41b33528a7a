"""The link with which a person chooses a password, and the mails that carry it. Only jobs send them."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from foundation.accounts.models import User


def choose_password_link(person: User) -> str:
    """A link that ends when it is used or after PASSWORD_RESET_TIMEOUT (three days)."""
    key = default_token_generator.make_token(person)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(person), "key": key})
    return f"{settings.PUBLIC_URL}{path}"


def mail_invitation(person: User) -> None:
    """Send the invitation in the person's language."""
    _mail(person, "accounts/invitation_mail.txt", gettext_noop("Your access to Licence Desk"))


def mail_password_link(person: User) -> None:
    """Send the link that somebody asked for who may have forgotten the password."""
    _mail(person, "accounts/password_link_mail.txt", gettext_noop("Choose a new password for Licence Desk"))


def _mail(person: User, template: str, subject: str) -> None:
    with translation.override(person.language):
        body = render_to_string(
            template, {"person": person, "link": choose_password_link(person), "company": settings.COMPANY_NAME}
        )
        translated = _(subject)
    send_mail(translated, body, settings.MAIL_FROM, [person.email])
