"""Components: the models' places in a product."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from deployments.actions.products import lock_product
from deployments.errors import DeploymentError
from deployments.logged import logged
from deployments.models import Component, Product
from deployments.policies import may_edit_product
from foundation.accounts.actors import actor_for
from foundation.accounts.models import User
from foundation.accounts.policy import require
from foundation.audit.kinds import Kind
from foundation.audit.recorder import record


def add_component(*, product: Product, name: str, by: User) -> Component:
    """Add a place for a model: chat model, safeguard, canary. Its model and version are chosen afterwards."""
    name = " ".join(name.split())
    if not name or len(name) > 120:
        sentence = _("Write a short name for the component, like chat model, at most 120 characters.")
        raise DeploymentError(sentence, {"name": sentence})
    with transaction.atomic():
        locked = lock_product(product)
        require(may_edit_product(by, locked))
        if Component.objects.filter(product=locked, name=name).exists():
            sentence = _("The product already has a component with this name. Choose another name.")
            raise DeploymentError(sentence, {"name": sentence})
        component = Component.objects.create(product=locked, name=name, created_at=timezone.now())
        record(
            Kind.COMPONENT_ADDED,
            actor=actor_for(by),
            subject=component.reference,
            related=[locked.reference],
            facts={"name": logged(name)},
        )
    return component
