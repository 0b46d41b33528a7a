"""A finding: what a rule says of the facts under one version. A proposal with its clause; people decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Status = Literal["satisfied", "action_needed", "legal_judgement", "prohibited", "not_applicable", "unknown"]

# The most pressing first: a union of components takes the worst, and what nobody knows outweighs what can be judged.
STATUSES: tuple[Status, ...] = (
    "prohibited",
    "action_needed",
    "unknown",
    "legal_judgement",
    "satisfied",
    "not_applicable",
)

# The order in which people read them. Documents keep the order of the five checks: their digests cover it.
READING_ORDER: tuple[Status, ...] = (
    "prohibited",
    "action_needed",
    "legal_judgement",
    "unknown",
    "satisfied",
    "not_applicable",
)

MAU_CHECK, USE_CHECK, ATTRIBUTION_CHECK, DERIVATIVES_CHECK, LICENSEE_CHECK = 1, 2, 3, 4, 5


@dataclass(frozen=True)
class Finding:
    """One proposal for one of the five checks.

    `reading`: it rests on an interpretation, not on the words alone. `popular_claim`: what a popular summary says and
    the text does not. `action`: what somebody can do about it.
    """

    key: str
    check: int
    status: Status
    title: str
    explanation: str
    clauses: tuple[str, ...]
    reading: bool = False
    popular_claim: str = ""
    action: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)

    def as_document(self) -> dict[str, Any]:
        """Plain JSON: texts, integers, booleans and lists only."""
        return {
            "key": self.key,
            "check": self.check,
            "status": self.status,
            "title": self.title,
            "explanation": self.explanation,
            "clauses": list(self.clauses),
            "reading": self.reading,
            "popular_claim": self.popular_claim,
            "action": self.action,
            "parameters": dict(sorted(self.parameters.items())),
        }


def worst(statuses: list[Status]) -> Status:
    """The most pressing of some statuses; not applicable where there are none."""
    return min(statuses, key=STATUSES.index, default="not_applicable")


def place_of(status: str) -> int:
    """The place of a status where findings are shown; words of other releases come last."""
    return READING_ORDER.index(status) if status in READING_ORDER else len(READING_ORDER)


def cite(clauses: Iterable[str]) -> str:
    """Clauses in brackets, as they end a sentence."""
    return f"({', '.join(clauses)})"


def fact_missing(question: str) -> str:
    """The action of an unknown finding: which answer is waited for."""
    return f"Answer “{question}”."
