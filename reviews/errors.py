"""What a person can put right on a review."""

from __future__ import annotations


class ReviewError(Exception):
    """A refusal with a sentence for the screen that says what to do."""


class ChangedMeanwhile(ReviewError):  # noqa: N818 - it says what happened
    """The review is no longer what the page showed; the differences, one sentence each."""

    def __init__(self, differences: list[str]) -> None:
        super().__init__(
            "This review changed since your page was shown, so nothing was signed. Read what changed, then sign again."
        )
        self.differences = differences
