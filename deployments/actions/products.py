"""Products: register, rename, hand over, copy. Retiring ends reviews too, so its verb lies in reviews/."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from deployments.actions.closing import close_of_retired, record_closed
from deployments.actions.stop_duties import StopDutyPlan, open_rows, record_opened
from deployments.errors import DeploymentError
from deployments.logged import logged
from deployments.models import (
    Component,
    EntityRole,
    FactEdit,
    LegalEntity,
    Product,
    ProductEntity,
    ProductSheet,
    ProductState,
    StopDuty,
)
from deployments.policies import may_change_owner, may_edit_product, may_own, may_register, may_retire
from foundation.accounts.actors import actor_for
from foundation.accounts.models import Team, User
from foundation.accounts.policy import require
from foundation.audit.kinds import Kind
from foundation.audit.recorder import record
from licences.models import LlamaVersion

LONGEST_NAME = 200


def register_product(
    *, name: str, team: Team, by: User, licensee: LegalEntity | None = None, owner: User | None = None
) -> Product:
    """Begin a registration. Everything else can wait: unknowns never stop saving (design, rule 2)."""
    require(may_register(by, team))
    owner = owner or by
    require(may_own(owner, team))
    with transaction.atomic():
        product = _create(name=name, team=team, owner=owner)
        if licensee is not None:
            ProductEntity.objects.create(product=product, entity=licensee, role=EntityRole.LICENSEE)
            _note_edit(product, by, ["licensee"])
        record(
            Kind.PRODUCT_REGISTERED,
            actor=actor_for(by),
            subject=product.reference,
            related=[owner.reference, *([licensee.reference] if licensee else [])],
            facts={
                "name": logged(product.name),
                "team": team.code,
                "licensee": licensee.reference if licensee else None,
            },
        )
    return product


def rename_product(*, product: Product, name: str, by: User) -> Product:
    """Change the name. Names are no material facts: nothing becomes stale."""
    with transaction.atomic():
        locked = lock_product(product)
        require(may_edit_product(by, locked))
        name = _clean_name(name)
        if name == locked.name:
            return locked
        _refuse_taken(locked.team, name)
        before, locked.name = locked.name, name
        locked.save(update_fields=["name"])
        record(
            Kind.PRODUCT_CHANGED,
            actor=actor_for(by),
            subject=locked.reference,
            facts={"changed": "name", "before": logged(before), "after": logged(name)},
        )
    product.name = name
    return locked


def change_owner(*, product: Product, owner: User, by: User) -> Product:
    """Hand the product over to somebody who may own it."""
    with transaction.atomic():
        locked = lock_product(product)
        require(may_change_owner(by, locked))
        require(may_own(owner, locked.team))
        if locked.owner_id == owner.pk:
            return locked
        before = locked.owner
        locked.owner = owner
        locked.save(update_fields=["owner"])
        record(
            Kind.PRODUCT_OWNER_CHANGED,
            actor=actor_for(by),
            subject=locked.reference,
            related=[before.reference, owner.reference],
            facts={"before": before.reference, "after": owner.reference},
        )
    return locked


def set_entity_role(*, product: Product, entity: LegalEntity, role: str, by: User) -> ProductEntity:
    """Give an entity a role in the product. There is one licensee: naming another one replaces it."""
    if role not in EntityRole.values:
        raise DeploymentError(_("Choose licensee, operator or offeror."))
    with transaction.atomic():
        locked = lock_product(product)
        require(may_edit_product(by, locked))
        same = ProductEntity.objects.filter(product=locked, role=role, entity=entity).first()
        if same is not None:
            return same
        replaced = None
        if role == EntityRole.LICENSEE:
            former = ProductEntity.objects.filter(product=locked, role=role).select_related("entity").first()
            if former is not None:
                replaced = former.entity.reference
                former.delete()
        row = ProductEntity.objects.create(product=locked, entity=entity, role=role)
        if role == EntityRole.LICENSEE:
            _note_edit(locked, by, ["licensee"])
        record(
            Kind.PRODUCT_CHANGED,
            actor=actor_for(by),
            subject=locked.reference,
            related=[entity.reference],
            facts={"changed": f"entity:{role}", "before": replaced, "after": entity.reference},
        )
    return row


def remove_entity_role(*, product: Product, entity: LegalEntity, role: str, by: User) -> None:
    """Take a role from an entity. The licensee is replaced, not removed: an approval always names one."""
    if role == EntityRole.LICENSEE:
        raise DeploymentError(_("Name another licensee instead: a product always has one entity that is examined."))
    with transaction.atomic():
        locked = lock_product(product)
        require(may_edit_product(by, locked))
        removed, _rows = ProductEntity.objects.filter(product=locked, entity=entity, role=role).delete()
        if not removed:
            return
        record(
            Kind.PRODUCT_CHANGED,
            actor=actor_for(by),
            subject=locked.reference,
            related=[entity.reference],
            facts={"changed": f"entity:{role}", "before": entity.reference, "after": None},
        )


def copy_product(*, source: Product, name: str, team: Team, by: User, licensee: LegalEntity | None = None) -> Product:
    """Begin a registration from another product: its answers, entities and component names come along as a draft.

    No version, approval or rollout does: each is decided anew (nothing carries over silently).
    """
    require(may_register(by, team))
    with transaction.atomic():
        if not Product.objects.visible_to(by).filter(pk=source.pk).exists():
            raise DeploymentError(_("You may copy only from products that you may see."))
        sheet = ProductSheet.objects.filter(product=source).first()
        product = _create(
            name=name, team=team, owner=by, copied_from=source, answers=dict(sheet.answers) if sheet else {}
        )
        for row in ProductEntity.objects.filter(product=source):
            if row.role == EntityRole.LICENSEE and licensee is not None:
                continue
            ProductEntity.objects.create(product=product, entity_id=row.entity_id, role=row.role)
        if licensee is not None:
            ProductEntity.objects.create(product=product, entity=licensee, role=EntityRole.LICENSEE)
        for component in Component.objects.filter(product=source):
            Component.objects.create(product=product, name=component.name, created_at=product.created_at)
        _note_edit(product, by, ["licensee", *sorted(product.sheet.answers)])
        record(
            Kind.PRODUCT_REGISTERED,
            actor=actor_for(by),
            subject=product.reference,
            related=[source.reference],
            facts={"name": logged(product.name), "team": team.code, "copied_from": source.reference},
        )
    return product


def activate(*, product: Product) -> None:
    """Say that the registration is complete. Called by declare(), inside its transaction, which records the event."""
    Product.objects.filter(pk=product.pk, state=ProductState.DRAFT).update(state=ProductState.ACTIVE)


def mark_retired(*, product: Product, by: User, reason: str = "") -> list[StopDuty]:
    """This room's part of retiring: the record is kept, and every version that it was on gets its stop duty.

    reviews/ calls this when a product is retired, because that withdraws its reviews and ends its approvals.
    """
    with transaction.atomic():
        locked = lock_product(product)
        require(may_retire(by, locked))
        now = timezone.now()
        plans = [
            StopDutyPlan(component=component, version=version, cause="retired")
            for component in Component.objects.select_for_update(no_key=True).filter(product=locked).order_by("pk")
            for version in _versions_of(component)
        ]
        opened = open_rows(plans, now=now)
        closed = close_of_retired(product=locked, now=now)
        locked.state, locked.retired_at = ProductState.RETIRED, now
        locked.save(update_fields=["state", "retired_at"])
        record_opened(opened, actor=actor_for(by))
        record_closed(closed, by=by)
        record(
            Kind.PRODUCT_RETIRED,
            actor=actor_for(by),
            subject=locked.reference,
            related=[duty.reference for duty in opened],
            facts={"reason": logged(reason.strip()), "stop_duties": [duty.reference for duty in opened]},
        )
    product.state, product.retired_at = locked.state, locked.retired_at
    return opened


def _versions_of(component: Component) -> list[LlamaVersion]:
    """Every version that the component was registered on or ran."""
    on_record = Q(model_sheets__component=component) | Q(rollouts__component=component)
    return list(LlamaVersion.objects.filter(on_record).distinct().order_by("position"))


def lock_product(product: Product) -> Product:
    """The product, locked until the transaction ends. Every action on a product or its sheets locks it first."""
    return (
        Product.objects.select_for_update(of=("self",), no_key=True).select_related("team", "owner").get(pk=product.pk)
    )


def _create(
    *,
    name: str,
    team: Team,
    owner: User,
    copied_from: Product | None = None,
    answers: dict[str, object] | None = None,
) -> Product:
    name = _clean_name(name)
    _refuse_taken(team, name)
    now = timezone.now()
    product = Product.objects.create(name=name, team=team, owner=owner, copied_from=copied_from, created_at=now)
    ProductSheet.objects.create(product=product, answers=answers or {}, saved_at=now)
    return product


def _clean_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise DeploymentError(_("Write a name for the product."), {"name": _("Write a name for the product.")})
    if len(name) > LONGEST_NAME:
        sentence = _("The name is longer than 200 characters. Shorten it.")
        raise DeploymentError(sentence, {"name": sentence})
    return name


def _refuse_taken(team: Team, name: str) -> None:
    if Product.objects.filter(team=team, name=name).exists():
        sentence = _("The team already has a product with this name. Open it in the list, or choose another name.")
        raise DeploymentError(sentence, {"name": sentence})


def _note_edit(product: Product, by: User, keys: list[str]) -> None:
    FactEdit.objects.create(product=product, person=by, keys=keys, at=timezone.now())
