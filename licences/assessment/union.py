"""Several components, a chain of ancestors, or sources that disagree: the product keeps the duties of every version."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

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
from licences.assessment.union_ban import Banned, banned_by_descent
from licences.assessment.union_eu import Withheld, withheld_by_descent
from licences.disputed import ancestors_of, version_name, versions_behind
from licences.facts import EntityFacts, Facts
from licences.facts_fields import NONE, UNKNOWN, values_of
from licences.terms import Terms

Assess = Callable[[Facts, Terms], list[Finding]]
# The duties of passing materials on, and the policy, follow weights. Outputs of an ancestor are no part of the model.
_FOLLOW_WEIGHTS = frozenset({"display", "notice", "copy", "aup-screening"})
# What an agreement asks of the company itself, whichever way its version came in.
_OF_THE_COMPANY = ("mau", "acceptance")


@dataclass(frozen=True)
class _Part:
    """One version in the product, with its findings by key.

    `came`: as the version that somebody confirmed, as an ancestor, or as a candidate, where the sources disagree.
    """

    facts: Facts
    terms: Terms
    findings: dict[str, Finding]
    came: Literal["confirmed", "ancestor", "candidate"]

    @property
    def behind(self) -> bool:
        """Whether nobody confirmed this version: it stands behind the one that somebody did."""
        return self.came != "confirmed"

    def reached_by(self, key: str) -> bool:
        """Whether this part of the text can reach the model the way the version came in."""
        by_outputs_alone = self.came == "ancestor" and values_of(self.facts.model, "ancestor_roles") == {"outputs"}
        if not by_outputs_alone:
            return True
        if key == "name":
            return self.terms.name_prefix is not None and self.terms.name_prefix.outputs
        return key not in _FOLLOW_WEIGHTS

    @property
    def binds_by_reading(self) -> str:
        """Why it is a reading that this version's agreement binds the company at all; empty where weights bring it."""
        name = self.terms.name
        if self.came == "candidate":
            return f"that {name} governs the model, of which the sources disagree"
        roles = values_of(self.facts.model, "ancestor_roles")
        alone = len(values_of(self.facts.model, "ancestors") - {NONE}) == 1
        if self.came == "confirmed" or roles == {"weights"} or (alone and "weights" in roles):
            return ""
        if roles == {"outputs"}:
            return f"that outputs of {name} bind the company to its agreement where no weights of it are in the model"
        return f"that {name} binds the company, for nobody declared that weights of this very version are in the model"


def union_findings(parts: Sequence[tuple[Facts, Terms]], catalogue: Sequence[Terms], assess: Assess) -> list[Finding]:
    """The findings that only the whole shows."""
    known = {terms.slug: terms for terms in catalogue} | {terms.slug: terms for _facts, terms in parts}
    every: list[_Part] = []
    unread: set[str] = set()
    for facts, terms in parts:
        every.append(_part(facts, terms, assess, "confirmed"))
        for slug in versions_behind({**facts.model, "version": terms.slug}):
            if slug not in known:
                unread.add(slug)
                continue
            came: Literal["ancestor", "candidate"] = "ancestor" if slug in ancestors_of(facts.model) else "candidate"
            every.append(_part(_as_if_under(slug, facts), known[slug], assess, came))
    if len({part.terms.slug for part in every}) < 2 and not unread:
        return []
    found = [
        _displays(every),
        _notices(every),
        _copies(every),
        _names(every),
        _improvement(every),
        _policies(every),
        _eu(every),
        *_company(every),
    ]
    return [finding for finding in found if finding is not None] + [
        _unread(slug, parts[0][1].required("copy").clauses) for slug in sorted(unread)
    ]


def _as_if_under(slug: str, facts: Facts) -> Facts:
    """The same facts as a version behind the model reads them: with what legal knows of the entity for that version."""
    entity = facts.behind.get(slug) or _without_what_names_a_version(facts.entity)
    return replace(facts, entity=entity, model={**facts.model, "version": slug}, behind={})


