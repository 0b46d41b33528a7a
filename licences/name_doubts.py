"""What in a name speaks against its Llama version as the base: another family, a teacher, a second number. Pure.

A name says what went into a model, not how. "Qwen3-8B-Llama-3.1-distill" may have Qwen's weights and have learned from
Llama's outputs, or the reverse. Such a name is a question, whatever version stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from licences.known_models import FAMILIES_BESIDE_LLAMA, LOOK_ALIKES, TOOLS

_LLAMA = re.compile(r"llama|vicuna|foundation-sec")
# DeepSeek writes the base after "Distill". Its name is taken out of those models only: another family beside it counts.
_DEEPSEEK_DISTILL = re.compile(r"(?:deepseek(?:-ai)?[-_ ])*r1[-_ ]distill[-_ ](?=llama)")
_LEARNS = re.compile(
    r"(?<![a-z])(?:teacher|student|distil|synthetic(?![a-z])|generated(?![a-z])|"
    r"(?<!structured[-_ ])(?<!json[-_ ])(?<!tool[-_ ])outputs?(?![a-z]))|"
    r"(?:trained|tuned|taught)[-_ ](?:on|by|with)[-_ ](?:meta[-_ ]?)?llama"
)
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


def names_llama(words: str) -> bool:
    """Whether a name has a Llama model in it, apart from tools and from models that only sound like it."""
    return _LLAMA.search(TOOLS.sub(" ", LOOK_ALIKES.sub(" ", words))) is not None


def names_another_family(words: str) -> bool:
    """Whether a name has a family with weights of its own in it, besides the makers' own name for a distilled Llama."""
    return FAMILIES_BESIDE_LLAMA.search(_DEEPSEEK_DISTILL.sub("", words)) is not None


def learns_from_another(words: str) -> bool:
    """Whether a name speaks of a teacher, a student or outputs: Llama may be the one or the other."""
    return _LEARNS.search(_DEEPSEEK_DISTILL.sub("", words)) is not None


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
