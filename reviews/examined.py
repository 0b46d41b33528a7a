"""What a review rests on, taken from the rows: facts, findings, texts; and the digest of every part that is signed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from deployments.models import Declaration, LegalEntity
from deployments.queries import declared_facts, facts_change_on
from deployments.queries.facts import Known
from foundation.accounts.company_day import company_day
from foundation.audit.canonical import JSON, canonical, digest
from licences.facts import Facts, material
from licences.models import LicenceText, LlamaVersion, TextKind
from licences.obligations import Finding, assess, assess_union
from licences.queries import current_text
from licences.terms import Terms
from licences.terms_now import every_terms
from reviews.models import Review
from reviews.reading import (
    CheckLine,
    ConditionLine,
    DeploymentLine,
    EntityLine,
    Sighting,
    checks_of,
    conditions_of,
    deployments_of,
    entities_of,
    latest_sighting,
)
from reviews.statement import PART_NAMES
from reviews.step_plan import display_duties, plan, plan_document


@dataclass(frozen=True)
class Examined:
    """Facts, findings and texts at one moment, as documents with their digests."""

    facts: str
    facts_digest: str
    findings: str
    findings_digest: str
    agreement: LicenceText | None
    aup: LicenceText | None
    catalogue_digest: str
    licensee_facts_revision: int
    licensee_facts_change_on: date | None


def examine(declaration: Declaration, version: LlamaVersion, licensee: LegalEntity) -> Examined:
    """Derive facts and findings from the declaration, the entity's facts and the current texts."""
    today = company_day(timezone.now())
    known = Known(today)
    facts: Facts = declared_facts(declaration, known=known)
    facts_document = cast("JSON", material(facts))
    findings = derive_findings(declaration, facts, version, known)
    findings_document = findings_as_document([finding.as_document() for finding in findings])
    return Examined(
        facts=canonical(facts_document),
        facts_digest=digest(facts_document),
        findings=canonical(findings_document),
        findings_digest=digest(findings_document),
        agreement=current_text(version, TextKind.AGREEMENT),
        aup=current_text(version, TextKind.AUP),
        catalogue_digest=version.catalogue_digest,
        licensee_facts_revision=licensee.facts_revision,
        licensee_facts_change_on=facts_change_on(licensee, today),
    )


def derive_findings(declaration: Declaration, facts: Facts, version: LlamaVersion, known: Known) -> list[Finding]:
    """The findings for this component, then those that arise together with its ancestors and the other components."""
    every = every_terms()
    terms = every[version.slug]
    parts: list[tuple[Facts, Terms]] = [(facts, terms)]
    parts += [
        (declared_facts(other, known=known), every[other.sheet.version.slug])
        for other in declarations_of_other_components(declaration)
        if other.sheet.version is not None
    ]
    return assess(facts, terms) + assess_union(parts, list(every.values()))


def declarations_of_other_components(declaration: Declaration) -> list[Declaration]:
    """The newest declaration of each other component of the product that runs or is approved."""
    component = declaration.sheet.component
    others = (
        Declaration.objects.filter(sheet__component__product=component.product_id)
        .exclude(sheet__component=component)
        .filter(Q(sheet__approvals__state="in_force") | Q(sheet__component__rollouts__running=True))
        .select_related("sheet__component__product", "sheet__version")
        .order_by("sheet", "-revision")
        .distinct()
    )
    newest: dict[int, Declaration] = {}
    for other in others:
        newest.setdefault(other.sheet_id, other)
    return list(newest.values())


def findings_as_document(findings: list[dict[str, Any]]) -> JSON:
    """The document whose digest stands for the findings."""
    return cast("JSON", {"schema": "licence-desk/findings", "version": 1, "findings": findings})


def findings_of(review: Review) -> list[dict[str, Any]]:
    """The findings that were copied onto the review, as documents; empty before facts are declared."""
    return list(json.loads(review.findings)["findings"]) if review.findings else []


