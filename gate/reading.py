"""The gate's three reads, in SQL of our own: the ORM would spend four fifths of a question on writing these statements.

Plain SQL that PostgreSQL and SQLite both know. Columns that are not read here are loaded when something changed and a
comparison in full needs them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from deployments.models import Approval, Deployment, ModelSheet
from deployments.queries import NewestDeclarations
from reviews.standing import Ground

_DEPLOYMENTS = """
    SELECT d.id, d.name, d.is_production, d.gate_mode, p.state AS product_state, p.team_id AS product_team
    FROM deployments_deployment d JOIN deployments_product p ON p.id = d.product_id
    WHERE p.id = %s ORDER BY d.id
"""
_SHEETS = """
    SELECT s.id, s.raw_model_id, c.name AS component_name, v.name AS version_name,
        (SELECT MAX(own.id) FROM deployments_declaration own WHERE own.sheet_id = s.id) AS newest_own,
        (SELECT MAX(shared.id) FROM deployments_declaration shared
            JOIN deployments_modelsheet beside ON beside.id = shared.sheet_id
            JOIN deployments_component place ON place.id = beside.component_id
            WHERE place.product_id = c.product_id) AS newest_of_product
    FROM deployments_modelsheet s JOIN deployments_component c ON c.id = s.component_id
    LEFT JOIN licences_llamaversion v ON v.id = s.version_id
    WHERE c.product_id = %s AND s.raw_model_id = %s ORDER BY s.id
"""
_APPROVALS = """
    SELECT a.id, a.review_reference, a.component_id, a.version_id, a.sheet_id, a.declaration_id, a.licensee_id,
        a.agreement_id, a.aup_id, a.licensee_facts_revision, a.raw_model_id, a.with_conditions, a.state, a.state_reason,
        a.decided_at, a.valid_from, a.valid_until, e.facts_revision AS facts_revision_now,
        agreement.is_current AS agreement_is_current, aup.is_current AS aup_is_current,
        EXISTS (SELECT 1 FROM deployments_approval_deployments within
            WHERE within.approval_id = a.id AND within.deployment_id = %s) AS covers_deployment
    FROM deployments_approval a
    JOIN deployments_modelsheet s ON s.id = a.sheet_id JOIN deployments_component c ON c.id = s.component_id
    JOIN deployments_legalentity e ON e.id = a.licensee_id
    JOIN licences_licencetext agreement ON agreement.id = a.agreement_id
    JOIN licences_licencetext aup ON aup.id = a.aup_id
    WHERE c.product_id = %s AND s.raw_model_id = %s ORDER BY a.decided_at DESC, a.id DESC
"""


@dataclass(frozen=True)
class Environments:
    """The environments of one product, with what the gate asks about the product itself."""

    state: str
    team: int
    rows: Sequence[Deployment]

    def named(self, environment: str) -> Deployment | None:
        """By name, in any case, or by reference."""
        wanted = environment.strip().casefold()
        for row in self.rows:
            if wanted in {row.name.casefold(), row.reference.casefold()}:
                return row
        return None


def environments_of(product: int) -> Environments | None:
    """None where the product has no environment, or does not exist."""
    rows = list(Deployment.objects.raw(_DEPLOYMENTS, [product]))
    if not rows:
        return None
    first = rows[0]
    return Environments(first.product_state, first.product_team, rows)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Sheet:
    """One component that names the model, and the declarations that hold for it now."""

    key: int
    component: str
    version: str | None
    model: str
    newest: NewestDeclarations


def sheets_that_name(model: str, *, product: int) -> list[Sheet]:
    """Every component of the product that names this model, on whichever version."""
    return [
        Sheet(
            row.pk,
            row.component_name,  # type: ignore[attr-defined]
            row.version_name,  # type: ignore[attr-defined]
            row.raw_model_id,
            NewestDeclarations(row.newest_own or 0, row.newest_of_product or 0),  # type: ignore[attr-defined]
        )
        for row in ModelSheet.objects.raw(_SHEETS, [product, model])
    ]


@dataclass(frozen=True)
class Approvals:
    """The approvals of these sheets, newest first; which cover the environment; what they rest on now."""

    rows: Sequence[Approval]
    covering: frozenset[int]
    grounds: Mapping[int, Ground]


def approvals_of(sheets: Sequence[Sheet], *, product: int, deployment: Deployment) -> Approvals:
    """All approvals of the sheets, which name one model."""
    newest = {sheet.key: sheet.newest for sheet in sheets}
    rows = list(Approval.objects.raw(_APPROVALS, [deployment.pk, product, sheets[0].model]))
    return Approvals(
        rows,
        frozenset(row.pk for row in rows if row.covers_deployment),  # type: ignore[attr-defined]
        {
            row.pk: Ground(
                newest[row.sheet_id],
                row.facts_revision_now,  # type: ignore[attr-defined]
                bool(row.agreement_is_current and row.aup_is_current),  # type: ignore[attr-defined]
            )
            for row in rows
        },
    )
