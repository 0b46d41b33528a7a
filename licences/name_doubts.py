"""What in a name speaks against its Llama version as the base: a second number. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

# After a number: what makes it a size, a context, a count of experts or a quantisation.
_NO_MEASURE = r"(?![0-9.]*[-_ ]?(?:b|k|m|e|bits?|bpw)(?![a-z]))"
_NUMBERS = (
    re.compile(
        r"(?<![0-9])(?<![0-9]\.)(?<!bpw)(?<!bpw[-_ ])(?P<major>[0-9]{1,2})\.(?P<minor>[0-9]{1,2})(?![0-9])(?!\.[0-9])"
        + _NO_MEASURE
    ),
    re.compile(r"(?<![a-z0-9])v?(?P<major>[0-9])p(?P<minor>[0-9])(?![a-z0-9])"),
    re.compile(
        r"(?<![a-z0-9.])(?<![0-9][-_ ])v?(?P<major>[0-9])[-_ ](?P<minor>[0-9])(?![a-z0-9])(?![-_.][0-9])" + _NO_MEASURE
    ),
)


def numbers_in(words: str) -> frozenset[str]:
    """The numbers of two parts that could be versions, as slugs: llama-3.1 for 3.1, v3p1, v3_1 and 3-1."""
    found = (one for pattern in _NUMBERS for one in pattern.finditer(words))
    return frozenset(f"llama-{one['major']}.{one['minor']}" for one in found)


def other_versions_in(words: str, own: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """Which known versions have their number in a name besides its own: "Llama-3-70B-Instruct-3.3" has 3.3.

    Only numbers of Llama versions count: the v0.1 and v1.2 of people who fine-tune say nothing.
    """
    named = numbers_in(words) - set(own)
    return tuple(slug for slug in known if slug in named)
