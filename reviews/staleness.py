"""Why an approval no longer counts: facts or texts are not those that were signed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from licences.facts import changed_material_fields


@dataclass(frozen=True)
class SignedFor:
    """What was signed, or what holds now: material facts and the digests of both texts' words."""

    facts: Mapping[str, Any]
    agreement_words: str
    aup_words: str


def reasons(signed: SignedFor, now: SignedFor) -> list[str]:
    """One sentence for each material difference; empty when the approval still rests on what holds now."""
    found = changed_material_fields(signed.facts, now.facts)
    if signed.agreement_words != now.agreement_words:
        found.append(_("The agreement has other words than the revision that was signed."))
    if signed.aup_words != now.aup_words:
        found.append(_("The acceptable use policy has other words than the revision that was signed."))
    return found
