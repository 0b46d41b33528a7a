"""What is wrong with the portal's keys, with a sentence that says what to do."""

from __future__ import annotations


class KeysUnusable(Exception):  # noqa: N818 - reads as a sentence where it is caught
    """The portal's keys cannot be used; the message says what to do."""
