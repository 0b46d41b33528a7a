"""Several components, or a chain of ancestors: one product keeps the duties of every version in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from licences.assessment.attribution import same_words
from licences.assessment.finding import (
    ATTRIBUTION_CHECK,
    DERIVATIVES_CHECK,
    LICENSEE_CHECK,
    USE_CHECK,
    Finding,
    Status,
    cite,
    worst,
)
from licences.assessment.situation import Situation
from licences.facts import Facts
from licences.terms import Terms

Assess = Callable[[Facts, Terms], list[Finding]]


@dataclass(frozen=True)
class _Part:
    """One version in the product, with its findings by key. `by_descent`: it came in as an ancestor."""

    facts: Facts
    terms: Terms
    findings: dict[str, Finding]
    by_descent: bool


def union_findings(parts: Sequence[tuple[Facts, Terms]], catalogue: Sequence[Terms], assess: Assess) -> list[Finding]:
    """The findings that only the whole shows."""
    known = {terms.slug: terms for terms in catalogue} | {terms.slug: terms for _facts, terms in parts}
    every: list[_Part] = []
    unread: set[str] = set()
    for facts, terms in parts:
        every.append(_part(facts, terms, assess, by_descent=False))
        for slug in Situation(facts, terms).other_ancestors:
            if slug not in known:
                unread.add(slug)
                continue
            as_ancestor = replace(facts, model={**facts.model, "version": slug})
            every.append(_part(as_ancestor, known[slug], assess, by_descent=True))
    if len({part.terms.slug for part in every}) < 2 and not unread:
        return []
    found = [_displays(every), _notices(every), _names(every), _improvement(every), _policies(every), _eu(every)]
    return [finding for finding in found if finding is not None] + [
        _unread(slug, parts[0][1].required("copy").clauses) for slug in sorted(unread)
    ]


def _part(facts: Facts, terms: Terms, assess: Assess, *, by_descent: bool) -> _Part:
    return _Part(facts, terms, {finding.key: finding for finding in assess(facts, terms)}, by_descent)


def _versions(parts: Sequence[_Part]) -> str:
    return ", ".join(dict.fromkeys(part.terms.name for part in parts))


def _clauses(parts: Sequence[_Part], key: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(clause for part in parts for clause in part.findings[key].clauses))


def _displays(every: Sequence[_Part]) -> Finding | None:
    due = [part for part in every if part.terms.display is not None]
    if not due:
        return None
    clauses = _clauses(due, "display")
    texts = list(dict.fromkeys(part.terms.display.text for part in due if part.terms.display))
    shown = "\n".join(str(part.facts.model.get("attribution_text") or "") for part in every)
    absent = [text for text in texts if same_words(shown, text) == "no"]
    status = worst([_display_status(part, shown) for part in due])
    needed = " and ".join(f"“{text}”" for text in texts)
    return Finding(
        key="union:display",
        check=ATTRIBUTION_CHECK,
        status=status,
        title=f"Display {needed}",
        explanation=f"The product stands on {_versions(due)}, and each version's words are needed where its duty is "
        f"due: {needed} {cite(clauses)}.",
        clauses=clauses,
        action=f"Display also: {' and '.join(f'“{text}”' for text in absent)}." if absent else "",
        parameters={"texts": "\n".join(texts), "missing": "\n".join(absent)},
    )


def _display_status(part: _Part, shown: str) -> Status:
    """A text that another component's sheet shows counts for the product; a missing one keeps its part's status."""
    own = part.findings["display"].status
    display = part.terms.display
    if display is not None and own == "action_needed" and same_words(shown, display.text) == "yes":
        return "satisfied"
    return own


def _notices(every: Sequence[_Part]) -> Finding | None:
    due = [part for part in every if part.findings["notice"].status not in {"not_applicable"}]
    lines = list(dict.fromkeys(part.terms.notice for part in due))
    if len(lines) < 2:
        return None
    said = "\n".join(str(part.facts.model.get("notice_text") or "") for part in every)
    absent = [line for line in lines if same_words(said, line) == "no"]
    statuses: list[Status] = [part.findings["notice"].status for part in due if not part.by_descent]
    return Finding(
        key="union:notice",
        check=ATTRIBUTION_CHECK,
        status="action_needed" if absent else worst(statuses),
        title="One Notice line per version",
        explanation=f"Copies hold materials of {_versions(due)}, and each version gives its own line "
        f"{cite(_clauses(due, 'notice'))}.",
        clauses=_clauses(due, "notice"),
        action=f"Write also: {' '.join(absent)}" if absent else "",
        parameters={"lines": "\n".join(lines)},
    )


def _names(every: Sequence[_Part]) -> Finding | None:
    due = [part for part in every if part.findings["name"].status != "not_applicable"]
    prefixes = list(dict.fromkeys(part.terms.name_prefix.prefix for part in due if part.terms.name_prefix))
    if not any(part.by_descent for part in due):
        return None
    return Finding(
        key="union:name",
        check=DERIVATIVES_CHECK,
        status=worst([part.findings["name"].status for part in due]),
        title=f"The name suits every ancestor: {' and '.join(f'“{prefix}”' for prefix in prefixes)}",
        explanation=f"The model descends from {_versions(due)}, and each version says how the name begins "
        f"{cite(_clauses(due, 'name'))}.",
        clauses=_clauses(due, "name"),
        action=" ".join(dict.fromkeys(part.findings["name"].action for part in due if part.findings["name"].action)),
        parameters={"prefixes": "\n".join(prefixes)},
    )


def _improvement(every: Sequence[_Part]) -> Finding | None:
    banned = [part for part in every if part.terms.improvement_ban is not None and part.by_descent]
    if not banned:
        return None
    return Finding(
        key="union:improvement",
        check=DERIVATIVES_CHECK,
        status=worst([part.findings["improvement"].status for part in banned]),
        title="An ancestor forbids improving other large language models",
        explanation=f"{_versions(banned)} stands behind the model and keeps its ban; the exclusion names that version "
        f"only {cite(_clauses(banned, 'improvement'))}.",
        clauses=_clauses(banned, "improvement"),
        action=" ".join(
            dict.fromkeys(part.findings["improvement"].action for part in banned if part.findings["improvement"].action)
        ),
    )


def _policies(every: Sequence[_Part]) -> Finding | None:
    counts = Counter(item.id for part in every for item in part.terms.aup_items)
    only_some = sorted(item_id for item_id, count in counts.items() if count < len(every))
    if not only_some:
        return None
    statuses = [
        finding.status
        for part in every
        for key, finding in part.findings.items()
        if key.removeprefix("aup-item:") in only_some
    ]
    return Finding(
        key="union:aup",
        check=USE_CHECK,
        status=worst(statuses or [part.findings["aup-screening"].status for part in every]),
        title="The strictest policy counts",
        explanation=f"The product stands on {_versions(every)}. These items are in some of their policies only, and "
        f"the product keeps all of them: {', '.join(f'AUP {item}' for item in only_some)}.",
        clauses=tuple(f"AUP {item}" for item in only_some),
        action="Read these items even where the component in question is not the one that they come with.",
    )


def _eu(every: Sequence[_Part]) -> Finding | None:
    caught = [part for part in every if part.by_descent and part.terms.eu_multimodal is not None]
    statuses = [part.findings["eu-multimodal"].status for part in caught]
    if worst(statuses) in {"not_applicable", "satisfied"}:
        return None
    return Finding(
        key="union:eu-multimodal",
        check=LICENSEE_CHECK,
        status=worst(statuses),
        title="An ancestor's EU paragraph",
        explanation=f"{_versions(caught)} stands behind the model, and its paragraph on multimodal models may reach "
        f"what was made from it {cite(_clauses(caught, 'eu-multimodal'))}.",
        clauses=_clauses(caught, "eu-multimodal"),
        reading=True,
        action="Judge whether multimodal parts of the ancestor are in the model.",
    )


def _unread(slug: str, clauses: tuple[str, ...]) -> Finding:
    return Finding(
        key=f"union:unread:{slug}",
        check=LICENSEE_CHECK,
        status="unknown",
        title=f"The terms of {slug} are not in the catalogue",
        explanation=f"{slug} is declared as an ancestor, and nobody has read its terms here {cite(clauses)}.",
        clauses=clauses,
        action="Add that version, or correct the model sheet.",
    )
