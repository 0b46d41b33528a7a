"""What the names on a model sheet say against it: a name is a hint, so it never decides, and is never passed over."""

from __future__ import annotations

from licences.added_versions import read_again
from licences.assessment.situation import Situation
from licences.disputed import disputed_source, version_names
from licences.model_names import RELEASED_SIZES, Proposal, Status, propose

# Questions that a name raises even after somebody confirmed a version; other names only say too little.
_ALARMS = frozenset(
    {"unknown-version", "size-never-released", "llama-1", "look-alike-with-version", "code-llama-unknown"}
)


def name_against(situation: Situation, key: str) -> str:
    """A sentence where the id in this field ("model_id", "base_model") points elsewhere than the sheet; else empty.

    Versions that the sheet declares behind the model may stand in its name.
    """
    raw = situation.model_text(key)
    if not raw or disputed_source(raw):
        return ""  # whose sources disagree, of that its candidates say more
    said = read_again(propose(raw), [situation.terms])
    elsewhere = tuple(sorted(set(said.versions) - {situation.terms.slug} - set(situation.other_ancestors)))
    if elsewhere:
        return f"By its name, “{raw}” points to {version_names(elsewhere)}. {said.explanation}"
    if said.status == Status.NOT_LLAMA or (said.status == Status.ASK and _alarms(said, situation)):
        return f"By its name, “{raw}” does not fit. {said.explanation}"
    return ""


def _alarms(said: Proposal, situation: Situation) -> bool:
    """A size that Meta never released under the version in the name may be one that it did under the declared one."""
    declared = situation.terms.slug
    corrected = said.rule == "size-never-released" and declared in said.versions
    return said.rule in _ALARMS and not (corrected and said.size in RELEASED_SIZES.get(declared, ()))
