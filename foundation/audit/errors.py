"""What the audit log refuses, each with a sentence that says what to do."""

from __future__ import annotations


class AuditError(Exception):
    """The log refuses this call; the message says what to do instead."""
