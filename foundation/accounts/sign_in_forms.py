"""The forms of the sign-in library, in the portal's words: labels above the fields, and nothing twice."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as second_step
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from foundation.accounts.actions.passwords import ask_for_password_link

_CODE = _("Code from your app, or a recovery code")
_NEW_PASSWORDS = {"password1": _("New password"), "password2": _("New password, once more")}


class InOurWords:
    """Gives fields other labels, and takes the placeholders away, which only repeat the labels."""

    labels: dict[str, Any]
    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in self.labels.items():
            self.fields[name].label = label
            self.fields[name].widget.attrs.pop("placeholder", None)


class SignIn(InOurWords, account.LoginForm):  # type: ignore[misc]
    """Address and password."""

    labels = {"login": _("E-mail address"), "password": _("Password"), "remember": _("Stay signed in")}


class AskForPasswordLink(InOurWords, account.ResetPasswordForm):  # type: ignore[misc]
    """The library's form without its look-ups, which would cost more time for an address that somebody has."""

    labels = {"email": _("E-mail address")}

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Ask in the same way for every address."""
        email: str = self.cleaned_data["email"]
        ask_for_password_link(email=email)
        return email


class ChangePassword(InOurWords, account.ChangePasswordForm):  # type: ignore[misc]
    """Another password for somebody who has one."""

    labels = {"oldpassword": _("Current password"), **_NEW_PASSWORDS}


class ChoosePassword(InOurWords, account.SetPasswordForm):  # type: ignore[misc]
    """A first password for somebody who came another way."""

    labels = _NEW_PASSWORDS


class ChoosePasswordFromLink(InOurWords, account.ResetPasswordKeyForm):  # type: ignore[misc]
    """A password for somebody who holds a link."""

    labels = _NEW_PASSWORDS


class ProveByPassword(InOurWords, account.ReauthenticateForm):  # type: ignore[misc]
    """The password once more."""

    labels = {"password": _("Password")}


class SecondStep(InOurWords, second_step.AuthenticateForm):  # type: ignore[misc]
    """The code after the password."""

    labels = {"code": _CODE}


class ProveByCode(InOurWords, second_step.ReauthenticateForm):  # type: ignore[misc]
    """A code once more."""

    labels = {"code": _CODE}


class SetUpApp(InOurWords, ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an authenticator app."""

    labels = {"code": _("Code that the app shows")}


class AddKey(InOurWords, AddWebAuthnForm):  # type: ignore[misc]
    """A passkey or a security key."""

    labels = {"name": _("Name of the key"), "passwordless": _("Sign in with this key alone")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].help_text = _("Without a password. The key then asks for a fingerprint or a PIN.")


class RenameKey(InOurWords, EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a key."""

    labels = {"name": _("Name of the key")}
