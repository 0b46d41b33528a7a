"""How people and machine tokens stand in the log."""

from __future__ import annotations

from foundation.accounts.models import MachineToken, User
from foundation.audit.actors import Actor

# Who asks for a change: a person, or a part of the portal (a command, the demo seed) that answers to no policy.
By = User | Actor


def actor_for(user: User) -> Actor:
    """The person as an actor: the reference is hashed, the name stands apart and can be erased."""
    return Actor.person(user.reference, str(user))


def actor_for_token(token: MachineToken) -> Actor:
    """The machine that showed this token, as an actor."""
    return Actor.machine(token.reference, token.name)


def actor_of(by: By) -> Actor:
    """The actor behind a change."""
    return by if isinstance(by, Actor) else actor_for(by)
