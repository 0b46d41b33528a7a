"""How django-allauth behaves here: only invited people, mail that waits in jobs, second factors encrypted."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.accounts import sign_in_events
from foundation.accounts.mail import send_later
from foundation.accounts.models import User
from foundation.keys.box import decrypt, encrypt

_PURPOSE = "second-factors"


class InvitedPeopleOnly(DefaultAccountAdapter):  # type: ignore[misc]
    """No sign-up, no change of address by oneself, and every sign-in in the log, the failed ones too."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The e-mail address or the password is not right. Try again."),
        "account_inactive": _("Your access has ended. Ask an administrator if you need it again."),
        "cannot_remove_primary_email": _("Only an administrator can change your e-mail address."),
        "duplicate_email": _("This e-mail address is yours already."),
        "email_taken": _("Somebody has this e-mail address already."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_code": _("This code is not right, or no longer. Enter the one that the app shows now."),
        "incorrect_password": _("This is not your password."),
        "too_many_login_attempts": _("Too many attempts. Wait some minutes, then try again."),
        "unknown_email": _("Nobody has this e-mail address."),
        "unverified_primary_email": _("Your e-mail address is not confirmed yet."),
        "rate_limited": _("Too many attempts. Wait some minutes, then try again."),
        "address_is_fixed": _("Only an administrator can change your e-mail address: it says who you are in records."),
    }

    def get_reauthentication_methods(self, user: User) -> list[dict[str, str]]:
        """The library's ways to prove who one is, in our words."""
        words = {
            "reauthenticate": _("Use your password"),
            "mfa_reauthenticate": _("Use a code from your app"),
            "mfa_reauthenticate:webauthn": _("Use a passkey or a security key"),
        }
        found: list[dict[str, str]] = super().get_reauthentication_methods(user)
        return [{**one, "description": str(words[one["id"]])} for one in found]

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: an administrator invites."""
        return False

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Stop people whose access has ended or run out, whatever method they used (a passkey too)."""
        if not user.may_sign_in(timezone.now()):
            sign_in_events.record_failed(user=user, reason="access_ended")
            refused: HttpResponse = self.respond_user_inactive(request, user)
            return refused
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A wrong address or password; allauth has already counted it against its limits."""
        sign_in_events.record_failed(email=str(credentials.get("email", "")), reason="wrong_password")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Let a job send it: a page neither waits for a mail server nor fails with it."""
        given = {"request": self.request, "email": email, "current_site": get_current_site(self.request)}
        send_later(self.render_mail(template_prefix, email, {**given, **context}))

    def can_delete_email(self, email_address: EmailAddress) -> bool:
        """An address that records name stays."""
        return False

    def clean_email(self, email: str) -> str:
        """Keep the address as the administrator wrote it: people do not become somebody else by themselves."""
        user = self.request.user if self.request is not None else None
        cleaned: str = super().clean_email(email)
        if isinstance(user, User) and not EmailAddress.objects.filter(user=user, email=cleaned.lower()).exists():
            raise self.validation_error("address_is_fixed")
        return cleaned


class SealedFactors(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of authenticator apps and recovery codes are encrypted, so that a copy of the database cannot sign in."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _("You cannot turn this off."),
        "cannot_generate_recovery_codes": _("Set up an authenticator app or a key first."),
        "incorrect_code": _("This code is not right, or no longer. Enter the one that the app shows now."),
        "unverified_email": _("Your e-mail address is not confirmed yet. Ask an administrator."),
        "add_email_blocked": _("Only an administrator can change your e-mail address."),
    }

    def encrypt(self, text: str) -> str:
        """Encrypt with a key derived from KEY_SECRET."""
        return encrypt(text, purpose=_PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        """Undo `encrypt`."""
        return decrypt(encrypted_text, purpose=_PURPOSE)
