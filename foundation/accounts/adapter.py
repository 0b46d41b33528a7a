"""How django-allauth behaves here: only invited people sign in, and second factors are stored encrypted."""

from __future__ import annotations

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.accounts import sign_in_events
from foundation.accounts.models import User


class InvitedPeopleOnly(DefaultAccountAdapter):  # type: ignore[misc]
    """No sign-up, no change of address by oneself, and every sign-in in the log, the failed ones too."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The e-mail address or the password is not right. Try again."),
        "address_is_fixed": _("Only an administrator can change your e-mail address: it says who you are in records."),
    }

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

    def encrypt(self, text: str) -> str:
        """Encrypt with a key derived from KEY_SECRET."""
        return _factor_box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Undo `encrypt`."""
        return _factor_box().decrypt(encrypted_text.encode()).decode()


def _factor_box() -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"licence-desk/second-factors").derive(
        settings.KEY_SECRET.encode()
    )
    return Fernet(base64.urlsafe_b64encode(derived))
