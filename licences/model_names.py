"""Which Llama version a raw model id points to. A name is a hint for people, never the decision (DESIGN rule 3). Pure.

The rules run from special to general, and the first that knows something answers. None of them defaults to a version:
what no rule knows comes out as "ask". Every answer names the rule that fired, for the record.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from django.utils.translation import gettext as _

from licences.known_models import (
    HIDDEN_BASES,
    KNOWN_BY_NAME,
    LOOK_ALIKES,
    OTHER_FAMILIES,
    TOOLS,
    KnownModel,
)
from licences.model_name_parts import LONGEST, NameParts, take_apart
from licences.name_doubts import learns_from_another, names_another_family, names_llama, other_versions_in
from licences.safeguard_names import SAFEGUARDS, safeguard_of

Confidence = Literal["high", "medium", "low"]


class Status(StrEnum):
    """What the portal makes of a name."""

    RESOLVED = "resolved"
    CONFLICT = "conflict"
    ASK = "ask"
    NOT_LLAMA = "not_llama"


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What a raw model id points to, by which rule, and what a person must still say.

    `versions` are catalogue slugs. Resolved: the one version. Conflict: every candidate, best supported first; until
    counsel decides, the duties of all of them are met. Ask: at most a hint. `llama-1` is no Community Licence and is in
    no catalogue. `multimodal` is about Meta's model that the name points to; None where the name does not say.
    """

    raw: str
    status: Status
    versions: tuple[str, ...]
    rule: str
    confidence: Confidence
    explanation: str
    leading: str = ""
    multimodal: bool | None = None
    size: str = ""
    moving_tag: bool = False
    safeguard: bool = False
    begins_with_llama: bool = False
    not_meta_base: bool = False
    derived: bool = False

    @property
    def names_versions(self) -> bool:
        """Whether `versions` are more than a hint: the one, or all between which the sources disagree."""
        return self.status in {Status.RESOLVED, Status.CONFLICT}


RELEASED_SIZES: dict[str, frozenset[str]] = {
    "llama-2": frozenset({"7B", "13B", "70B"}),
    "llama-3": frozenset({"8B", "70B"}),
    "llama-3.1": frozenset({"8B", "70B", "405B"}),
    "llama-3.2": frozenset({"1B", "3B", "11B", "90B"}),
    "llama-3.3": frozenset({"70B"}),
    "llama-4": frozenset({"17B"}),
}
# Ollama's tags give experts and size in one: Scout is 16x17b, Maverick 128x17b.
EXPERTS_OF_LLAMA_4 = {"16X17B": "16", "128X17B": "128"}
CODE_LLAMA_SIZES = frozenset({"7B", "13B", "34B", "70B"})
MULTIMODAL_SIZES_OF_3_2 = frozenset({"11B", "90B"})
# Makers prune and merge official models; these families are known to have other sizes than their base.
RESIZED_FAMILIES = re.compile(r"nemotron|minitron|sheared")

_CONFIDENCE_OF_SAFEGUARDS: dict[str, Confidence] = {"resolved": "high", "conflict": "medium", "ask": "low"}

# A minor version counts only after 3, and a number before "b" is a size: llama-3-1-8b is 3.1, llama-3-13b is 3.
_VERSION = re.compile(
    r"llama[-_ ]?v?(?P<major>[0-9])(?![0-9]*\.?[0-9]*b(?![a-z]))"
    r"(?:[._\-p]?(?P<minor>[0-9])(?![0-9]*\.?[0-9]*b(?![a-z]))(?![0-9]))?(?![0-9])"
)
# Whatever stands between it and the version, a further number may be a part of it, unless it measures something.
_MORE_VERSION = re.compile(r"[.p][0-9]|(?:[^a-z0-9]+|[a-z]+)[0-9](?![0-9.]*(?:b|k|m|e|bit|bpw|x[0-9]+b)(?![a-z]))")
_CODE_LLAMA = re.compile(r"code[-_ ]?llama")
_VERSION_AFTER_TWIN = re.compile(r"[-_ ]?v?[234](?:[._p][0-9])?(?![0-9]*\.?[0-9]*b)(?![0-9])")
_SHORTHAND = re.compile(r"(?:^|[-_ ])l(?P<version>2|3(?:\.[123])?)(?=[-_ ])")
_SEES_OR_HEARS = re.compile(r"vision|visual|multimodal|omni|audio|speech|whisper|llava|(?<![a-z])vl(?![a-z])")


