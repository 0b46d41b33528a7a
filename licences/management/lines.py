"""What the commands say of one licence text."""

from __future__ import annotations

from licences.models import LicenceText, TextStanding
from licences.queries import citations_without_clause


def said_of(text: LicenceText) -> str:
    """What the text is, what is known of it, and what to do."""
    return f"{text.version.name} {text.get_kind_display().lower()}: {text.label}. {_what_to_do(text)}"


def _what_to_do(text: LicenceText) -> str:
    if text.is_current and (lost := citations_without_clause(text)):
        return (
            f"New reviews rely on it. Its terms cite clauses that it does not have: {', '.join(lost)}. "
            "Correct them in the version's catalogue file."
        )
    if text.is_current:
        return "New reviews rely on it; nothing to do."
    if text.standing == TextStanding.ACCEPTED:
        return "Kept beside the current text; nothing to do."
    if text.standing == TextStanding.REFUSED:
        return "A lawyer refused it; nothing to do."
    return f"Kept apart: a lawyer reads it and decides at /licences/{text.version.slug}/#candidates."
