"""What base.html needs on every page, read only when a template asks for it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import HttpRequest

from foundation.accounts.queries import memberships_of, roles_of
from foundation.accounts.roles import Role
from notifications.queries import unread_count
from portal.navigation import Navigation, present_place
from portal.views.theme import chosen_theme


class Shell:
    """What stands around the page for this person."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def _roles(self) -> frozenset[str]:
        user = getattr(self._request, "user", None)
        return roles_of(user) if user is not None and user.is_authenticated else frozenset()

    @cached_property
    def navigation(self) -> Navigation | None:
        """The side navigation by role, with what is unread; a stranger has none."""
        user = getattr(self._request, "user", None)
        if user is None or not user.is_authenticated:
            return None
        # The pages that only some see are about the whole company: a role in one team opens none of them.
        roles = frozenset(membership.role for membership in memberships_of(user) if membership.team_id is None)
        return Navigation(roles, present_place(roles, self._request.path), unread_count(user))

    @property
    def roles_in_words(self) -> str:
        """The person's roles, for the menu under their name."""
        return ", ".join(str(role.label) for role in Role if role.value in self._roles)


def shell(request: HttpRequest) -> dict[str, Any]:
    """The shell of the page and the theme."""
    return {"shell": Shell(request), "theme": chosen_theme(request)}
