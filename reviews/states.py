"""The states of a review and the moves between them: one table that every action asks."""

from __future__ import annotations

from django.db.models import TextChoices


class State(TextChoices):
    FACTS_NEEDED = "facts_needed", "Waiting for facts"
    IN_REVIEW = "in_review", "In review"
    CHANGES_REQUESTED = "changes_requested", "Changes requested"
    WAITING_FOR_META = "waiting_for_meta", "Waiting for Meta"
    WAITING_FOR_COUNSEL = "waiting_for_counsel", "Waiting for external counsel"
    SIGNING = "signing", "Waiting for signatures"
    APPROVED = "approved", "Approved"
    APPROVED_WITH_CONDITIONS = "approved_with_conditions", "Approved with conditions"
    REJECTED = "rejected", "Rejected"
    WITHDRAWN = "withdrawn", "Withdrawn"
    NOT_LLAMA = "not_llama", "Not Llama-licensed"
    SUSPENDED = "suspended", "Suspended"
    REVOKED = "revoked", "Revoked"
    TERMINATED = "terminated", "Terminated"


OPEN_STATES = frozenset(
    {
        State.FACTS_NEEDED,
        State.IN_REVIEW,
        State.CHANGES_REQUESTED,
        State.WAITING_FOR_META,
        State.WAITING_FOR_COUNSEL,
        State.SIGNING,
    }
)
APPROVED_STATES = frozenset({State.APPROVED, State.APPROVED_WITH_CONDITIONS})
PARKED_STATES = frozenset({State.WAITING_FOR_META, State.WAITING_FOR_COUNSEL})
FACTS_MAY_MOVE = frozenset({State.IN_REVIEW, State.SIGNING}) | PARKED_STATES


class Move(TextChoices):
    """What somebody does to a review."""

    DECLARE = "declare", "Declare the facts"
    WAIT_FOR_FACTS = "wait_for_facts", "Wait for facts that were declared for another component"
    REOPEN = "reopen", "Reopen because something material changed"
    REQUEST_CHANGES = "request_changes", "Ask for changes"
    PARK = "park", "Wait for somebody outside"
    RESUME = "resume", "Resume"
    SIGN_ANSWERS = "sign_answers", "Sign the answers"
    APPROVE = "approve", "Approve"
    REJECT = "reject", "Reject"
    WITHDRAW = "withdraw", "Withdraw"
    CLOSE_NOT_LLAMA = "close_not_llama", "Close as not Llama-licensed"
    SUSPEND = "suspend", "Suspend"
    REINSTATE = "reinstate", "Reinstate"
    REVOKE = "revoke", "Revoke"
    TERMINATE = "terminate", "Record that the licence ended"


MOVES: dict[Move, tuple[frozenset[State], frozenset[State]]] = {
    # move: (states it may start from, states it may lead to)
    Move.DECLARE: (
        frozenset({State.FACTS_NEEDED, State.CHANGES_REQUESTED, State.IN_REVIEW, State.SIGNING}),
        frozenset({State.IN_REVIEW}),
    ),
    Move.WAIT_FOR_FACTS: (FACTS_MAY_MOVE, frozenset({State.FACTS_NEEDED})),
    Move.REOPEN: (frozenset({State.SIGNING}), frozenset({State.IN_REVIEW})),
    Move.REQUEST_CHANGES: (frozenset({State.IN_REVIEW, State.SIGNING}), frozenset({State.CHANGES_REQUESTED})),
    Move.PARK: (frozenset({State.IN_REVIEW}), PARKED_STATES),
    Move.RESUME: (PARKED_STATES, frozenset({State.IN_REVIEW})),
    Move.SIGN_ANSWERS: (frozenset({State.IN_REVIEW}), frozenset({State.SIGNING})),
    Move.APPROVE: (frozenset({State.SIGNING}), APPROVED_STATES),
    Move.REJECT: (frozenset({State.IN_REVIEW, State.SIGNING}) | PARKED_STATES, frozenset({State.REJECTED})),
    Move.WITHDRAW: (OPEN_STATES, frozenset({State.WITHDRAWN})),
    Move.CLOSE_NOT_LLAMA: (
        frozenset({State.FACTS_NEEDED, State.IN_REVIEW, State.CHANGES_REQUESTED}),
        frozenset({State.NOT_LLAMA}),
    ),
    Move.SUSPEND: (APPROVED_STATES, frozenset({State.SUSPENDED})),
    Move.REINSTATE: (frozenset({State.SUSPENDED}), APPROVED_STATES),
    Move.REVOKE: (APPROVED_STATES | {State.SUSPENDED}, frozenset({State.REVOKED})),
    Move.TERMINATE: (APPROVED_STATES | {State.SUSPENDED}, frozenset({State.TERMINATED})),
}


class WrongState(Exception):  # noqa: N818 - it says what happened
    """The review is not where this move starts; the sentence says where it is and what that means."""


def require_move(move: Move, *, state: str, to: State) -> None:
    """Refuse a move that the table does not list."""
    sources, targets = MOVES[move]
    if state not in sources:
        names = ", ".join(sorted(source.label for source in sources))
        raise WrongState(
            f"The review is “{State(state).label}”. To {move.label[0].lower()}{move.label[1:]} it must be: {names}. "
            "Reload the page to see what happened meanwhile."
        )
    if to not in targets:
        raise WrongState(f"“{move.label}” cannot lead to “{to.label}”.")


def may_move(move: Move, state: str) -> bool:
    """Whether the table lists this move from this state; pages show only what may happen."""
    return state in MOVES[move][0]
