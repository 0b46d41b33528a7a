"""How text that people enter stands in the facts of an event."""

from __future__ import annotations


def logged(text: str) -> str:
    """A model id or name for the log. Some ids end in @version, which the log would take for an e-mail address."""
    return text.replace("@", "%40")
