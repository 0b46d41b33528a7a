"""Rollouts as the pure module reads them."""

from __future__ import annotations

from datetime import datetime

from deployments.models import Product, Rollout
from deployments.version_records import Entry, Interval, version_records


def rollout_entries(product: Product) -> list[Entry]:
    """Every rollout of a product, in the order in which it was recorded. One query."""
    rows = (
        Rollout.objects.filter(component__product=product)
        .select_related("component", "deployment", "version", "approval", "supersedes")
        .defer("version__catalogue", "approval__facts")
        .order_by("pk")
    )
    return [entry_of(row) for row in rows]


def entry_of(row: Rollout) -> Entry:
    """One row as an entry."""
    return Entry(
        reference=row.reference,
        component=row.component.reference,
        deployment=row.deployment.reference,
        version=row.version.slug if row.version else None,
        model=row.raw_model_id,
        effective_at=row.effective_at,
        recorded_at=row.recorded_at,
        running=row.running,
        supersedes=row.supersedes.reference if row.supersedes else None,
        approval=row.approval.reference if row.approval else None,
        component_name=row.component.name,
        deployment_name=row.deployment.name,
        version_name=row.version.name if row.version else "",
        order=row.pk,
    )


def records_of(product: Product, *, as_of: datetime, known_at: datetime) -> list[Interval]:
    """The version records of a product up to an instant, by what was known at another."""
    return version_records(rollout_entries(product), as_of, known_at)
