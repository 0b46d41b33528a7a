"""Who decides which licence texts the company relies on: legal, for the whole company."""

from __future__ import annotations

from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.accounts.policy import Allowed, Decision, Refused
from foundation.accounts.queries import Person, has_role
from foundation.accounts.roles import LEGAL_ROLES
from licences.models import VersionDraft


def may_decide_texts(user: Person) -> Decision:
    """Whether this person may add a licence text, accept it or refuse it. A text binds every team at once."""
    if any(has_role(user, role) for role in LEGAL_ROLES):
        return Allowed()
    return Refused(
        _("Only a legal reviewer or approver of the whole company decides which texts are relied on. Ask one of them.")
    )


def may_publish(user: User, draft: VersionDraft) -> Decision:
    """Whether this person may publish a version that others prepared: four eyes see what every team will rely on."""
    allowed = may_decide_texts(user)
    if not allowed:
        return allowed
    if user.pk in draft.authors:
        return Refused(_("You prepared this version, so somebody else of legal reads it and publishes."))
    return Allowed()