def _without_what_names_a_version(entity: EntityFacts) -> EntityFacts:
    """Month, acceptance and permissions are given for one version and say nothing of another."""
    return replace(
        entity,
        mau=None,
        mau_month="",
        acceptance=UNKNOWN,
        accepted_agreement_sha256="",
        accepted_aup_sha256="",
        permissions=tuple(one for one in entity.permissions if not one.version),
    )


def _part(facts: Facts, terms: Terms, assess: Assess, came: Literal["confirmed", "ancestor", "candidate"]) -> _Part:
    return _Part(facts, terms, {finding.key: finding for finding in assess(facts, terms)}, came)


def _due(every: Iterable[_Part], key: str) -> list[_Part]:
    return [part for part in every if part.reached_by(key) and part.findings[key].status != "not_applicable"]


def _versions(parts: Sequence[_Part]) -> str:
    return ", ".join(dict.fromkeys(part.terms.name for part in parts))


def _clauses(parts: Sequence[_Part], key: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(clause for part in parts for clause in part.findings[key].clauses))


def _cited(pairs: Iterable[tuple[_Part, Iterable[str]]]) -> str:
    """Which version each clause is of, a line each: the same number may stand in several agreements."""
    return "\n".join(dict.fromkeys(f"{part.terms.slug} {clause}" for part, clauses in pairs for clause in clauses))


def _hangs_on_a_candidate(parts: Iterable[_Part]) -> bool:
    """Whether a duty is kept for a version of which only some sources say that it governs: a reading."""
    kept = list(parts)
    came_otherwise = {part.terms.slug for part in kept if part.came != "candidate"}
    return any(part.terms.slug not in came_otherwise for part in kept)


def _for_counsel_at_most(status: Status) -> Status:
    """What rests on a reading forbids nothing and asks nobody to act: counsel judges it first."""
    return "legal_judgement" if status in {"prohibited", "action_needed"} else status


def _cited_for(parts: Iterable[_Part], key: str) -> str:
    return _cited((part, part.findings[key].clauses) for part in parts)


# --- attribution ----------------------------------------------------------------------------------------------


def _displays(every: Sequence[_Part]) -> Finding | None:
    due = [part for part in every if part.terms.display is not None and part.reached_by("display")]
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
        reading=_hangs_on_a_candidate(due),
        title=f"Display {needed}",
        explanation=f"The product stands on {_versions(due)}, and each version's words are needed where its duty is "
        f"due: {needed} {cite(clauses)}.",
        clauses=clauses,
        action=f"Display also: {' and '.join(f'“{text}”' for text in absent)}." if absent else "",
        parameters={
            "texts": "\n".join(texts),
            "missing": "\n".join(absent),
            "cited": _cited_for(due, "display"),
        },
    )


def _display_status(part: _Part, shown: str) -> Status:
    """A text that another component's sheet shows counts for the product; a missing one keeps its part's status."""
    own = part.findings["display"].status
    display = part.terms.display
    if display is not None and own == "action_needed" and same_words(shown, display.text) == "yes":
        return "satisfied"
    return own


def _notices(every: Sequence[_Part]) -> Finding | None:
    due = _due(every, "notice")
    lines = list(dict.fromkeys(part.terms.notice for part in due))
    if len(lines) < 2:
        return None
    said = "\n".join(str(part.facts.model.get("notice_text") or "") for part in every)
    absent = [line for line in lines if same_words(said, line) == "no"]
    statuses: list[Status] = [part.findings["notice"].status for part in due if not part.behind]
    return Finding(
        key="union:notice",
        check=ATTRIBUTION_CHECK,
        status="action_needed" if absent else worst(statuses),
        reading=_hangs_on_a_candidate(due),
        title="One Notice line per version",
        explanation=f"Copies hold materials of {_versions(due)}, and each version gives its own line "
        f"{cite(_clauses(due, 'notice'))}.",
        clauses=_clauses(due, "notice"),
        action=f"Write also: {' '.join(absent)}" if absent else "",
        parameters={"lines": "\n".join(lines), "cited": _cited_for(due, "notice")},
    )


# --- passing on, naming, improving ----------------------------------------------------------------------------


