"""Get one object for one person: 404 when they may not know of it, 403 when they may see but not do it."""

from __future__ import annotations

from django.http import Http404
from django.utils.translation import gettext as _

from deployments.models import Component, Deployment, LegalEntity, ModelSheet, Product, StopDuty
from deployments.policies import may_see_entities
from deployments.queries.one_product import visible_product
from foundation.accounts.models import User
from foundation.accounts.policy import require
from foundation.audit.references import parse_reference


def get_product_for(person: User, reference: str) -> Product:
    """The product with this reference, if the person may know of it."""
    key = parse_reference(reference, Product.prefix)
    product = visible_product(person, key) if key is not None else None
    if product is None:
        raise Http404(_("There is no product %(reference)s that you may see.") % {"reference": reference})
    return product


def get_component_for(person: User, reference: str) -> Component:
    """A component of a product that the person may know of."""
    try:
        component = Component.objects.select_related("product__team", "product__owner").get(
            pk=Component.key_of(reference)
        )
    except Component.DoesNotExist as error:
        raise Http404(_("There is no component %(reference)s.") % {"reference": reference}) from error
    get_product_for(person, component.product.reference)
    return component


def get_deployment_for(person: User, reference: str) -> Deployment:
    """An environment of a product that the person may know of."""
    try:
        deployment = Deployment.objects.select_related("product__team", "product__owner").get(
            pk=Deployment.key_of(reference)
        )
    except Deployment.DoesNotExist as error:
        raise Http404(_("There is no environment %(reference)s.") % {"reference": reference}) from error
    get_product_for(person, deployment.product.reference)
    return deployment


def get_sheet_for(person: User, reference: str) -> ModelSheet:
    """A model sheet of a product that the person may know of."""
    try:
        sheet = ModelSheet.objects.select_related(
            "version", "component__product__team", "component__product__owner"
        ).get(pk=ModelSheet.key_of(reference))
    except ModelSheet.DoesNotExist as error:
        raise Http404(_("There is no model sheet %(reference)s.") % {"reference": reference}) from error
    get_product_for(person, sheet.component.product.reference)
    return sheet


def get_stop_duty_for(person: User, reference: str) -> StopDuty:
    """A stop duty on a product that the person may know of."""
    try:
        duty = StopDuty.objects.select_related("version", "component__product__team").get(pk=StopDuty.key_of(reference))
    except StopDuty.DoesNotExist as error:
        raise Http404(_("There is no stop duty %(reference)s.") % {"reference": reference}) from error
    get_product_for(person, duty.component.product.reference)
    return duty


def get_entity_for(person: User, reference: str) -> LegalEntity:
    """A legal entity with its facts: everyone may know its name, the facts are for those who see the company."""
    try:
        entity = LegalEntity.by_reference(reference)
    except LegalEntity.DoesNotExist as error:
        raise Http404(_("There is no legal entity %(reference)s.") % {"reference": reference}) from error
    require(may_see_entities(person))
    return entity
