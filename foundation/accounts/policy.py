"""The answer of every policy: allowed, or refused with a sentence. Pages show it and actions require it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.core.exceptions import PermissionDenied


class NotAllowed(PermissionDenied):
    """A refusal that reached an action. It becomes a 403 page that shows the reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Allowed:
    """The person may do it."""

    def __bool__(self) -> Literal[True]:
        return True


@dataclass(frozen=True)
class Refused:
    """The person may not do it, because of the reason: one sentence that says what would help."""

    reason: str

    def __bool__(self) -> Literal[False]:
        return False


Decision = Allowed | Refused


def require(decision: Decision) -> None:
    """Go on only when allowed; raises NotAllowed with the reason."""
    if isinstance(decision, Refused):
        raise NotAllowed(decision.reason)
