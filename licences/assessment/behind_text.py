"""Terms that are behind the text relied on: nobody may rest on their sentences before a lawyer has read the clauses.

The words of an agreement can be accepted before somebody corrected the terms that were written for the words before.
Every check that the change may reach gets a finding, so that no approval passes over it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from licences.assessment.finding import (
    ATTRIBUTION_CHECK,
    DERIVATIVES_CHECK,
    LICENSEE_CHECK,
    MAU_CHECK,
    USE_CHECK,
    Finding,
    cite,
)
from licences.behind import clauses_uncited, duties_behind, items_behind
from licences.disputed import versions_behind
from licences.facts import Facts
from licences.obligation_kinds import OBLIGATION_KINDS, OTHER
from licences.terms import Obligation, Terms

KEY = "terms-behind-text"
# Which check asks about a duty; what stands in none of these is for check 5, with the remaining terms.
_CHECKS: Mapping[str, int] = {
    "mau": MAU_CHECK,
    "mau-exception": MAU_CHECK,
    "acceptable-use": USE_CHECK,
    "dangers": USE_CHECK,
    "law": USE_CHECK,
    "display": ATTRIBUTION_CHECK,
    "notice": ATTRIBUTION_CHECK,
    "marks": ATTRIBUTION_CHECK,
    "copy": DERIVATIVES_CHECK,
    "name-prefix": DERIVATIVES_CHECK,
    "improvement-ban": DERIVATIVES_CHECK,
    "ownership": DERIVATIVES_CHECK,
}


def assess_behind(terms: Terms, check: int) -> list[Finding]:
    """One finding where terms that this check rests on are behind the text; mostly none."""
    if not terms.behind:
        return []
    duties = [(duty, found) for duty, found in duties_behind(terms) if _CHECKS.get(duty.kind, LICENSEE_CHECK) == check]
    said = [_in_words(duty) for duty, _found in duties]
    clauses = [clause for _duty, found in duties for clause in found]
    if check == USE_CHECK and (items := items_behind(terms)):
        said.append("items of the policy")
        clauses += [item.clause for item in items]
    if uncited := [one for one in clauses_uncited(terms) if _check_of(one) == check]:
        said.append("what no term here speaks of")
        clauses += uncited
    if not clauses:
        return []
    return [_finding(terms, f"{KEY}:{check}", check, said, tuple(dict.fromkeys(clauses)))]


def behind_the_model(parts: Sequence[tuple[Facts, Terms]], catalogue: Sequence[Terms]) -> list[Finding]:
    """The same for the versions that stand behind a model: their duties are kept as well."""
    known = {terms.slug: terms for terms in catalogue}
    own = {terms.slug for _facts, terms in parts}
    slugs = {slug for facts, terms in parts for slug in versions_behind({**facts.model, "version": terms.slug})}
    return [_of_another(terms) for slug, terms in known.items() if slug in slugs - own and terms.behind]


def _of_another(terms: Terms) -> Finding:
    duties = duties_behind(terms)
    clauses = [clause for _duty, found in duties for clause in found]
    clauses += [item.clause for item in items_behind(terms)] + list(clauses_uncited(terms))
    cited = tuple(dict.fromkeys(clauses))
    said = [_in_words(duty) for duty, _found in duties]
    found = _finding(terms, f"union:{KEY}:{terms.slug}", LICENSEE_CHECK, said, cited)
    lines = "\n".join(f"{terms.slug} {clause}" for clause in cited)
    return replace(found, parameters={**found.parameters, "cited": lines})


def _finding(terms: Terms, key: str, check: int, said: Iterable[str], clauses: tuple[str, ...]) -> Finding:
    about = "; ".join(dict.fromkeys(said))
    explanation = (
        f"The terms of {terms.name} that the proposals rest on were written for a text with other words than the one "
        f"relied on now, and what they say may be out of date"
    )
    if about:
        explanation += f". Concerned: {about}"
    return Finding(
        key=key,
        check=check,
        status="legal_judgement",
        title=f"{terms.name}: {_what_happened(terms)}",
        explanation=f"{explanation} {cite(clauses)}.",
        clauses=clauses,
        action="Judge by the clauses as they read now, and not by the sentences about them; have the terms of the "
        "version corrected.",
        parameters={"reworded": ", ".join(terms.behind.clauses), "not_compared": ", ".join(terms.behind.documents)},
    )


def _what_happened(terms: Terms) -> str:
    if terms.behind.clauses:
        return "clauses were reworded since its terms were written"
    return "the text relied on is not the one that its terms were written for"


def _in_words(duty: Obligation) -> str:
    return f"“{duty.summary.rstrip('.')}”" if duty.kind == OTHER else OBLIGATION_KINDS[duty.kind].means


def _check_of(clause: str) -> int:
    return USE_CHECK if clause.startswith("AUP ") else LICENSEE_CHECK
