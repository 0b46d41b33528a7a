"""Names of versions that came with the catalogue or were added in the browser, later than the rules for names. Pure.

The rules of `model_names` know what Meta had released when they were written, sizes and hosts' spellings included. Of
a later version they say only that they do not know it. This module reads such a name again with what the version's own
entry says: its name and its sizes. It never overrules a rule that knew something; but where the name that such a rule
resolved has the number of a later version as well, that is asked about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from licences.model_name_parts import NameParts, take_apart
from licences.model_names import RELEASED_SIZES, Confidence, Proposal, Status, finish, question_numbers
from licences.name_doubts import numbers_in
from licences.terms import Terms

# What the rules say of a name that they cannot place; anything else that they say stands.
_OPEN = frozenset({"unknown-version", "no-version", "no-sign"})
_SIZE = re.compile(r"(?<![0-9.])[0-9]+(?:\.[0-9]+)?[bm](?![a-z])")
# A number before "b" or "m" is a size: llama-5-90b is Llama 5, and llama-5b names no version.
_NO_SIZE = r"(?![0-9]*\.?[0-9]*(?:b|m)(?![a-z]))"
# After a number: no further digit and no minor version, unless that is a size, a context or a quantisation.
_NO_MEASURE = r"(?![0-9]*\.?[0-9]*(?:b|k|m|e|bit|bpw|x[0-9]+b)(?![a-z]))"
_ENDS = rf"(?![0-9]){_NO_SIZE}(?!(?:[^a-z0-9]+|[a-z]+)[0-9]{_NO_MEASURE})"


def may_say_more(said: Proposal) -> bool:
    """Whether later versions could change what the rules said; where not, nobody needs to fetch them."""
    if said.status != Status.RESOLVED:
        return True
    return bool(numbers_in(take_apart(said.raw).words) - set(said.versions))


def read_again(said: Proposal, added: Sequence[Terms]) -> Proposal:
    """What the rules said, or what the name says once these later versions are known."""
    parts = take_apart(said.raw)
    if said.status == Status.RESOLVED:
        return _questioned(said, parts, added)
    if said.status != Status.ASK or said.rule not in _OPEN:
        return said
    named = [one for one in added if _pattern(one).search(parts.words)]
    if not named:
        return said
    if len(named) > 1 or said.versions:
        return finish(_several(said, named), parts)
    # Without its name, so that a word like “Nova” does not look like the name of somebody's own model.
    rest = replace(parts, name=_pattern(named[0]).sub("llama", parts.name))
    return _questioned(finish(_one(said, named[0], parts, rest), rest), parts, added)


def _questioned(said: Proposal, parts: NameParts, added: Sequence[Terms]) -> Proposal:
    """Ask, where the name has the number of another version, later or not."""
    asked = question_numbers(said, parts, (*RELEASED_SIZES, *(one.slug for one in added)))
    return said if asked is said else finish(asked, parts)


def _one(said: Proposal, version: Terms, parts: NameParts, rest: NameParts) -> Proposal:
    if _inside_a_word(version, parts):
        why = _("The name has a Llama version inside another word: state the base model.")
        return replace(said, rule="glued-name", explanation=why, versions=(version.slug,))
    if parts.size and version.sizes and parts.size.lower() not in _sizes(version):
        why = _("The catalogue lists no %(version)s of %(size)s: state the base model, or add the size.")
        words = {"version": version.name, "size": parts.size}
        return replace(said, rule="size-not-listed", explanation=why % words, versions=(version.slug,))
    return _resolved(said, version, rest)


def _resolved(said: Proposal, version: Terms, rest: NameParts) -> Proposal:
    why = _("The name says %(version)s, a version that was added to the catalogue.")
    if rest.derived:
        why = _("The name says that it was made from %(version)s, a version that was added to the catalogue.")
    confidence: Confidence = "medium" if rest.size and not (rest.derived or rest.dot_otherwise) else "low"
    return replace(
        said,
        status=Status.RESOLVED,
        versions=(version.slug,),
        rule="added-version",
        confidence=confidence,
        explanation=why % {"version": version.name},
        multimodal={"yes": True, "no": False}.get(version.multimodality_of(said.raw)),
    )


def _several(said: Proposal, named: list[Terms]) -> Proposal:
    versions = (*said.versions, *(one.slug for one in named))
    titles = ", ".join([*(slug.replace("llama-", "Llama ") for slug in said.versions), *(one.name for one in named)])
    return replace(
        said,
        status=Status.CONFLICT,
        versions=versions,
        rule="several-versions",
        confidence="low",
        explanation=_("The name has several versions: %(titles)s. State what the model was made from.")
        % {"titles": titles},
        derived=True,
    )


def _pattern(version: Terms) -> re.Pattern[str]:
    """The name of a version in the spellings of hosts: Llama-5, llama5, llama_v5, Llama 5.1 as 5.1, 5p1 or 5-1.

    Between two numbers something stands: nobody knows whether "51" is 5.1.
    """
    first, *rest = re.findall(r"[a-z]+|[0-9]+", version.slug)
    written = first
    for token in rest:
        after_number = written[-1].isdigit()
        between = r"[-_ .p]" if token.isdigit() and after_number else r"[-_ ]?v?" if token.isdigit() else r"[-_ .]?"
        written += between + token
    return re.compile(written + (_ENDS if written[-1].isdigit() else r"(?![a-z])"))


def _inside_a_word(version: Terms, parts: NameParts) -> bool:
    """Whether the name of the version is the end of another word; "meta" before it is Meta's own spelling."""
    found = _pattern(version).search(parts.words)
    before = re.search(r"[a-z]+$", parts.words[: found.start()]) if found else None
    return before is not None and before[0] != "meta"


def _sizes(version: Terms) -> set[str]:
    return {found for size in version.sizes for found in _SIZE.findall(size.lower())}