@dataclass(frozen=True)
class Duty:
    """An attribution duty, and the latest sighting of it, if anybody saw it."""

    key: str
    title: str
    clauses: tuple[str, ...]
    seen_on: str
    address: str

    @property
    def seen(self) -> bool:
        return bool(self.seen_on)

    @property
    def seen_day(self) -> date | None:
        """The day of the sighting, as pages write days."""
        return date.fromisoformat(self.seen_on) if self.seen_on else None


@dataclass(frozen=True)
class Parts:
    """What signatures cover beside facts, findings and texts: read once, under the review's lock by whoever signs."""

    review: Review
    findings: list[dict[str, Any]]
    checks: list[CheckLine]  # by number
    conditions: list[ConditionLine]
    entities: list[EntityLine]
    deployments: list[DeploymentLine]
    duties: list[Duty]

    @property
    def answers(self) -> dict[int, str]:
        """The answer of each check by its number; empty strings where none is given yet."""
        return {check.number: check.answer for check in self.checks}


def read_parts(review: Review) -> Parts:
    """The parts as they stand. Five queries at most."""
    findings, checks = findings_of(review), checks_of(review)
    return Parts(
        review=review,
        findings=findings,
        checks=checks,
        conditions=conditions_of(review),
        entities=entities_of(review),
        deployments=deployments_of(review),
        duties=_attribution_duties(review, findings, {check.number: check.answer for check in checks}),
    )


def _attribution_duties(review: Review, findings: list[dict[str, Any]], answers: Mapping[int, str]) -> list[Duty]:
    """The display duties of the findings, with what was seen since the review was opened for this component."""
    due = display_duties(findings, answers)
    sighting = latest_sighting(review) if due else None
    return [_duty(finding, sighting) for finding in due]


def _duty(finding: Mapping[str, Any], sighting: Sighting | None) -> Duty:
    seen = sighting if sighting is not None and sighting.seen and _shows(sighting.text, finding) else None
    return Duty(
        key=finding["key"],
        title=finding["title"],
        clauses=tuple(finding["clauses"]),
        seen_on=seen.observed_on.isoformat() if seen else "",
        address=seen.address if seen else "",
    )


def _shows(text: str, finding: Mapping[str, Any]) -> bool:
    """A sighting counts for a duty when the words that were seen hold the words that the version demands."""
    parameters = finding.get("parameters", {})
    demanded = parameters.get("texts", parameters.get("text", "")).splitlines()
    return all(line in text for line in demanded)


def answers_document(parts: Parts) -> JSON:
    """The five answers with their reasoning and clauses."""
    rows = [
        {
            "number": check.number,
            "answer": check.answer,
            "reasoning": check.reasoning,
            "clauses": sorted(check.clauses),
            "answered_by": check.answered_by_reference,
        }
        for check in parts.checks
    ]
    return cast("JSON", {"schema": "licence-desk/answers", "version": 1, "answers": rows})


def positions_document(parts: Parts) -> JSON:
    """The positions taken, by check."""
    positions = [
        {"check": check.number, "reading": check.reading, "residual_risk": check.residual_risk}
        for check in parts.checks
        if check.answer == "position_taken" and check.has_position
    ]
    return cast("JSON", {"schema": "licence-desk/positions", "version": 1, "positions": positions})


def duties_document(parts: Parts) -> JSON:
    rows = [
        {
            "key": duty.key,
            "title": duty.title,
            "clauses": list(duty.clauses),
            "seen_on": duty.seen_on,
            "address": duty.address,
        }
        for duty in parts.duties
    ]
    return cast("JSON", {"schema": "licence-desk/attribution-duties", "version": 1, "duties": rows})


def conditions_document(parts: Parts) -> JSON:
    rows = [
        {
            "reference": condition.reference,
            "kind": condition.kind,
            "text": condition.text,
            "owner": condition.owner_reference,
            "due_on": condition.due_on.isoformat() if condition.due_on else None,
        }
        for condition in parts.conditions
    ]
    return cast("JSON", {"schema": "licence-desk/conditions", "version": 1, "conditions": rows})


