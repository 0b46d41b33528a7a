"""What base.html needs on every page, made only when a template asks for it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from foundation.accounts.queries import roles_of
from foundation.accounts.roles import Role
from notifications.queries import unread_count
from portal.navigation import Group, navigation_for
from portal.views.theme import chosen_theme


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The side navigation by role, the person's roles in words, and the theme."""
    return {
        "navigation": SimpleLazyObject(lambda: _groups(request)),
        "person_roles": SimpleLazyObject(lambda: _roles_in_words(request)),
        "theme": chosen_theme(request),
    }


def _groups(request: HttpRequest) -> list[Group]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    unread = unread_count(user)
    return navigation_for(frozenset(roles_of(user)), request.path, {"notifications:inbox": unread} if unread else {})


def _roles_in_words(request: HttpRequest) -> str:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return ""
    held = roles_of(user)
    return ", ".join(str(role.label) for role in Role if role.value in held)