def propose(raw_id: str) -> Proposal:
    """Propose what a raw model id points to."""
    if len(raw_id) > LONGEST:
        return _ask(raw_id, take_apart(raw_id), "too-long", _("This is longer than any model id: write the id alone."))
    parts = take_apart(raw_id)
    for rule in _RULES:
        answer = rule(raw_id, parts)
        if answer is not None:
            return finish(question_numbers(answer, parts, RELEASED_SIZES), parts)
    sentence = _("Nothing in this id points to Llama or rules it out: state the base model.")
    return _ask(raw_id, parts, "no-sign", sentence)


def question_numbers(answer: Proposal, parts: NameParts, known: Iterable[str]) -> Proposal:
    """Ask, where a name that was resolved has the number of another of these versions as well."""
    if answer.status != Status.RESOLVED:
        return answer
    others = other_versions_in(parts.words, answer.versions, known)
    if not others:
        return answer
    why = _("The name points to %(title)s and has the number of %(others)s as well: state what it was made from.") % {
        "title": ", ".join(_title(version) for version in answer.versions),
        "others": ", ".join(_title(version) for version in others),
    }
    return replace(
        answer,
        status=Status.ASK,
        versions=(*answer.versions, *others),
        rule="another-number",
        confidence="low",
        explanation=why,
        multimodal=None,
    )


def finish(answer: Proposal, parts: NameParts) -> Proposal:
    """Add what the name says whatever the rule: size, prefix, moving tag."""
    moving = answer.moving_tag or (parts.moving_tag and answer.status != Status.NOT_LLAMA and bool(parts.name))
    note = " " + _("This tag can move to another model: note its digest or revision.") if moving else ""
    return replace(
        answer,
        explanation=answer.explanation + note,
        size=answer.size or parts.size,
        moving_tag=moving,
        begins_with_llama=parts.name.startswith("llama"),
        derived=answer.derived or (parts.derived and answer.status != Status.NOT_LLAMA and not answer.safeguard),
    )


def _ask(raw: str, parts: NameParts, rule: str, why: str, versions: tuple[str, ...] = ()) -> Proposal:
    return Proposal(
        raw=raw,
        status=Status.ASK,
        versions=versions,
        rule=rule,
        confidence="low",
        explanation=why,
        multimodal=_multimodal(versions[0], parts) if len(versions) == 1 else None,
    )


def _title(version: str) -> str:
    return version.replace("llama-", "Llama ")


def _multimodal(version: str, parts: NameParts) -> bool | None:
    """Whether Meta's model is multimodal. By size, because hosts leave the word "vision" out of their ids."""
    if version == "llama-4":
        return True
    if version == "llama-3.2":
        if parts.size in MULTIMODAL_SIZES_OF_3_2 or (not parts.size and "vision" in parts.words):
            return True
        return False if parts.size in {"1B", "3B"} and not _SEES_OR_HEARS.search(parts.words) else None
    return None if _SEES_OR_HEARS.search(parts.words) else False


# --- the rules, special ones first ------------------------------------------------------------------------------


def _empty(raw: str, parts: NameParts) -> Proposal | None:
    if parts.name:
        return None
    return _ask(raw, parts, "empty", _("No model is named: write the id as the provider or the repository gives it."))


