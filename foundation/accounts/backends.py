"""Sign-in by e-mail address and password, for people whose access holds."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.utils import timezone

from foundation.accounts.models import User


class PeopleWithAccess(AuthenticationBackend):  # type: ignore[misc]
    """Django asks this at every request too, so that an end of access also ends the visits that are open."""

    def user_can_authenticate(self, user: Any) -> bool:
        return isinstance(user, User) and user.may_sign_in(timezone.now())
