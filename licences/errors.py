"""What a person can put right themselves."""

from __future__ import annotations


class LicenceError(Exception):
    """Something about licence texts or versions that a person can fix; the message says how.

    `field` names what was entered wrongly, where it is one thing that a form asks for.
    """

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class TextOfAnother(LicenceError):  # noqa: N818 - reads as a sentence where it is caught
    """The text is known, and of another version: nothing is wrong with the file, only with its place."""