def _another_base(raw: str, parts: NameParts) -> Proposal | None:
    """Llama beside another family, a teacher or outputs: it may be the base or what the base learned from."""
    words = parts.words
    if not names_llama(words):
        return None
    hints = _versions_in(words)
    if names_another_family(words):
        why = _(
            "The name speaks of another family beside Llama and does not say which of them is the base: "
            "enter the base and what it was trained on as ancestors."
        )
    elif learns_from_another(words) and len(hints) < 2:  # several versions are a conflict, which asks for more
        why = _(
            "The name speaks of a teacher, a student or outputs and does not say what Llama is in it: "
            "enter the base and what it was trained on as ancestors."
        )
    else:
        return None
    asked = _ask(raw, parts, "another-base", why, hints)
    # The size may be the other model's, so nothing follows from it.
    return replace(asked, multimodal=None, safeguard=safeguard_of(parts) is not None)


def _versions_in(words: str) -> tuple[str, ...]:
    """The versions that a name gives after "llama", each once."""
    read = (_read_version(match, words) for match in _VERSION.finditer(words))
    return tuple(dict.fromkeys(version for version in read if version is not None))


def _safeguard(raw: str, parts: NameParts) -> Proposal | None:
    """Guards and prompt guards: sources disagree about some, so the conflict is shown."""
    found = safeguard_of(parts)
    if found is None:
        return None
    entry = SAFEGUARDS.get(found)
    if entry is None:
        why = _("This safeguard is not in the list of known ones: state its base model and its licence file.")
        return replace(_ask(raw, parts, "safeguard", why), safeguard=True)
    return Proposal(
        raw=raw,
        status=Status(entry.outcome),
        versions=entry.versions,
        leading=entry.leading,
        rule="safeguard",
        confidence=_CONFIDENCE_OF_SAFEGUARDS[entry.outcome],
        explanation=_(entry.why),
        multimodal=entry.multimodal,
        safeguard=True,
        not_meta_base=entry.not_meta_base,
    )


def _known_by_name(raw: str, parts: NameParts) -> Proposal | None:
    """Models of others whose name alone would mislead."""
    return next((_from_known(raw, parts, known) for known in KNOWN_BY_NAME if known.pattern.search(parts.words)), None)


def _hidden_base(raw: str, parts: NameParts) -> Proposal | None:
    """Families made from Llama whose names do not say from which."""
    return next((_from_known(raw, parts, known) for known in HIDDEN_BASES if known.pattern.search(parts.words)), None)


def _from_known(raw: str, parts: NameParts, known: KnownModel) -> Proposal:
    only = known.versions[0] if len(known.versions) == 1 else ""
    asking = " " + _("State the base model of exactly this one.") if known.rule == "hidden-base" else ""
    return Proposal(
        raw=raw,
        status=Status(known.outcome),
        versions=known.versions,
        leading=known.leading,
        rule=known.rule,
        confidence="low" if known.outcome == "ask" else "medium",
        explanation=_(known.why) + asking,
        multimodal=_multimodal(only, parts) if only else None,
        moving_tag=known.rule == "re-pointed-tag" and not parts.pinned,
        not_meta_base=known.outcome == "not_llama",
        derived=True,
    )


def _look_alike(raw: str, parts: NameParts) -> Proposal | None:
    """Own weights or tools with "llama" in their name. A version beside them makes it a question."""
    twin = LOOK_ALIKES.search(parts.words)
    tool = TOOLS.search(parts.words)
    if twin is None and tool is None:
        return None
    rest = TOOLS.sub(" ", LOOK_ALIKES.sub(" ", parts.words))
    numbered = twin is not None and _VERSION_AFTER_TWIN.match(parts.words, twin.end())
    if twin is None and "llama" in rest:
        return None  # a Llama model packed for a tool: the other rules read the name without the tool
    if numbered or "llama" in rest:
        return _ask(
            raw,
            parts,
            "look-alike-with-version",
            _("The name mixes a model with weights of its own and Llama: state the base model."),
        )
    why = (
        _("This model has weights of its own: the name or the architecture of Llama alone brings no Llama licence.")
        if twin
        else _("This is a tool that runs or handles models. Name the model that it runs.")
    )
    return Proposal(
        raw=raw,
        status=Status.NOT_LLAMA,
        versions=(),
        rule="look-alike" if twin else "tool",
        confidence="medium",
        explanation=why,
        not_meta_base=True,
    )


