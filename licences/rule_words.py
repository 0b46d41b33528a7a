"""The rules that read model names, in words for people. Their keys stay in the record. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

RULES: Mapping[str, str | Promise] = {
    "added-version": _("The name says a version that was added to the catalogue"),
    "another-base": _("The name speaks of another family, a teacher or outputs beside Llama"),
    "another-number": _("The name has the number of another version as well"),
    "code-llama": _("Code Llama is under the agreement of Llama 2"),
    "code-llama-unknown": _("A Code Llama that Meta never released"),
    "confirmed-here": _("Somebody of this company confirmed it for this id before"),
    "deepseek-distill": _("A distilled model of DeepSeek, whose base is known"),
    "empty": _("No name was given"),
    "foundation-sec": _("A model of Foundation AI, whose base is known"),
    "glued-name": _("The version stands inside another word"),
    "hidden-base": _("A family made from Llama whose name does not say from which"),
    "llama-1": _("The first LLaMA, which has no Community Licence"),
    "llama-beside-the-name": _("Llama is named beside the model, not in its name"),
    "look-alike": _("A model with weights of its own and a name like Llama"),
    "look-alike-with-version": _("A model with weights of its own and a Llama version in its name"),
    "nemotron-super": _("A model of NVIDIA whose sources disagree about its base"),
    "no-sign": _("Nothing in the name points to Llama or rules it out"),
    "no-version": _("The name says Llama and no version"),
    "other-family": _("A family with weights of its own"),
    "re-pointed-tag": _("A tag that was moved to another model"),
    "safeguard": _("A list of safeguards, such as Llama Guard, with their bases"),
    "several-versions": _("The name has several versions in it"),
    "shorthand": _("A shorthand of people who fine-tune, such as L3"),
    "size-never-released": _("A size that was never released of this version"),
    "size-not-listed": _("A size that the catalogue does not list for this version"),
    "too-long": _("Longer than any model id"),
    "tool": _("A tool that runs or handles models"),
    "unknown-version": _("A version that the catalogue does not know"),
    "version-in-name": _("The version stands in the name"),
    "vicuna": _("A Vicuna, whose base is known by its number"),
}


def rule_in_words(rule: str) -> str:
    """What a rule goes by; a key of another release stands for itself."""
    return str(RULES.get(rule, rule))
