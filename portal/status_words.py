"""Every status word that a page can show, with its tone and icon: a status is always icon, word and colour."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class StatusLook(NamedTuple):
    """How one status word looks. The word itself is translated when it is shown."""

    tone: str  # ok, warn, bad, info or mute: a class of portal.css
    icon: str  # a name of the lucide set
    word: str


# tone, icon, then the words that look so
_GROUPS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "ok",
        "circle-check",
        (
            gettext_noop("Approved"),
            gettext_noop("In force"),
            gettext_noop("Met"),
            gettext_noop("Satisfied"),
            gettext_noop("Allow"),
            gettext_noop("Allowed"),
            gettext_noop("Done"),
            gettext_noop("Completed"),
            gettext_noop("Succeeded"),
            gettext_noop("Active"),
            gettext_noop("Held"),
            gettext_noop("Fulfilled"),
            gettext_noop("Evidenced"),
            gettext_noop("Declared"),
            gettext_noop("Answered"),
            gettext_noop("Delivered"),
            gettext_noop("Sent"),
            gettext_noop("Certified"),
            gettext_noop("Ready"),
            gettext_noop("Granted"),
        ),
    ),
    ("ok", "shield-check", (gettext_noop("Signed"), gettext_noop("Verified"), gettext_noop("Sealed"))),
    ("ok", "eye", (gettext_noop("Seen"),)),
    ("ok", "rocket", (gettext_noop("Live"),)),
    (
        "warn",
        "triangle-alert",
        (
            gettext_noop("Approved with conditions"),
            gettext_noop("Met with conditions"),
            gettext_noop("Conditions"),
            gettext_noop("Action needed"),
            gettext_noop("Due soon"),
            gettext_noop("Condition open"),
            gettext_noop("Unresolved"),
            gettext_noop("Not evidenced"),
        ),
    ),
    ("warn", "scale", (gettext_noop("Position taken"), gettext_noop("Legal judgement"), gettext_noop("Reading"))),
    ("warn", "refresh-cw", (gettext_noop("Stale"), gettext_noop("Retrying"))),
    ("warn", "undo-2", (gettext_noop("Changes requested"), gettext_noop("Reopened"))),
    (
        "warn",
        "hourglass",
        (
            gettext_noop("Waiting for Meta"),
            gettext_noop("Waiting for external counsel"),
            gettext_noop("Waiting for counsel"),
            gettext_noop("Pending"),
        ),
    ),
    ("warn", "circle-pause", (gettext_noop("Suspended"), gettext_noop("Paused"), gettext_noop("On hold"))),
    ("warn", "circle-question-mark", (gettext_noop("Unknown"), gettext_noop("Missing"))),
    (
        "bad",
        "ban",
        (
            gettext_noop("Blocked"),
            gettext_noop("Prohibited"),
            gettext_noop("Deny"),
            gettext_noop("Denied"),
            gettext_noop("Without approval"),
            gettext_noop("No approval"),
            gettext_noop("Not approved"),
        ),
    ),
    (
        "bad",
        "circle-x",
        (
            gettext_noop("Rejected"),
            gettext_noop("Not met"),
            gettext_noop("Failed"),
            gettext_noop("Revoked"),
            gettext_noop("Terminated"),
            gettext_noop("Dead"),
            gettext_noop("Breached"),
            gettext_noop("Invalid"),
        ),
    ),
    ("bad", "clock", (gettext_noop("Expired"), gettext_noop("Lapsed"), gettext_noop("Overdue"))),
    (
        "info",
        "circle-dot",
        (
            gettext_noop("In review"),
            gettext_noop("Open"),
            gettext_noop("Submitted"),
            gettext_noop("In progress"),
            gettext_noop("Signing"),
            gettext_noop("Facts needed"),
        ),
    ),
    ("info", "pencil", (gettext_noop("Answering now"), gettext_noop("Draft"), gettext_noop("Proposed"))),
    ("info", "loader", (gettext_noop("Running"), gettext_noop("Queued"), gettext_noop("Building"))),
    ("info", "mail", (gettext_noop("Invited"), gettext_noop("New"), gettext_noop("Unread"))),
    (
        "mute",
        "circle-dashed",
        (
            gettext_noop("Not answered"),
            gettext_noop("Not started"),
            gettext_noop("Not declared"),
            gettext_noop("Not signed"),
            gettext_noop("Waiting"),
            gettext_noop("Planned"),
            gettext_noop("Not yet valid"),
        ),
    ),
    ("mute", "lock", (gettext_noop("Cannot start yet"), gettext_noop("Locked"))),
    ("mute", "minus", (gettext_noop("Not applicable"), gettext_noop("Not deployed"), gettext_noop("None"))),
    ("mute", "circle-slash", (gettext_noop("Not Llama-licensed"), gettext_noop("Withdrawn"), gettext_noop("Waived"))),
    (
        "mute",
        "archive",
        (
            gettext_noop("Retired"),
            gettext_noop("Closed"),
            gettext_noop("Superseded"),
            gettext_noop("Replaced"),
            gettext_noop("Ended"),
            gettext_noop("Inactive"),
            gettext_noop("Deactivated"),
            gettext_noop("Cancelled"),
            gettext_noop("Read"),
            gettext_noop("Removed"),
        ),
    ),
)


def _key(value: object) -> str:
    """One form for 'approved_with_conditions', 'Approved with conditions' and a TextChoices member."""
    return " ".join(str(value).replace("_", " ").replace("-", " ").casefold().split())


_LOOKS: dict[str, StatusLook] = {
    _key(word): StatusLook(tone, icon, word) for tone, icon, words in _GROUPS for word in words
}


def look_of(value: object) -> StatusLook:
    """The look of a status word. A word we do not know is shown as it is, in neutral: never as a good state."""
    key = _key(value)
    if not key:
        return StatusLook("mute", "circle-dashed", str(_("Not recorded")))
    known = _LOOKS.get(key)
    if known is None:
        return StatusLook("mute", "circle", key[:1].upper() + key[1:])
    return known._replace(word=str(_(known.word)))


def all_looks() -> list[StatusLook]:
    """Every known status, for the style page and its screenshot."""
    return [look_of(look.word) for look in _LOOKS.values()]
