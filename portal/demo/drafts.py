"""Register the demo's products as their owners do. Every step looks first at what is there already."""

from __future__ import annotations

from deployments.actions.components import add_component
from deployments.actions.environments import add_deployment
from deployments.actions.products import register_product, set_entity_role
from deployments.actions.sheets import save_model_answers, save_product_answers
from deployments.models import Component, Deployment, EntityRole, ModelSheet, Product
from foundation.accounts.models import User
from foundation.audit.kinds import Kind
from foundation.audit.queries import search_events
from licences.models import LlamaVersion
from portal.demo.entities import entity
from portal.demo.people import Cast
from portal.demo.plans import Model, Plan
from reviews.actions.choose_version import choose_version


def register(plan: Plan, cast: Cast) -> Product:
    """The product with everything that its owner enters before declaring."""
    owner = cast[plan.owner]
    product = find_product(plan)
    if product is None:
        product = register_product(name=plan.name, team=cast.teams[plan.team], by=owner, licensee=entity(plan.licensee))
    if plan.offeror:
        set_entity_role(product=product, entity=entity(plan.offeror), role=EntityRole.OFFEROR, by=owner)
    for name, is_production in plan.environments.items():
        if not product.deployments.filter(name=name).exists():
            add_deployment(product=product, name=name, is_production=is_production, by=owner)
    save_product_answers(product=product, answers=plan.answers, by=owner)
    for model in plan.models:
        choose(product, model, owner)
    return product


def choose(product: Product, model: Model, owner: User) -> ModelSheet:
    """Put the model on its component and fill in its sheet; choosing opens the review."""
    component = Component.objects.filter(product=product, name=model.component).first()
    if component is None:
        component = add_component(product=product, name=model.component, by=owner)
    sheet = ModelSheet.objects.filter(component=component, version__slug=model.version).first()
    if sheet is None:
        version = LlamaVersion.objects.get(slug=model.version)
        sheet, _review = choose_version(component=component, raw_model_id=model.model_id, version=version, by=owner)
    save_model_answers(sheet=sheet, answers=model.answers, by=owner)
    return ModelSheet.objects.select_related("component__product", "version").get(pk=sheet.pk)


def find_product(plan: Plan) -> Product | None:
    """The product as the log knows it: by the name that it was registered with, whatever it is called now."""
    for event in search_events(kind=Kind.PRODUCT_REGISTERED):
        if event.facts.get("name") == plan.name and event.facts.get("team") == plan.team:
            return Product.objects.get(pk=Product.key_of(event.subject))
    return None


def deployment_named(product: Product, name: str) -> Deployment:
    return Deployment.objects.get(product=product, name=name)