def _code_llama(raw: str, parts: NameParts) -> Proposal | None:
    """Code Llama is under Llama 2's agreement."""
    if not _CODE_LLAMA.search(parts.words):
        return None
    named = {found["major"] for found in _VERSION.finditer(parts.words)}
    if named - {"2"} or (parts.size and parts.size not in CODE_LLAMA_SIZES):
        why = _("Meta never released a Code Llama of this version or size: state the base model.")
        return _ask(raw, parts, "code-llama-unknown", why, ("llama-2",) if not named - {"2"} else ())
    return Proposal(
        raw=raw,
        status=Status.RESOLVED,
        versions=("llama-2",),
        rule="code-llama",
        confidence="medium" if parts.derived else "high",
        explanation=_("Code Llama refers to the licence of Llama 2."),
        multimodal=False,
    )


def _version_in_name(raw: str, parts: NameParts) -> Proposal | None:
    """The general pattern: "llama" followed by a version, in the spellings of every host."""
    words = TOOLS.sub(lambda found: " " * len(found[0]), parts.words)
    found = list(_VERSION.finditer(words))
    if not found:
        return None
    named = _versions_in(words)
    if any(_read_version(match, words) is None for match in found):
        why = _("The version in this name is not clear, or none that the portal knows: state it and its agreement.")
        return _ask(raw, parts, "unknown-version", why, named)
    if len(named) > 1:
        titles = ", ".join(_title(version) for version in named)
        return Proposal(
            raw=raw,
            status=Status.CONFLICT,
            versions=named,
            rule="several-versions",
            confidence="low",
            explanation=_("The name has several versions: %(titles)s. State what the model was made from.")
            % {"titles": titles},
            derived=True,
        )
    if any(_is_glued(match, words) for match in found):
        why = _("The name has a Llama version inside another word: state the base model.")
        return _ask(raw, parts, "glued-name", why, named)
    (version,) = named
    return _with_size_alarm(raw, parts, version)


def _read_version(match: re.Match[str], words: str) -> str | None:
    """The version that a match gives, or None when there is none such."""
    major, minor = match["major"], match["minor"]
    if _MORE_VERSION.match(words, match.end()) or _counts_something(match, words):
        return None
    if major == "1" and minor is None:
        return "llama-1"
    version = f"llama-{major}.{minor}" if minor else f"llama-{major}"
    return version if version in RELEASED_SIZES else None


def _counts_something(match: re.Match[str], words: str) -> bool:
    """Whether the second number belongs to a word, as in "llama-3-2epochs" and "llama-3-2bit"."""
    if match["minor"] is None or words[match.start("minor") - 1] not in "-_":
        return False
    return words[match.end() : match.end() + 1].isalpha()


def _is_glued(match: re.Match[str], words: str) -> bool:
    """Whether "llama" is the end of another word, as in "NeuralLlama3"; "meta" before it is Meta's own spelling."""
    before = re.search(r"[a-z]+$", words[: match.start()])
    return before is not None and before[0] != "meta"


