"""Why an approval no longer counts: facts or texts are not those that were signed. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from licences.disputed import version_name
from licences.facts import changed_material_fields, changed_words_behind
from licences.facts_fields import NO_VERSIONS


@dataclass(frozen=True)
class SignedFor:
    """What was signed, or what holds now: material facts, both texts' words, and the entities beside the licensee."""

    facts: Mapping[str, Any]
    agreement_words: str
    aup_words: str
    other_entities: Sequence[tuple[str, str]] = ()  # role and reference: who operates or offers the product


def facts_moved(signed: SignedFor, now: SignedFor) -> bool:
    """Whether facts are among the reasons, or texts alone: compared as the reasons are, and not document by document.

    A document of another release may hold less or more and mean the same.
    """
    return bool(changed_material_fields(signed.facts, now.facts)) or _entities_moved(signed, now)


def _entities_moved(signed: SignedFor, now: SignedFor) -> bool:
    return sorted(signed.other_entities) != sorted(now.other_entities)


def reasons(signed: SignedFor, now: SignedFor, versions: Mapping[str, str] = NO_VERSIONS) -> list[str]:
    """One sentence for each material difference; empty when the approval still rests on what holds now.

    `versions` are the names of Llama versions by slug.
    """
    found = changed_material_fields(signed.facts, now.facts, versions)
    if signed.agreement_words != now.agreement_words:
        found.append(_("The agreement has other words than the revision that was signed."))
    if signed.aup_words != now.aup_words:
        found.append(_("The acceptable use policy has other words than the revision that was signed."))
    for slug, which in changed_words_behind(signed.facts, now.facts):
        found.append(_other_words_behind(which) % {"version": version_name(slug)})
    if _entities_moved(signed, now):
        words = {"was": _entities(signed.other_entities), "now": _entities(now.other_entities)}
        found.append(_("The other entities of the product were “%(was)s” and are now “%(now)s”.") % words)
    return found


def _other_words_behind(which: str) -> str:
    if which == "agreement_words":
        return _(
            "The agreement of %(version)s, which stands behind the model, has other words than when it was signed."
        )
    return _(
        "The acceptable use policy of %(version)s, which stands behind the model, has other words than when it was "
        "signed."
    )


def _entities(rows: Sequence[tuple[str, str]]) -> str:
    return ", ".join(f"{role} {reference}" for role, reference in sorted(rows)) or _("none")
