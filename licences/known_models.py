"""Models whose licence version the general pattern cannot tell from the name. Pure data.

Each entry says what is known and how well: "seen" was read in a source, "recalled" is general knowledge and therefore
only a hint for the person who asks. The first entry that matches counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext_noop

Outcome = Literal["resolved", "conflict", "ask", "not_llama"]


@dataclass(frozen=True)
class KnownModel:
    """A pattern over name and tag, and what follows from it."""

    rule: str
    pattern: re.Pattern[str]
    outcome: Outcome
    versions: tuple[str, ...]
    why: str  # one sentence, translated where it is shown
    leading: str = ""  # on a conflict: the version that most sources name


def _known(rule: str, pattern: str, outcome: Outcome, versions: str, why: str, leading: str = "") -> KnownModel:
    return KnownModel(rule, re.compile(rf"(?<![a-z]){pattern}"), outcome, tuple(versions.split()), why, leading)


# Looked at before the general pattern: the name alone would mislead.
KNOWN_BY_NAME: tuple[KnownModel, ...] = (
    _known(
        "vicuna",
        r"vicuna.*v1[._-]?5(?![0-9])",
        "resolved",
        "llama-2",
        gettext_noop("Vicuna 1.5 was made from Llama 2."),
    ),
    _known(
        "vicuna",
        r"vicuna.*v(?:0|1[._-]?[13])(?![0-9])",
        "resolved",
        "llama-1",
        gettext_noop("Vicuna up to 1.3 was made from the first LLaMA. Its own licence bars commercial use."),
    ),
    _known(
        "deepseek-distill",
        r"r1[-_ ]distill[-_ ]llama[-_ ]?8b",
        "resolved",
        "llama-3.1",
        gettext_noop("DeepSeek says that this distilled model was made from Llama 3.1 8B; its own tag says MIT."),
    ),
    _known(
        "deepseek-distill",
        r"r1[-_ ]distill[-_ ]llama[-_ ]?70b",
        "resolved",
        "llama-3.3",
        gettext_noop(
            "DeepSeek says that this distilled model was made from Llama 3.3 70B Instruct; its own tag says MIT."
        ),
    ),
    _known(
        "deepseek-distill",
        r"r1[-_ ]distill[-_ ]qwen",
        "not_llama",
        "",
        gettext_noop("DeepSeek made this distilled model from Qwen, not from Llama."),
    ),
    _known(
        "re-pointed-tag",
        r"deepseek-r1(?:$|:)",
        "ask",
        "",
        gettext_noop(
            "Some of these tags are distilled from Llama and some are not, and one was pointed at another model later: "
            "name the exact model and its digest."
        ),
    ),
    _known(
        "nemotron-super",
        r"llama[-_ ]?3[._]3[-_ ]nemotron[-_ ]super[-_ ]49b",
        "conflict",
        "llama-3.3 llama-3.1",
        gettext_noop("The name says Llama 3.3, but NVIDIA's documentation derives it from Llama 3.1 70B."),
    ),
    _known(
        "foundation-sec",
        r"foundation-sec-1\.1-8b",
        "resolved",
        "llama-3.1",
        gettext_noop("The notice of this model names Llama 3.1, although its name does not."),
    ),
)

# Looked at after the general pattern found no version: families with a Llama base that the name does not give.
HIDDEN_BASES: tuple[KnownModel, ...] = (
    _known(
        "hidden-base", r"foundation[-_ ]sec", "ask", "llama-3.1", gettext_noop("This family was made from Llama 3.1.")
    ),
    _known(
        "hidden-base",
        r"hermes[-_ ]?4",
        "ask",
        "llama-3.1",
        gettext_noop("Large models of this family were made from Llama 3.1."),
    ),
    _known(
        "hidden-base", r"hermes[-_ ]?3[-_ :]+3b", "ask", "llama-3.2", gettext_noop("This size was made from Llama 3.2.")
    ),
    _known(
        "hidden-base",
        r"hermes[-_ ]?3",
        "ask",
        "llama-3.1",
        gettext_noop("Most of this family was made from Llama 3.1."),
    ),
    _known("hidden-base", r"tulu[-_ ]?3", "ask", "llama-3.1", gettext_noop("This family was made from Llama 3.1.")),
    _known(
        "hidden-base",
        r"dolphin[-_ ]?3",
        "ask",
        "llama-3.1",
        gettext_noop("Most of this family was made from Llama 3.1."),
    ),
    _known(
        "hidden-base",
        r"wizardlm[-_ ]13b[-_ ]v1\.2",
        "ask",
        "llama-2",
        gettext_noop("This model was made from Llama 2."),
    ),
    _known(
        "hidden-base",
        r"(?:wizardcoder[-_ ]python|sheared[-_ ]?llama|stable[-_ ]?beluga[-_ ]?2|orca[-_ ]?2|platypus[-_ ]?2|meditron)",
        "ask",
        "llama-2",
        gettext_noop("This family was made from Llama 2."),
    ),
    _known(
        "hidden-base",
        r"(?:alpaca|guanaco|koala|gpt4all[-_ ].*snoozy)",
        "ask",
        "llama-1",
        gettext_noop(
            "The first models of this family were made from the first LLaMA, whose licence bars commercial use."
        ),
    ),
    _known(
        "hidden-base",
        r"(?:vicuna|hermes|nous-?hermes|openhermes|nemotron|tulu|dolphin|llava|bakllava|wizardlm|wizard|stable-?beluga|"
        r"beluga|orca|platypus|euryale|stheno|mythomax|smaug|swallow|minitron|deepseek-r1-distill|open-?orca)",
        "ask",
        "",
        gettext_noop("Models of this family were made from different bases."),
    ),
)

# Names that contain "llama" but stand for other weights, or for no weights at all.
LOOK_ALIKES = re.compile(r"(?:tiny[-_ ]?llamas?|open[-_ ]?llama)(?![a-z])")
TOOLS = re.compile(
    r"(?<![a-z])(?:ollama|llama[-_. ]?cpp(?:-python)?|llama[0-9.]*\.(?:cpp|c|rs|go|js|py|java)|llama[-_ ]?file|"
    r"llama[-_ ]?index|llama[-_ ]?factory|llama[-_ ]?parse|llama[-_ ]?hub|llama[-_ ]?stack|llama[-_ ]?cookbook|"
    r"llama[-_ ]?recipes|llama[-_ ]?firewall|code[-_ ]?shield|cyber[-_ ]?sec[-_ ]?eval|"
    r"sensitive[-_ ]?doc[-_ ]?classification)(?![a-z0-9])"
)

# Families that others train from their own weights. They count only where nothing in the id points to Llama.
OTHER_FAMILIES = re.compile(
    r"(?:mistral|mixtral|codestral|ministral|qwen|qwq|gemma|gemini|claude|gpt-[2-5]|phi-[1-4]|falcon|command-r)"
)
# The same and more, anywhere in a name that has Llama in it as well: then nobody knows which of them is the base. The
# list may be generous, as all that follows from it is a question. Organisations are no part of a name.
FAMILIES_BESIDE_LLAMA = re.compile(
    r"mistral|mixtral|ministral|codestral|magistral|devstral|pixtral|qwen|gemma|gemini|claude|falcon|deepseek|internlm|"
    r"baichuan|smollm|stablelm|starcoder|minicpm|hunyuan|exaone|granite|chatglm|chatgpt|"
    r"(?<![a-z])(?:qwq|qvq|gpt[-_ ]?[2-5](?!all)|gpt[-_ ]?(?:oss|neox?|j)(?![a-z])|phi[-_ ]?[1-5]|glm[-_ ]?[0-9]|"
    r"yi[-_ ][0-9]|olmo|command-r(?![a-z])|bloomz?(?![a-z])|pythia|mpt[-_ ]?[0-9]|solar[-_ ]?10|kimi|grok|dbrx|"
    r"(?:flan[-_ ]?)?t5(?![a-z0-9]))"
)
