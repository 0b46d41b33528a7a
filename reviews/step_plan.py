"""Which signatures a review needs, from its findings and answers. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

PLAN_VERSION = 1
ATTRIBUTION_CHECK = 3
DISPLAY_KEYS = frozenset({"display", "union:display"})
DISPLAY_STATUSES = frozenset({"satisfied", "action_needed", "legal_judgement", "unknown"})


@dataclass(frozen=True)
class PlannedStep:
    """A place in the plan. Steps with the same order may be signed at the same time, in any sequence."""

    order: int
    key: str
    role: str
    why: str

    def as_document(self) -> dict[str, Any]:
        return {"order": self.order, "key": self.key, "role": self.role}


def display_duties(findings: Iterable[Mapping[str, Any]], answers: Mapping[int, str]) -> list[Mapping[str, Any]]:
    """The findings that ask somebody to keep a display in place (LICENSE 1.b.i).

    Where the text leaves it to judgement, the reviewer's answer to check 3 settles it: “not applicable”, or a position
    taken, means that no display is due.
    """
    settled = answers.get(ATTRIBUTION_CHECK) in {"not_applicable", "position_taken"}
    due = DISPLAY_STATUSES - {"legal_judgement"} if settled else DISPLAY_STATUSES
    return [finding for finding in findings if finding["key"] in DISPLAY_KEYS and finding["status"] in due]


def plan(findings: Sequence[Mapping[str, Any]], answers: Mapping[int, str]) -> list[PlannedStep]:
    """The plan for these findings (as documents) and these answers by check number.

    The reviewer signs the answers first. Then the approver; the attribution owner where a display duty applies; the
    risk owner where a position is taken.
    """
    steps = [
        PlannedStep(
            1, "reviewer", "legal_reviewer", _("Every review needs the person who examined the facts and the texts.")
        ),
    ]
    if display_duties(findings, answers):
        why = _("A display duty applies (LICENSE 1.b.i), so somebody answers for keeping it in place.")
        steps.append(PlannedStep(2, "attribution_owner", "attribution_owner", why))
    taken = sorted(number for number, answer in answers.items() if answer == "position_taken")
    if taken:
        numbers = ", ".join(map(str, taken))
        why = _("A position is taken in check %(numbers)s, so somebody accepts its residual risk.") % {
            "numbers": numbers
        }
        steps.append(PlannedStep(2, "risk_owner", "risk_owner", why))
    steps.append(PlannedStep(2, "approver", "legal_approver", _("Approval is the decision of a legal approver.")))
    return steps


def plan_document(steps: Iterable[PlannedStep]) -> dict[str, Any]:
    """What the plan's digest is taken of."""
    return {"schema": "licence-desk/plan", "version": PLAN_VERSION, "steps": [step.as_document() for step in steps]}


def open_orders(steps: Iterable[tuple[int, bool]]) -> int | None:
    """The order whose turn it is, from (order, signed) pairs; None when all are signed."""
    return min((order for order, signed in steps if not signed), default=None)
