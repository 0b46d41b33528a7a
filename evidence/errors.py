"""What a person can put right about evidence."""

from __future__ import annotations

from django.utils.translation import gettext as _


class EvidenceError(Exception):
    """A refusal with a sentence for the screen that says what to do."""


class NotDecided(EvidenceError):  # noqa: N818 - reads as a sentence where it is caught
    """The review has no decision yet, so there is nothing to prove."""

    def __init__(self, reference: str) -> None:
        super().__init__(
            _("%(review)s has not been decided, so there is no record of it yet. Decide it first.")
            % {"review": reference}
        )


class RecordDisagrees(EvidenceError):  # noqa: N818 - reads as a sentence where it is caught
    """The rows do not fit the digests that were signed; nothing is sealed over a contradiction."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} {_('Nothing is sealed over that: ask whoever runs the portal to find out why.')}")
