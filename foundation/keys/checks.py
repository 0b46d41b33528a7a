"""System checks: the portal must be able to use its keys, and nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from foundation.keys.health import key_problems


@register(Tags.security)
def keys_are_usable(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Report what is wrong with the keys under KEY_DIR."""
    return [
        Error(problem.sentence, id="keys.E001") if problem.serious else Warning(problem.sentence, id="keys.W001")
        for problem in key_problems()
    ]
