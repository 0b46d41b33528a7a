"""The review's history in sentences: log lines, with the words of messages beside them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from foundation.audit.models import Event
from foundation.audit.words import icon_and_tone, phrase
from reviews.models import Review
from reviews.models.steps import StepKey


def timeline(review: Review, events: Iterable[Event]) -> list[dict[str, Any]]:
    """Rows for templates/_parts/_timeline.html, in the order of the events."""
    said = {message.pk: message.text for message in review.messages.all()}
    changes = [message.text for message in review.messages.all() if message.kind == "changes_requested"]
    rows = []
    for event in events:
        icon, tone = icon_and_tone(event.kind)
        words = ""
        if event.kind == "review.changes_requested" and changes:
            words = changes.pop()
        elif isinstance(event.facts.get("message"), int):
            words = said.get(event.facts["message"], "")
        rows.append(
            {
                "who": event.actor_name or event.actor_ref,
                "what": phrase(event.kind) + detail_words(event),
                "when": event.recorded_at,
                "icon": icon,
                "tone": tone,
                "said": words,
                "digest": event.hash if event.kind in {"review.step_signed", "review.approved"} else "",
            }
        )
    return rows


def detail_words(event: Event) -> str:
    """The part of a sentence that comes from the event's facts."""
    facts = event.facts
    if event.kind == "review.check_answered":
        return _(" %(number)s as “%(answer)s”") % {
            "number": facts["check"],
            "answer": str(facts["answer"]).replace("_", " "),
        }
    if event.kind == "review.step_signed":
        return _(" as %(role)s") % {"role": StepKey(facts["step"]).label.lower()}
    if event.kind == "review.opened":
        return _(": %(reason)s") % {
            "reason": dict(Review._meta.get_field("reason").choices or []).get(facts["reason"], "")
        }
    return ""
