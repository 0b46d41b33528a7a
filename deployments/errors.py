"""What a person can put right themselves."""

from __future__ import annotations

from collections.abc import Mapping


class DeploymentError(Exception):
    """Something about entities, products or facts that the person can fix. The message says how.

    `fields` holds a sentence per answer, so that a form can show it beside the question.
    """

    def __init__(self, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields = dict(fields or {})
