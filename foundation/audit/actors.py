"""Who did it: a person, a machine with a token, or the portal itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    """What kind of actor stands behind an event."""

    PERSON = "person"
    MACHINE = "machine"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did something. `ref` is a reference that holds no personal data; `name` is logged as a commitment only."""

    kind: ActorKind
    ref: str
    name: str

    @classmethod
    def person(cls, ref: str, name: str) -> Actor:
        """A person who signed in, by reference (like PER-00012) and the name that they had at the time."""
        return cls(ActorKind.PERSON, ref, name)

    @classmethod
    def machine(cls, ref: str, name: str) -> Actor:
        """A machine with a token, by the reference of the token."""
        return cls(ActorKind.MACHINE, ref, name)

    @classmethod
    def system(cls, name: str) -> Actor:
        """A part of the portal that acts by itself, like the sweeper."""
        return cls(ActorKind.SYSTEM, name, name)
