"""The safeguard models, and what the sources say about their licence. Some sources disagree: that is shown. Pure.

Where candidates differ, `versions` is the cautious union, and `leading` the version that most sources name, if any.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext_noop

from licences.model_name_parts import NameParts

_PROMPT_GUARD = re.compile(r"prompt[-_ ]?guard(?:[-_ ]?(?P<number>[0-9])(?![0-9mb.]))?")
_GUARD = re.compile(r"llama[-_ ]?guard(?:[-_ ]?(?P<number>[0-9])(?![0-9b.]))?")


@dataclass(frozen=True, kw_only=True)
class Safeguard:
    """What is known of one safeguard model."""

    outcome: Literal["resolved", "conflict", "ask"]
    versions: tuple[str, ...]
    why: str
    leading: str = ""
    multimodal: bool | None = False
    not_meta_base: bool = False


# (family, generation, size); no size where there was only one.
SAFEGUARDS: dict[tuple[str, str, str], Safeguard] = {
    ("guard", "", "7B"): Safeguard(
        outcome="resolved",
        versions=("llama-2",),
        why=gettext_noop("The first Llama Guard is under the licence of Llama 2."),
    ),
    ("guard", "2", ""): Safeguard(
        outcome="conflict",
        versions=("llama-3", "llama-2"),
        leading="llama-3",
        why=gettext_noop(
            "Llama Guard 2 says that Llama 3's licence applies, but its folder holds the text of Llama 2."
        ),
    ),
    ("guard", "3", "8B"): Safeguard(
        outcome="conflict",
        versions=("llama-3.1", "llama-3.2"),
        why=gettext_noop(
            "Llama Guard 3 8B says that Llama 3.1's licence applies, but its folder holds that of Llama 3.2."
        ),
    ),
    ("guard", "3", "1B"): Safeguard(
        outcome="resolved",
        versions=("llama-3.2",),
        why=gettext_noop("Llama Guard 3 1B is under the licence of Llama 3.2."),
    ),
    ("guard", "3", "11B"): Safeguard(
        outcome="resolved",
        versions=("llama-3.2",),
        multimodal=True,
        why=gettext_noop("Llama Guard 3 11B Vision is under the licence of Llama 3.2."),
    ),
    ("guard", "3", ""): Safeguard(
        outcome="ask",
        versions=("llama-3.1", "llama-3.2"),
        multimodal=None,
        why=gettext_noop("The sizes of Llama Guard 3 are under different licences: state the size."),
    ),
    ("guard", "4", ""): Safeguard(
        outcome="resolved",
        versions=("llama-4",),
        multimodal=True,
        why=gettext_noop("Llama Guard 4 is under the licence of Llama 4."),
    ),
    ("prompt-guard", "", ""): Safeguard(
        outcome="conflict",
        versions=("llama-3.2", "llama-3.1", "llama-3"),
        not_meta_base=True,
        why=gettext_noop(
            "Prompt Guard was not made from a Llama model, and its sources name the licences of Llama 3, 3.1 and 3.2."
        ),
    ),
    ("prompt-guard", "2", ""): Safeguard(
        outcome="conflict",
        versions=("llama-4", "llama-3.2"),
        leading="llama-4",
        not_meta_base=True,
        why=gettext_noop(
            "Prompt Guard 2 was not made from a Llama model. Its folder holds Llama 4's licence, a link leads to 3.2's."
        ),
    ),
}
_ONLY_SIZES = {
    ("guard", "2"): {"8B"},
    ("guard", "4"): {"12B"},
    ("prompt-guard", ""): {"86M"},
    ("prompt-guard", "2"): {"22M", "86M"},
}


def safeguard_of(parts: NameParts) -> tuple[str, str, str] | None:
    """The key of the safeguard that a name stands for, known or not; None when it is none."""
    for family, pattern in (("prompt-guard", _PROMPT_GUARD), ("guard", _GUARD)):
        found = pattern.search(parts.words)
        if found is not None:
            number, size = found["number"] or "", parts.size
            if size in _ONLY_SIZES.get((family, number), set()):
                size = ""
            elif family == "prompt-guard" and not size and "llama" not in parts.whole:
                size = "unknown"  # others have models of this name too
            return family, "" if number == "1" else number, size
    return None