def _copies(every: Sequence[_Part]) -> Finding | None:
    due = _due(every, "copy")
    if len({part.terms.slug for part in due}) < 2:
        return None
    status = worst([part.findings["copy"].status for part in due])
    if status == "satisfied" and any(part.behind for part in due):
        status = "legal_judgement"  # a sheet says that a copy goes along, and not of which agreement
    return Finding(
        key="union:copy",
        check=DERIVATIVES_CHECK,
        status=status,
        reading=_hangs_on_a_candidate(due),
        title="A copy of each agreement",
        explanation=f"What goes out holds materials of {_versions(due)}, and each version asks for a copy of its own "
        f"agreement {cite(_clauses(due, 'copy'))}.",
        clauses=_clauses(due, "copy"),
        action=f"Check that a copy of each goes along: {_versions(due)}.",
        parameters={"versions": _versions(due), "cited": _cited_for(due, "copy")},
    )


def _names(every: Sequence[_Part]) -> Finding | None:
    due = _due(every, "name")
    prefixes = list(dict.fromkeys(part.terms.name_prefix.prefix for part in due if part.terms.name_prefix))
    if not any(part.behind for part in due):
        return None
    return Finding(
        key="union:name",
        check=DERIVATIVES_CHECK,
        status=worst([part.findings["name"].status for part in due]),
        reading=_hangs_on_a_candidate(due),
        title=f"The name suits every version behind it: {' and '.join(f'“{prefix}”' for prefix in prefixes)}",
        explanation=f"The model stands on {_versions(due)}, and each version says how the name begins "
        f"{cite(_clauses(due, 'name'))}.",
        clauses=_clauses(due, "name"),
        action=" ".join(dict.fromkeys(part.findings["name"].action for part in due if part.findings["name"].action)),
        parameters={"prefixes": "\n".join(prefixes), "cited": _cited_for(due, "name")},
    )


def _improvement(every: Sequence[_Part]) -> Finding | None:
    banned = [part for part in every if part.terms.improvement_ban is not None and part.behind]
    if not banned:
        return None
    found = [_banned(part) for part in banned]
    status = worst([one.status for one in found])
    return Finding(
        key="union:improvement",
        check=DERIVATIVES_CHECK,
        status=status,
        title="A version behind the model forbids improving other large language models",
        explanation=f"{' '.join(dict.fromkeys(one.explanation for one in found))} The exclusion names one version and "
        f"what derives from it {cite(_clauses(banned, 'improvement'))}.",
        clauses=_clauses(banned, "improvement"),
        reading=any(one.reading for one in found if one.status == status),
        action=" ".join(dict.fromkeys(one.action for one in found if one.action)),
        parameters={"cited": _cited_for(banned, "improvement")},
    )


def _banned(part: _Part) -> Banned:
    own = part.findings["improvement"]
    if part.came == "candidate":
        explanation = f"{part.terms.name} may govern the model, with its ban; that it does is a reading."
        return Banned(_for_counsel_at_most(own.status), explanation, own.action, reading=True)
    return banned_by_descent(part.facts, part.terms, own)


# --- policy and the EU ----------------------------------------------------------------------------------------


def _policies(every: Sequence[_Part]) -> Finding | None:
    bound = [part for part in every if part.reached_by("aup-screening")]
    having: dict[str, list[_Part]] = {}
    for part in bound:
        for item in part.terms.aup_items:
            having.setdefault(item.id, []).append(part)
    only_some = sorted(item_id for item_id, parts in having.items() if len(parts) < len(bound))
    reworded = sorted(
        item_id
        for item_id, parts in having.items()
        if item_id not in only_some and len({_subject(part, item_id) for part in parts}) > 1
    )
    if not only_some:
        return None
    statuses = [
        finding.status
        for part in bound
        for key, finding in part.findings.items()
        if key.removeprefix("aup-item:") in only_some
    ]
    also = f" Others have other words: {', '.join(f'AUP {item}' for item in reworded)}." if reworded else ""
    return Finding(
        key="union:aup",
        check=USE_CHECK,
        status=worst(statuses or [part.findings["aup-screening"].status for part in bound]),
        reading=_hangs_on_a_candidate(bound),
        title="The strictest policy counts",
        explanation=f"The product stands on {_versions(bound)}. These items are in some of their policies only, and "
        f"the product keeps all of them: {', '.join(f'AUP {item}' for item in only_some)}.{also}",
        clauses=tuple(f"AUP {item}" for item in only_some),
        action="Read these items even where the component in question is not the one that they come with.",
        parameters={
            "cited": _cited((having[item][0], [f"AUP {item}"]) for item in only_some),
            "reworded": ", ".join(reworded),
        },
    )


