"""Names that look like Llama, or hold it, and stand under terms of others: where those terms are read. Pure data.

Some replace Meta's agreement, because nothing of Llama is in the model; some come on top of it. "seen" was read in a
source, "recalled" is general knowledge and therefore a hint.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext_noop

from licences.model_name_parts import take_apart

# Said of every name whose terms come on top. It rests on LICENSE acceptance, which is cited beside it.
BINDS_AS_WELL = gettext_noop(
    "Reading: where anything of the Llama Materials is in the model, Meta's agreement binds whoever uses or "
    "distributes it as well, whatever its publisher's terms are"
)


@dataclass(frozen=True)
class GoverningTerms:
    """Whose terms govern, or govern as well, what a name stands for."""

    pattern: re.Pattern[str]
    beside_llama: bool  # whether a Llama agreement binds as well
    why: str  # one sentence, translated where it is shown
    address: str  # where to read them; empty where the model's own card is the place
    evidence: Literal["seen", "recalled"]

    @property
    def binds_as_well(self) -> str:
        """The reading that goes with terms on top of Meta's, translated where it is shown; empty with the others."""
        return BINDS_AS_WELL if self.beside_llama else ""


def _terms(pattern: str, why: str, *, beside: bool, address: str = "", seen: bool = True) -> GoverningTerms:
    return GoverningTerms(re.compile(rf"(?<![a-z]){pattern}"), beside, why, address, "seen" if seen else "recalled")


_KNOWN: tuple[GoverningTerms, ...] = (
    _terms(
        r"(?:llama[-_ ]?firewall|code[-_ ]?shield|cyber[-_ ]?sec[-_ ]?eval|sensitive[-_ ]?doc[-_ ]?classification)",
        gettext_noop("Meta publishes this tool under the MIT licence, not under a Llama agreement."),
        beside=False,
        address="https://github.com/meta-llama/PurpleLlama",
    ),
    _terms(
        r"tinyllamas",
        gettext_noop("Its author published it under the MIT licence; it has weights of its own."),
        beside=False,
    ),
    _terms(
        r"tiny[-_ ]?llama",
        gettext_noop("Its copies are tagged Apache 2.0; it has weights of its own."),
        beside=False,
    ),
    _terms(
        r"open[-_ ]?llama",
        gettext_noop("It has weights of its own, under the terms of its makers."),
        beside=False,
        seen=False,
    ),
    _terms(
        r"r1[-_ ]distill[-_ ]llama",
        gettext_noop(
            "DeepSeek publishes it under the MIT licence and adds that it is derived from a Llama model, which is "
            "originally licensed under Meta's agreement."
        ),
        beside=True,
        address="https://github.com/deepseek-ai/DeepSeek-R1",
    ),
    _terms(
        r"(?:nemotron|minitron)",
        gettext_noop(
            "NVIDIA publishes these models under its own open model licence. Some of them have no Llama base at all."
        ),
        beside=True,
    ),
    _terms(
        r"vicuna.*v(?:0|1[._-]?[13])(?![0-9])",
        gettext_noop("Made from the first LLaMA, whose own licence bars commercial use."),
        beside=False,
        address="https://github.com/meta-llama/llama/tree/llama_v1",
    ),
)
# One package of NVIDIA's was read, with NVIDIA's licence and the Llama agreement as additional information; this
# pattern catches every other as well, so it is no more than a hint.
_NVIDIA_PACKAGE = _terms(
    r"",
    gettext_noop(
        "NVIDIA's packages of Llama models tend to come under a licence of NVIDIA, with the Llama agreement as "
        "additional information."
    ),
    beside=True,
    seen=False,
)


def governing_terms_of(model_id: str) -> GoverningTerms | None:
    """The terms of others that are known for what a model id names; None where none are known."""
    parts = take_apart(model_id)
    found = next((one for one in _KNOWN if one.pattern.search(parts.words)), None)
    if found is None and parts.owner == "nvidia" and "llama" in parts.name:
        return _NVIDIA_PACKAGE
    return found
