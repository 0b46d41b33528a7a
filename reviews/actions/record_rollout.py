"""Record, or correct, what runs where. What no approval covers is recorded all the same, flagged, and told."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from deployments.actions.rollouts import correct_rollout, record_rollout
from deployments.models import Component, Deployment, Product, Rollout
from foundation.accounts.actors import actor_for, actor_for_token
from foundation.accounts.models import MachineToken, User
from foundation.audit.actors import Actor
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
        if rollout.running and rollout.approval is None:
            assert by is not None or token is not None, "a rollout is recorded by somebody"
            _flag(rollout, actor_for_token(token) if token is not None else actor_for(by))  # type: ignore[arg-type]
    return rollout


def correct_checked_rollout(
    *,
    rollout: Rollout,
    version: LlamaVersion | None,
    raw_model_id: str,
    effective_at: datetime,
    by: User,
    note: str,
    running: bool = True,
) -> Rollout:
    """Supersede a wrong entry beside the approval that covers what really runs, or without one.

    People are told once of what runs without an approval: a correction that leaves model and version as they were
    flagged before, to mend a time, is no news.
    """
    with transaction.atomic():
        Product.objects.select_for_update(no_key=True).get(pk=rollout.component.product_id)
        now = timezone.now()
        approval = (
            approval_in_force(rollout.component, version, rollout.deployment, raw_model_id, now) if running else None
        )
        correction = correct_rollout(
            rollout=rollout,
            version=version,
            raw_model_id=raw_model_id,
            effective_at=effective_at,
            by=by,
            note=note,
            running=running,
            approval=approval,
        )
        if correction.running and correction.approval is None and not _was_flagged(rollout, correction):
            _flag(correction, actor_for(by))
    return correction


def _was_flagged(wrong: Rollout, correction: Rollout) -> bool:
    same_model = (wrong.version_id, wrong.raw_model_id) == (correction.version_id, correction.raw_model_id)
    return wrong.running and wrong.approval_id is None and same_model


def _flag(rollout: Rollout, actor: Actor) -> None:
    """An event of its own, from which notifications tells owner and legal."""
    component, deployment = rollout.component, rollout.deployment
    record(
        Kind.ROLLOUT_UNAPPROVED,
        actor=actor,
        subject=rollout.reference,
        related=[component.product.reference, component.reference, deployment.reference],
        facts={
            "version": rollout.version.slug if rollout.version else None,
            "environment": deployment.reference,
            "production": deployment.is_production,
        },
    )
