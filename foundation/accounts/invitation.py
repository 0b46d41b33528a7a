"""The link with which an invited person chooses a password, and the mail that carries it."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from foundation.accounts.models import User


def choose_password_link(person: User) -> str:
    """A link that ends when it is used or after PASSWORD_RESET_TIMEOUT (three days)."""
    key = default_token_generator.make_token(person)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(person), "key": key})
    return f"{settings.PUBLIC_URL}{path}"


def mail_invitation(person: User) -> None:
    """Send the invitation in the person's language."""
    with translation.override(person.language):
        body = render_to_string(
            "accounts/invitation_mail.txt",
            {"person": person, "link": choose_password_link(person), "company": settings.COMPANY_NAME},
        )
        subject = _("Your access to Licence Desk")
    send_mail(subject, body, settings.MAIL_FROM, [person.email])
