"""The parts of a record that say who stands behind the decision, and on which terms."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from deployments.models import Observation, Permission
from evidence.errors import RecordDisagrees
from foundation.accounts.roles import Role
from foundation.audit.canonical import JSON
from foundation.audit.recorder import instant
from reviews.models import Condition, Review, SignOff, Step


def signatures_section(review: Review, sign_offs: Iterable[SignOff]) -> list[dict[str, JSON]]:
    """Every signature of every round, with the exact document that was signed; those of earlier rounds are marked."""
    return [_signature(review, sign_off) for sign_off in sign_offs]


def plan_section(steps: Iterable[Step], signed_steps: set[int]) -> list[dict[str, JSON]]:
    """The signatures that the last round asked for, each with its reason."""
    return [
        {
            "order": step.order,
            "step": step.key,
            "step_label": step.get_key_display(),
            "role": step.role,
            "role_label": role_label(step.role),
            "why": step.why,
            "signed": step.pk in signed_steps,
        }
        for step in steps
    ]


def conditions_section(conditions: Iterable[Condition], *, as_of: datetime) -> list[dict[str, JSON]]:
    """The conditions as they stood at `as_of`: what was met later is told by a later edition."""
    section: list[dict[str, JSON]] = []
    for condition in conditions:
        met = condition.met_at is not None and condition.met_at <= as_of
        section.append(
            {
                "reference": condition.reference,
                "kind": condition.kind,
                "kind_label": condition.get_kind_display(),
                "text": condition.text,
                "due_on": _day(condition.due_on),
                "owner": {"reference": condition.owner.reference, "name": condition.owner.name},
                "set_at": instant(condition.created_at),
                "met_at": instant(condition.met_at) if met and condition.met_at else None,
                "met_note": condition.met_note if met else "",
            }
        )
    return section


def permissions_section(review: Review, *, as_of: datetime) -> list[dict[str, JSON]]:
    """Written grants and exceptions that legal had recorded for the licensee and this version by then."""
    if review.licensee is None:
        return []
    rows = Permission.objects.filter(
        Q(version=None) | Q(version=review.version), entity=review.licensee, recorded_at__lte=as_of
    )
    return [
        {
            "reference": permission.reference,
            "kind": permission.kind,
            "kind_label": permission.get_kind_display(),
            "covers": list(permission.covers),
            "name": permission.name,
            "scope": permission.scope,
            "granted_on": _day(permission.granted_on),
            "expires_on": _day(permission.expires_on),
            "document_sha256": permission.document_id,
            "recorded_at": instant(permission.recorded_at),
        }
        for permission in rows.order_by("pk")
    ]


def sightings_section(review: Review, *, as_of: datetime) -> list[dict[str, JSON]]:
    """When and where the attribution had been seen by then; dated, and outside every digest that was signed."""
    rows = Observation.objects.filter(
        component=review.component, kind="attribution", recorded_at__lte=as_of
    ).select_related("deployment")
    return [
        {
            "observed_on": _day(sighting.observed_on),
            "seen": sighting.seen,
            "where": sighting.deployment.name if sighting.deployment else "",
            "text": sighting.text,
            "address": sighting.address,
            "document_sha256": sighting.document_id,
            "recorded_at": instant(sighting.recorded_at),
        }
        for sighting in rows.order_by("observed_on", "pk")
    ]


def require_every_signature(review: Review, steps: Sequence[Step], signed_steps: set[int]) -> None:
    """An approval with a place of its plan left empty is a contradiction: nothing is sealed over it."""
    empty = [step.get_key_display() for step in steps if step.pk not in signed_steps]
    if empty or not steps:
        raise RecordDisagrees(
            _("%(review)s is approved, but its plan lacks the signature of: %(steps)s.")
            % {"review": review.reference, "steps": ", ".join(empty) or _("everyone")}
        )


def role_label(role: str) -> str:
    """The role as a person reads it, also one that this release no longer has."""
    return str(Role(role).label) if role in Role.values else role


def _signature(review: Review, sign_off: SignOff) -> dict[str, JSON]:
    if hashlib.sha256(sign_off.document.encode("utf-8")).hexdigest() != sign_off.digest:
        raise RecordDisagrees(
            _("A signature of %(review)s does not have its digest any more.") % {"review": review.reference}
        )
    return {
        "round": sign_off.round,
        "of_last_round": sign_off.round == review.round,
        "step": sign_off.step.key,
        "step_label": sign_off.step.get_key_display(),
        "person": {
            "reference": sign_off.person.reference,
            "name": sign_off.signer_name,
            "organisation": sign_off.signer_organisation,
            "title": sign_off.signer_title,
            "kind": sign_off.signer_kind,
            "name_salt": sign_off.name_salt,
        },
        "role": sign_off.role,
        "role_label": role_label(sign_off.role),
        "statement": sign_off.statement,
        "language": sign_off.language,
        "method": sign_off.method,
        "signed_at": instant(sign_off.signed_at),
        "document": sign_off.document,
        "digest": sign_off.digest,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
