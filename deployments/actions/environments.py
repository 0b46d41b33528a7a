"""Deployments: a product in one environment, and how strictly the gate treats it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from deployments.actions.products import lock_product
from deployments.errors import DeploymentError
from deployments.logged import logged
from deployments.models import Deployment, Product
from deployments.policies import may_edit_product, may_set_gate_mode
from foundation.accounts.actors import actor_for
from foundation.accounts.models import User
from foundation.accounts.policy import require
from foundation.audit.kinds import Kind
from foundation.audit.recorder import record

GATE_MODES = frozenset({"enforce", "observe"})


def add_deployment(
    *, product: Product, name: str, is_production: bool, by: User, gate_mode: str = "enforce"
) -> Deployment:
    """Add an environment, like Production EU. A new environment is in no earlier approval's scope."""
    name = " ".join(name.split())
    if not name or len(name) > 120:
        sentence = _("Write the name of the environment, like Production EU, at most 120 characters.")
        raise DeploymentError(sentence, {"name": sentence})
    _check_mode(gate_mode)
    with transaction.atomic():
        locked = lock_product(product)
        require(may_edit_product(by, locked))
        require(may_set_gate_mode(by, locked, is_production=is_production, gate_mode=gate_mode))
        if Deployment.objects.filter(product=locked, name=name).exists():
            sentence = _("The product already has an environment with this name. Choose another name.")
            raise DeploymentError(sentence, {"name": sentence})
        deployment = Deployment.objects.create(
            product=locked, name=name, is_production=is_production, gate_mode=gate_mode, created_at=timezone.now()
        )
        record(
            Kind.DEPLOYMENT_ADDED,
            actor=actor_for(by),
            subject=deployment.reference,
            related=[locked.reference],
            facts={"name": logged(name), "is_production": is_production, "gate_mode": gate_mode},
        )
    return deployment


def set_gate_mode(*, deployment: Deployment, gate_mode: str, by: User, reason: str = "") -> Deployment:
    """Let the gate enforce here, or only say what it would have said. Loosening needs a reason."""
    _check_mode(gate_mode)
    if gate_mode == "observe" and not reason.strip():
        raise DeploymentError(_("Say why the gate should only observe here: the reason stays in the log."))
    with transaction.atomic():
        product = lock_product(deployment.product)
        locked = Deployment.objects.select_for_update(no_key=True).get(pk=deployment.pk)
        require(may_set_gate_mode(by, product, is_production=locked.is_production, gate_mode=gate_mode))
        if locked.gate_mode == gate_mode:
            return locked
        before, locked.gate_mode = locked.gate_mode, gate_mode
        locked.save(update_fields=["gate_mode"])
        record(
            Kind.GATE_MODE_CHANGED,
            actor=actor_for(by),
            subject=locked.reference,
            related=[product.reference],
            facts={"before": before, "after": gate_mode, "reason": logged(reason.strip())},
        )
    return locked


def _check_mode(gate_mode: str) -> None:
    if gate_mode not in GATE_MODES:
        raise DeploymentError(_("The gate either enforces or observes: choose one of the two."))