def _subject(part: _Part, item_id: str) -> str:
    item = part.terms.item(item_id)
    return item.subject if item else ""


def _eu(every: Sequence[_Part]) -> Finding | None:
    found = [
        (part, said)
        for part in every
        if part.behind and part.terms.eu_multimodal is not None and (said := _withheld(part)) is not None
    ]
    if not found:
        return None
    caught = [part for part, _said in found]
    status = worst([said.status for _part, said in found])
    return Finding(
        key="union:eu-multimodal",
        check=LICENSEE_CHECK,
        status=status,
        title="The EU paragraph of a version behind the model",
        explanation=f"{' '.join(dict.fromkeys(said.explanation for _part, said in found))} "
        f"{cite(_clauses(caught, 'eu-multimodal'))}.",
        clauses=_clauses(caught, "eu-multimodal"),
        reading=any(said.reading for _part, said in found if said.status == status),
        action=" ".join(dict.fromkeys(said.action for _part, said in found if said.action)),
        parameters={"cited": _cited_for(caught, "eu-multimodal")},
    )


def _withheld(part: _Part) -> Withheld | None:
    own = part.findings["eu-multimodal"]
    if part.came == "ancestor":
        return withheld_by_descent(part.facts, part.terms, own)
    if own.status in {"not_applicable", "satisfied"}:
        return None
    explanation = f"{part.terms.name} may govern the model, with its paragraph; that it does is a reading."
    return Withheld(_for_counsel_at_most(own.status), explanation, own.action, reading=True)


# --- the company under each agreement -------------------------------------------------------------------------


def _company(every: Sequence[_Part]) -> list[Finding]:
    """Each agreement behind the model has a users test of its own, and is accepted by itself."""
    confirmed = {part.terms.slug for part in every if not part.behind}
    by_weights = {part.terms.slug for part in every if not part.binds_by_reading}
    found: dict[str, Finding] = {}
    for part in every:
        if not part.behind or part.terms.slug in confirmed:
            continue
        if part.binds_by_reading and part.terms.slug in by_weights:
            continue  # another component says it without a reading
        for key in _OF_THE_COMPANY:
            found.setdefault(f"{key}:{part.terms.slug}", _of_the_company(part, key))
    return list(found.values())


def _of_the_company(part: _Part, key: str) -> Finding:
    own = part.findings[key]
    title = f"Behind the model: {own.title}"
    if key == "mau":
        title = f"{part.terms.name} behind the model: {own.title[0].lower()}{own.title[1:]}"
    found = replace(
        own,
        key=f"union:{key}:{part.terms.slug}",
        title=title,
        popular_claim="",
        parameters={**own.parameters, "cited": _cited_for([part], key)},
    )
    if not (why := part.binds_by_reading):
        return found
    status = _for_counsel_at_most(own.status)
    action = own.action
    if status != own.status:
        action = f"Judge first whether the agreement of {part.terms.name} binds the company. If it does: {own.action}"
    binding = part.terms.required("acceptance").clauses
    clauses = tuple(dict.fromkeys((*own.clauses, *binding)))
    return replace(
        found,
        status=status,
        reading=True,
        explanation=f"{own.explanation} It is a reading {why} {cite(binding)}.",
        clauses=clauses,
        action=action,
        parameters={**found.parameters, "cited": _cited([(part, clauses)])},
    )


def _unread(slug: str, clauses: tuple[str, ...]) -> Finding:
    name = version_name(slug)
    return Finding(
        key=f"union:unread:{slug}",
        check=LICENSEE_CHECK,
        status="unknown",
        title=f"The terms of {name} are not in the catalogue",
        explanation=f"{name} stands behind the model, and nobody has read its terms here {cite(clauses)}.",
        clauses=clauses,
        action="Add that version, or correct the model sheet.",
    )