def scope_document(review: Review) -> JSON:
    """Entities, environments, use, countries and dates, as they stand now."""
    return _scope_document(review, entities_of(review), deployments_of(review))


def scope_of_parts(parts: Parts) -> JSON:
    """The scope as it was read."""
    return _scope_document(parts.review, parts.entities, parts.deployments)


def _scope_document(review: Review, entities: list[EntityLine], deployments: list[DeploymentLine]) -> JSON:
    return cast(
        "JSON",
        {
            "schema": "licence-desk/scope",
            "version": 1,
            "product": review.product.reference,
            "component": review.component.reference,
            "llama_version": review.version.slug,
            "model_id": review.sheet.raw_model_id,
            "entities": [{"reference": entity.reference, "name": entity.name} for entity in entities],
            "deployments": [
                {"reference": deployment.reference, "name": deployment.name, "production": deployment.is_production}
                for deployment in deployments
            ],
            "use": review.scope_use,
            "countries": sorted(review.scope_countries),
            "valid_from": review.valid_from.isoformat() if review.valid_from else None,
            "valid_until": review.valid_until.isoformat() if review.valid_until else None,
        },
    )


def planned_steps_document(parts: Parts) -> JSON:
    return cast("JSON", plan_document(plan(parts.findings, parts.answers)))


def documents_of_parts(parts: Parts) -> dict[str, JSON]:
    """The documents that are made from rows; facts, findings and texts have digests of their own."""
    return {
        "answers": answers_document(parts),
        "positions": positions_document(parts),
        "duties": duties_document(parts),
        "plan": planned_steps_document(parts),
        "scope": scope_of_parts(parts),
        "conditions": conditions_document(parts),
    }


def digests_of_parts(parts: Parts) -> dict[str, str]:
    """The digest of every part of the review that some signature covers, in the order of PART_NAMES."""
    review = parts.review
    digests = {part: digest(document) for part, document in documents_of_parts(parts).items()}
    digests |= {
        "facts": review.facts_digest,
        "findings": review.findings_digest,
        "agreement": review.agreement.sha256 if review.agreement else "",
        "aup": review.aup.sha256 if review.aup else "",
    }
    return {part: digests[part] for part in PART_NAMES}


def what_is_missing(parts: Parts) -> list[str]:
    """Why nobody can sign the answers yet: rule 2, unknown is never fine."""
    review = parts.review
    problems: list[str] = []
    if review.declaration is None or review.licensee is None:
        problems.append(_("The owner has not declared the facts yet."))
        return problems
    if review.agreement is None:
        problems.append(_("The agreement of %(version)s is not imported.") % {"version": review.version.name})
    if review.aup is None:
        problems.append(
            _("The acceptable use policy of %(version)s is not imported.") % {"version": review.version.name}
        )
    problems += [
        _("Unknown: %(title)s") % {"title": finding["title"]}
        for finding in parts.findings
        if finding["status"] == "unknown"
    ]
    if not parts.deployments:
        problems.append(_("The scope names no environment."))
    if not parts.entities:
        problems.append(_("The scope names no entity."))
    if review.valid_until is None:
        problems.append(_("The scope names no end date."))
    return problems + _open_checks(parts)


def _open_checks(parts: Parts) -> list[str]:
    prohibited = {finding["check"] for finding in parts.findings if finding["status"] == "prohibited"}
    problems = []
    for check in parts.checks:
        number = {"number": check.number}
        if not check.answer:
            problems.append(_("Check %(number)s is not answered.") % number)
        elif check.answer == "not_met":
            problems.append(_("Check %(number)s is “Not met”: ask for changes, or reject.") % number)
        elif not check.reasoning.strip():
            problems.append(_("Check %(number)s has no reasoning.") % number)
        elif check.number in prohibited and check.answer != "position_taken":
            problems.append(
                _("Check %(number)s has a finding “Prohibited”: answer “Not met”, or take a position.") % number
            )
        elif check.answer == "met_with_conditions" and not parts.conditions:
            problems.append(_("Check %(number)s is met with conditions, and no condition is set.") % number)
    return problems
