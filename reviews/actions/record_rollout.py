"""Record what runs where. A rollout without an approval is recorded all the same, flagged, and told."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from deployments.actions.rollouts import record_rollout
from deployments.models import Component, Deployment, Product, Rollout
from foundation.accounts.actors import actor_for, actor_for_token
from foundation.accounts.models import MachineToken, User
from foundation.audit.kinds import Kind
from foundation.audit.recorder import record
from licences.models import LlamaVersion
from reviews.queries import approval_in_force


def record_checked_rollout(
    *,
    component: Component,
    deployment: Deployment,
    version: LlamaVersion | None,
    raw_model_id: str,
    effective_at: datetime,
    by: User | None = None,
    token: MachineToken | None = None,
    running: bool = True,
    note: str = "",
) -> Rollout:
    """Record the rollout beside the approval that covers it, or without one, which is an event of its own."""
    with transaction.atomic():
        Product.objects.select_for_update(no_key=True).get(pk=component.product_id)
        approval = approval_in_force(component, version, deployment, raw_model_id, timezone.now()) if running else None
        rollout = record_rollout(
            component=component,
            deployment=deployment,
            version=version,
            raw_model_id=raw_model_id,
            effective_at=effective_at,
            by=by,
            token=token,
            approval=approval,
            running=running,
            note=note,
        )
        if running and approval is None:
            assert by is not None or token is not None, "a rollout is recorded by somebody"
            actor = actor_for_token(token) if token is not None else actor_for(by)  # type: ignore[arg-type]
            record(
                Kind.ROLLOUT_UNAPPROVED,
                actor=actor,
                subject=rollout.reference,
                related=[component.product.reference, component.reference, deployment.reference],
                facts={
                    "version": version.slug if version else None,
                    "environment": deployment.reference,
                    "production": deployment.is_production,
                },
            )
    return rollout
