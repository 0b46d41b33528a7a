"""Rollouts: what ran where. Append-only; a mistake is corrected by a later entry that supersedes it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from deployments.errors import DeploymentError
from deployments.logged import logged
from deployments.models import Approval, Component, Deployment, Rollout
from deployments.policies import may_record_rollout, may_token_record_rollout
from foundation.accounts.actors import actor_for, actor_for_token
from foundation.accounts.models import MachineToken, User
from foundation.accounts.policy import require
from foundation.audit.kinds import Kind
from foundation.audit.recorder import record
from licences.models import LlamaVersion

CLOCKS_MAY_DIFFER = timedelta(minutes=5)


def record_rollout(
    *,
    component: Component,
    deployment: Deployment,
    version: LlamaVersion | None,
    raw_model_id: str,
    effective_at: datetime,
    by: User | None = None,
    token: MachineToken | None = None,
    approval: Approval | None = None,
    running: bool = True,
    note: str = "",
) -> Rollout:
    """Record that a component ran a model in an environment from an instant on, or stopped there.

    `approval` is the one in force as the caller found it; None: it went out without one, which the record keeps.
    """
    _require_who(by, token, component)
    with transaction.atomic():
        locked = (
            Component.objects.select_for_update(of=("self",), no_key=True)
            .select_related("product")
            .get(pk=component.pk)
        )
        _check(locked, deployment, version, raw_model_id, effective_at, approval, running)
        rollout = Rollout.objects.create(
            component=locked,
            deployment=deployment,
            version=version if running else None,
            raw_model_id=raw_model_id.strip(),
            running=running,
            effective_at=effective_at,
            recorded_at=timezone.now(),
            recorded_by=by,
            recorded_by_token=token,
            approval=approval,
            note=note.strip(),
        )
        _record(Kind.ROLLOUT_RECORDED, rollout, by, token)
    return rollout


def correct_rollout(
    *,
    rollout: Rollout,
    version: LlamaVersion | None,
    raw_model_id: str,
    effective_at: datetime,
    by: User,
    note: str,
    running: bool = True,
    approval: Approval | None = None,
) -> Rollout:
    """Supersede an entry that was wrong. The wrong one stays: it is what was known until now."""
    _require_who(by, None, rollout.component)
    if not note.strip():
        raise DeploymentError(_("Say what was wrong: the earlier entry stays, with your reason beside it."))
    with transaction.atomic():
        component = (
            Component.objects.select_for_update(of=("self",), no_key=True)
            .select_related("product")
            .get(pk=rollout.component_id)
        )
        locked = (
            Rollout.objects.select_for_update(of=("self",), no_key=True).select_related("deployment").get(pk=rollout.pk)
        )
        if Rollout.objects.filter(supersedes=locked).exists():
            raise DeploymentError(_("This entry was already corrected. Correct the later entry instead."))
        _check(component, locked.deployment, version, raw_model_id, effective_at, approval, running)
        correction = Rollout.objects.create(
            component=component,
            deployment=locked.deployment,
            version=version if running else None,
            raw_model_id=raw_model_id.strip(),
            running=running,
            effective_at=effective_at,
            recorded_at=timezone.now(),
            recorded_by=by,
            supersedes=locked,
            approval=approval,
            note=note.strip(),
        )
        _record(Kind.ROLLOUT_SUPERSEDED, correction, by, None)
    return correction


def _require_who(by: User | None, token: MachineToken | None, component: Component) -> None:
    if by is not None:
        require(may_record_rollout(by, component.product))
    elif token is not None:
        require(may_token_record_rollout(token, component.product))
    else:
        raise ValueError("A rollout is recorded by a person or by a machine token.")


def _check(
    component: Component,
    deployment: Deployment,
    version: LlamaVersion | None,
    raw_model_id: str,
    effective_at: datetime,
    approval: Approval | None,
    running: bool,
) -> None:
    if deployment.product_id != component.product_id:
        raise DeploymentError(_("The environment belongs to another product. Choose one of this product."))
    if effective_at.tzinfo is None:
        raise ValueError("effective_at needs a time zone.")
    if effective_at > timezone.now() + CLOCKS_MAY_DIFFER:
        raise DeploymentError(_("A rollout is recorded once it has happened: the time lies in the future."))
    if running and version is None and not raw_model_id.strip():
        raise DeploymentError(_("Say which model runs there: its id, its Llama version, or both."))
    if len(raw_model_id) > 300:
        raise DeploymentError(_("The model id is longer than 300 characters. Copy it as your code writes it."))
    if approval is not None and (
        approval.component_id != component.pk or approval.version_id != getattr(version, "pk", None)
    ):
        raise DeploymentError(_("The approval is for another component or Llama version."))


def _record(kind: Kind, rollout: Rollout, by: User | None, token: MachineToken | None) -> None:
    actor = actor_for(by) if by is not None else actor_for_token(token) if token is not None else None
    assert actor is not None
    version, approval, supersedes = rollout.version, rollout.approval, rollout.supersedes
    record(
        kind,
        actor=actor,
        subject=rollout.reference,
        related=[
            rollout.component.product.reference,
            rollout.component.reference,
            rollout.deployment.reference,
            *([approval.reference, approval.review_reference] if approval else []),
            *([supersedes.reference] if supersedes else []),
        ],
        facts={
            "version": version.slug if version else None,
            "model_id": logged(rollout.raw_model_id),
            "running": rollout.running,
            "approval": approval.reference if approval else None,
            "supersedes": supersedes.reference if supersedes else None,
        },
        at=rollout.effective_at,
    )