def _with_size_alarm(raw: str, parts: NameParts, version: str) -> Proposal:
    """Resolve, unless Meta never released that size in that version: then something in the name is wrong."""
    if version == "llama-1":
        why = _("The first LLaMA has no Community Licence, and its own bars commercial use: confirm the base.")
        return _ask(raw, parts, "llama-1", why, (version,))
    if version == "llama-3" and parts.size == "405B":
        why = _("Llama 3 has no 405B. One host writes the 405B of Llama 3.1 so: confirm the version.")
        return _ask(raw, parts, "size-never-released", why, ("llama-3.1",))
    if not RESIZED_FAMILIES.search(parts.words) and not _released(version, parts):
        why = _("Meta never released a %(title)s like this: state the base model.") % {"title": _title(version)}
        return _ask(raw, parts, "size-never-released", why, (version,))
    explanation = _("The name says %(title)s.") % {"title": _title(version)}
    if parts.derived:
        explanation = _("The name says that it was made from %(title)s.") % {"title": _title(version)}
    if parts.dot_otherwise:
        explanation += " " + _("The dot of its number is written in another way.")
    if re.fullmatch(r"llama3-(?:8|70)b-8192", parts.words):
        explanation += " " + _("Some catalogues list this id under Llama 3.1; its name says Llama 3.")
    return Proposal(
        raw=raw,
        status=Status.RESOLVED,
        versions=(version,),
        rule="version-in-name",
        confidence="medium" if parts.derived or parts.dot_otherwise else "high",
        explanation=explanation,
        multimodal=_multimodal(version, parts),
    )


def _released(version: str, parts: NameParts) -> bool:
    """Whether size, experts and input fit what Meta released."""
    if version == "llama-4":
        return _released_in_4(parts)
    if parts.size and parts.size not in RELEASED_SIZES[version]:
        return False
    return not (version == "llama-3.2" and "vision" in parts.words and parts.size in {"1B", "3B"} and not parts.derived)


def _released_in_4(parts: NameParts) -> bool:
    said = EXPERTS_OF_LLAMA_4.get(parts.size, parts.experts)
    if parts.size and parts.size not in EXPERTS_OF_LLAMA_4 and parts.size not in RELEASED_SIZES["llama-4"]:
        return False
    wanted = {"scout": "16", "maverick": "128"}
    experts = next((number for word, number in wanted.items() if word in parts.words), said)
    return "behemoth" not in parts.words and said in {"", experts} and experts in {"", "16", "128"}


def _shorthand(raw: str, parts: NameParts) -> Proposal | None:
    """L2, L3, L3.1: the shorthand of people who fine-tune. A hint only, and only beside a size."""
    found = _SHORTHAND.search(parts.words)
    if found is None or not parts.size:
        return None
    version = f"llama-{found['version']}"
    why = _("“%(short)s” is often short for %(title)s: confirm the base model.") % {
        "short": f"L{found['version']}",
        "title": _title(version),
    }
    return replace(_ask(raw, parts, "shorthand", why, (version,)), derived=True)


def _llama_without_version(raw: str, parts: NameParts) -> Proposal | None:
    """Llama is named, but not which."""
    if "llama" not in parts.whole:
        return None
    if "llama" not in parts.words:
        elsewhere = _("Llama is named beside the model, not in its name: state the base model.")
        return _ask(raw, parts, "llama-beside-the-name", elsewhere)
    why = _("The name says Llama but no version. Bare sizes such as 7B are often the first LLaMA: state the base.")
    return _ask(raw, parts, "no-version", why)


def _other_family(raw: str, parts: NameParts) -> Proposal | None:
    """Families with weights of their own. What they were trained on, the name does not say."""
    if not OTHER_FAMILIES.match(parts.name):
        return None
    return Proposal(
        raw=raw,
        status=Status.NOT_LLAMA,
        versions=(),
        rule="other-family",
        confidence="medium",
        explanation=_("This family has its own weights. Say so if Llama materials or outputs went into its training."),
        not_meta_base=True,
    )


_RULES: tuple[Callable[[str, NameParts], Proposal | None], ...] = (
    _empty,
    _another_base,
    _safeguard,
    _known_by_name,
    _look_alike,
    _code_llama,
    _version_in_name,
    _shorthand,
    _hidden_base,
    _llama_without_version,
    _other_family,
)
