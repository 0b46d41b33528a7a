"""What a person can put right themselves."""

from __future__ import annotations


class LicenceError(Exception):
    """Something about licence texts or versions that a person can fix; the message says how."""
