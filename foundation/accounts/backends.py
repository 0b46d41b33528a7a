"""Sign-in by e-mail address and password, for people whose access holds."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.utils import timezone

from foundation.accounts.models import User
from foundation.accounts.queries import person_with_memberships


class PeopleWithAccess(AuthenticationBackend):  # type: ignore[misc]
    """Django asks this at every request too, so that an end of access also ends the visits that are open."""

    def user_can_authenticate(self, user: Any) -> bool:
        return isinstance(user, User) and user.may_sign_in(timezone.now())

    def get_user(self, user_id: Any) -> User | None:
        """Who visits. Every page asks what they may do, so that is read along."""
        person = person_with_memberships(user_id)
        return person if person is not None and self.user_can_authenticate(person) else None
