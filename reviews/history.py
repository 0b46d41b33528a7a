"""The review's history in sentences: log lines, with the words of messages beside them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import FilteredRelation, Q, QuerySet
from django.utils.translation import gettext as _

from foundation.audit.kinds import Kind
from foundation.audit.models import Event, actor_in_words
from foundation.audit.words import icon_and_tone, phrase
from foundation.reads import Given, Read
from reviews.models import Review
from reviews.models.steps import StepKey
from reviews.reading import messages_of

NEWEST = 20
_SEALED = frozenset({Kind.REVIEW_STEP_SIGNED, Kind.REVIEW_APPROVED})
_REASONS = dict(Review._meta.get_field("reason").flatchoices)


class _Line(NamedTuple):
    """An event, with the name of who acted as it was, unless that has been erased."""

    kind: str
    recorded_at: datetime
    actor_kind: str
    actor_ref: str
    hash: str
    body: str
    name: str | None


def _events() -> QuerySet[Event, Any]:
    found: QuerySet[Event, Any] = (
        Event.objects.filter(subjects__reference=Given("reference"))
        .alias(actor=FilteredRelation("personal_values", condition=Q(personal_values__field="actor_name")))
        .order_by("-seq")
        .values_list("kind", "recorded_at", "actor_kind", "actor_ref", "hash", "body", "actor__value")
    )
    return found


_NEWEST = Read(_Line, lambda: _events()[: NEWEST + 1])  # one more tells whether there are older ones
_ALL = Read(_Line, _events)


def told_of(review: Review, *, everything: bool) -> list[dict[str, Any]]:
    """Rows for templates/_parts/_timeline.html, newest first: all, or as many as the page shows and one more."""
    lines = [
        (line, json.loads(line.body)["facts"]) for line in (_ALL if everything else _NEWEST)(reference=review.reference)
    ]
    messages = messages_of(review) if any(_has_message(line, facts) for line, facts in lines) else []
    said = {message.pk: message.text for message in messages}
    changes = [message.text for message in messages if message.kind == "changes_requested"]
    rows = []
    for line, facts in lines:
        icon, tone = icon_and_tone(line.kind)
        words = ""
        if line.kind == Kind.REVIEW_CHANGES_REQUESTED and changes:
            words = changes.pop()
        elif isinstance(facts.get("message"), int):
            words = said.get(facts["message"], "")
        rows.append(
            {
                "who": actor_in_words(line.actor_kind, line.actor_ref, line.name),
                "what": phrase(line.kind) + _detail_words(line.kind, facts),
                "when": line.recorded_at,
                "icon": icon,
                "tone": tone,
                "said": words,
                "url": "",
                "digest": line.hash if line.kind in _SEALED else "",
            }
        )
    return rows


def _has_message(line: _Line, facts: dict[str, Any]) -> bool:
    return line.kind == Kind.REVIEW_CHANGES_REQUESTED or "message" in facts


def _detail_words(kind: str, facts: dict[str, Any]) -> str:
    """The part of a sentence that comes from the event's facts."""
    if kind == Kind.REVIEW_CHECK_ANSWERED:
        return _(" %(number)s as “%(answer)s”") % {
            "number": facts["check"],
            "answer": str(facts["answer"]).replace("_", " "),
        }
    if kind == Kind.REVIEW_STEP_SIGNED:
        return _(" as %(role)s") % {"role": StepKey(facts["step"]).label.lower()}
    if kind == Kind.REVIEW_OPENED:
        return _(": %(reason)s") % {"reason": _REASONS.get(facts["reason"], "")}
    return ""
