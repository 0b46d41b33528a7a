"""Who may change people, roles, teams and tokens: administrators of the whole company."""

from __future__ import annotations

from django.utils.translation import gettext as _

from foundation.accounts.actors import By
from foundation.accounts.models import User
from foundation.accounts.policy import Allowed, Decision, Refused
from foundation.accounts.queries import Person, has_role
from foundation.accounts.roles import Role
from foundation.audit.actors import ActorKind


def may_administer(user: Person) -> Decision:
    """Whether this person runs the portal."""
    if has_role(user, Role.ADMINISTRATOR):
        return Allowed()
    return Refused(_("Only an administrator can change people, roles, teams and tokens. Ask one of them."))


def may_change_accounts(by: By) -> Decision:
    """The same for an action: a command or the demo seed acts as the portal itself, a machine token never does this."""
    if isinstance(by, User):
        return may_administer(by)
    if by.kind == ActorKind.SYSTEM:
        return Allowed()
    return Refused(_("People, roles, teams and tokens are changed by a person who has signed in."))
