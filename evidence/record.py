"""The machine-readable record of a decided review, taken from rows alone: a second run has the same bytes.

The times in it are those of the rows, never the clock's. Counsel's notes are never read for it: a note that is not
loaded cannot leak.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from importlib.metadata import version as package_version
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from deployments.models import Approval
from evidence.findings import findings_in
from evidence.history import History, history_of, history_section, later_standing
from evidence.record_examined import (
    answers_section,
    clauses_section,
    facts_section,
    findings_section,
    positions_section,
    texts_section,
)
from evidence.record_parts import parts_section
from evidence.record_signed import (
    conditions_section,
    permissions_section,
    plan_section,
    require_every_signature,
    sightings_section,
    signatures_section,
)
from foundation.audit.canonical import canonical
from foundation.audit.kinds import Kind
from foundation.audit.recorder import instant
from reviews.models import Review
from reviews.states import State

SCHEMA = "licence-desk/review-record"
SCHEMA_VERSION = 1
PDF_SIGNATURES = 1  # the portal's seal; people sign the documents in the record, each with its own digest

OUTCOMES = {
    Kind.REVIEW_REJECTED.value: State.REJECTED,
    Kind.REVIEW_WITHDRAWN.value: State.WITHDRAWN,
    Kind.REVIEW_NOT_LLAMA.value: State.NOT_LLAMA,
}


def build_record(review: Review, *, edition: int, through: int | None, keys: Mapping[str, str]) -> dict[str, Any]:
    """The record as a document; `record_bytes` writes it. In the language of the company, whoever asks for it.

    `keys` are the public keys of the portal (`evidence.seal.sealing_keys`): the seal over this record vouches for them.
    """
    with translation.override(settings.LANGUAGE_CODE):
        return _build(_loaded(review), edition=edition, through=through, keys=keys)


def record_bytes(record: Mapping[str, Any]) -> bytes:
    """The bytes of record.json: canonical JSON (RFC 8785)."""
    return canonical(dict(record)).encode("utf-8")


def _loaded(review: Review) -> Review:
    """The row as it is now with what the record names, in one query."""
    return Review.objects.select_related(
        "component__product__team",
        "version",
        "sheet",
        "licensee",
        "previous",
        "declaration__declared_by",
        "agreement__blob",
        "aup__blob",
    ).get(pk=review.pk)


def _build(review: Review, *, edition: int, through: int | None, keys: Mapping[str, str]) -> dict[str, Any]:
    history = history_of(review, through=through)
    as_of = history.last.recorded_at
    approval = Approval.objects.filter(review_reference=review.reference).first()
    outcome = _outcome(history, approval)
    checks = list(review.checks.select_related("position", "answered_by"))
    steps = list(review.steps.filter(round=review.round))
    sign_offs = list(review.sign_offs.select_related("step", "person").order_by("signed_at", "pk"))
    signed_steps = {sign_off.step_id for sign_off in sign_offs}
    if outcome in {State.APPROVED, State.APPROVED_WITH_CONDITIONS}:
        require_every_signature(review, steps, signed_steps)
    findings = findings_section(review)
    cited = [clause for check in checks for clause in check.clauses]
    cited += [
        clause for finding in findings_in(findings and findings["document"]) for clause in finding.get("clauses", ())
    ]
    conditions = review.conditions.select_related("owner").filter(created_at__lte=as_of).order_by("pk")
    return {
        "schema": SCHEMA,
        "version": SCHEMA_VERSION,
        "language": settings.LANGUAGE_CODE,
        "company": settings.COMPANY_NAME,
        "review": review.reference,
        "edition": edition,
        "as_of": instant(as_of),
        "decision": _decision(review, history, approval, outcome),
        "scope": _scope(review),
        "facts": facts_section(review),
        "findings": findings,
        "answers": answers_section(review, checks),
        "positions": positions_section(checks),
        "clauses": clauses_section(review, cited),
        "texts": texts_section(review),
        "parts": parts_section(review, approval, sign_offs),
        "conditions": conditions_section(conditions, as_of=as_of),
        "permissions": permissions_section(review, as_of=as_of),
        "sightings": sightings_section(review, as_of=as_of),
        "plan": plan_section(steps, signed_steps),
        "signatures": signatures_section(review, sign_offs),
        "signatures_expected": len(steps) if outcome in {State.APPROVED, State.APPROVED_WITH_CONDITIONS} else None,
        "signatures_present": sum(sign_off.round == review.round for sign_off in sign_offs),
        "history": history_section(history),
        "later": later_standing(history),
        "made_with": _made_with(review),
        "seal": {
            "pdf_signatures": PDF_SIGNATURES,
            "pdf_signature_form": "ETSI.CAdES.detached",
            **keys,
        },
    }


def _outcome(history: History, approval: Approval | None) -> State:
    """The decision as it was made, whatever became of it since."""
    if history.decision.kind == Kind.REVIEW_APPROVED.value:
        return State.APPROVED_WITH_CONDITIONS if approval and approval.with_conditions else State.APPROVED
    return OUTCOMES[history.decision.kind]


def _decision(review: Review, history: History, approval: Approval | None, outcome: State) -> dict[str, Any]:
    product = review.component.product
    approved = outcome in {State.APPROVED, State.APPROVED_WITH_CONDITIONS}
    previous = review.previous
    before = Approval.objects.filter(review_reference=previous.reference).first() if previous else None
    return {
        "outcome": outcome.value,
        "outcome_label": str(outcome.label),
        # A suspension later writes its own reason into this column, so an approval's record leaves it out.
        "reason": "" if approved else review.state_reason,
        "decided_at": instant(review.decided_at or history.decision.recorded_at),
        "decided_by": history.decision.actor_ref,
        "product": {"reference": product.reference, "name": product.name, "team": product.team.name},
        "component": {"reference": review.component.reference, "name": review.component.name},
        "llama_version": {"slug": review.version.slug, "name": review.version.name},
        "raw_model_id": approval.raw_model_id if approval else review.sheet.raw_model_id,
        "licensee": {
            "reference": review.licensee.reference,
            "name": review.licensee.name,
            "country": review.licensee.country,
        }
        if review.licensee
        else None,
        "opened_at": instant(review.opened_at),
        "opened_because": review.get_reason_display(),
        "opened_note": review.reason_note,
        "round": review.round,
        "valid_from": _day(review.valid_from) if approved else None,
        "valid_until": _day(review.valid_until) if approved else None,
        "approval": approval.reference if approval else None,
        "approval_digests": _approval_digests(approval),
        "previous": {
            "review": previous.reference,
            "approval": before.reference if before else None,
            "decided_at": instant(previous.decided_at) if previous.decided_at else None,
        }
        if previous
        else None,
    }


def _approval_digests(approval: Approval | None) -> dict[str, str] | None:
    if approval is None:
        return None
    return {
        "facts": approval.facts_digest,
        "findings": approval.findings_digest,
        "answers": approval.answers_digest,
        "plan": approval.plan_digest,
        "scope": approval.scope_digest,
    }


def _scope(review: Review) -> dict[str, Any]:
    entities = review.scope_entities.order_by("pk")
    deployments = review.scope_deployments.order_by("pk")
    return {
        "entities": [{"reference": entity.reference, "name": entity.name} for entity in entities],
        "deployments": [
            {"reference": one.reference, "name": one.name, "production": one.is_production} for one in deployments
        ],
        "use": review.scope_use,
        "countries": list(review.scope_countries),
    }


def _made_with(review: Review) -> dict[str, str]:
    return {
        "licence_desk": portal_version(),
        "catalogue_sha256": review.catalogue_digest or review.version.catalogue_digest,
        "weasyprint": package_version("weasyprint"),
        "pyhanko": package_version("pyhanko"),
        "notice": _(
            "A decision of the company about its own use. No legal advice, and no warranty or permission from Meta."
        ),
    }


@lru_cache(maxsize=1)
def portal_version() -> str:
    """The version that pyproject.toml states."""
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text("utf-8"))
    return str(project["project"]["version"])


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
