"""From declared facts and the terms of a version to findings: the heart of the portal.

Every finding is a proposal with its clause. No rule approves; a missing fact is never read as a good one.
"""

from __future__ import annotations

from collections.abc import Sequence

from licences.assessment.acceptable_use import assess_acceptable_use
from licences.assessment.attribution import assess_attribution
from licences.assessment.behind_text import assess_behind, behind_the_model
from licences.assessment.derivatives import assess_derivatives
from licences.assessment.finding import (
    ATTRIBUTION_CHECK,
    DERIVATIVES_CHECK,
    LICENSEE_CHECK,
    MAU_CHECK,
    READING_ORDER,
    STATUSES,
    USE_CHECK,
    Finding,
    Status,
    place_of,
)
from licences.assessment.licensee import assess_licensee
from licences.assessment.mau import assess_mau
from licences.assessment.situation import Situation
from licences.assessment.union import union_findings
from licences.facts import Facts
from licences.terms import Terms

__all__ = ["READING_ORDER", "STATUSES", "Finding", "Status", "assess", "assess_union", "place_of"]


def assess(facts: Facts, terms: Terms) -> list[Finding]:
    """What one version's terms say of one set of facts, in the order of the five checks."""
    situation = Situation(facts, terms)
    return [
        *assess_mau(situation),
        *assess_behind(terms, MAU_CHECK),
        *assess_acceptable_use(situation),
        *assess_behind(terms, USE_CHECK),
        *assess_attribution(situation),
        *assess_behind(terms, ATTRIBUTION_CHECK),
        *assess_derivatives(situation),
        *assess_behind(terms, DERIVATIVES_CHECK),
        *assess_licensee(situation),
        *assess_behind(terms, LICENSEE_CHECK),
    ]


def assess_union(parts: Sequence[tuple[Facts, Terms]], catalogue: Sequence[Terms] = ()) -> list[Finding]:
    """What several components, and the ancestors behind them, demand of one product together.

    Each part is one component's facts under its version. `catalogue` is where ancestors' terms are found. The result
    comes on top of each part's own findings; it is empty where only one version is in play.
    """
    return union_findings(parts, catalogue, assess) + behind_the_model(parts, catalogue)
