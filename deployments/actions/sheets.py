"""The owner's draft sheets: saved as the owner goes, unknowns included. Saving without a change changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from deployments.actions.closing import close_answered, record_closed
from deployments.actions.products import lock_product
from deployments.errors import DeploymentError
from deployments.logged import logged
from deployments.models import Component, FactEdit, ModelSheet, Product, ProductSheet
from deployments.policies import may_edit_field, may_edit_product
from deployments.sheet_answers import COLUMN_KEYS, model_answers
from foundation.accounts.actors import actor_for
from foundation.accounts.models import User
from foundation.accounts.policy import require
from foundation.audit.actors import Actor
from foundation.audit.kinds import Kind
from foundation.audit.recorder import record
from licences.facts import clean, fields_of
from licences.facts_fields import Sheet
from licences.models import LlamaVersion


def save_product_answers(*, product: Product, answers: Mapping[str, Any], by: User) -> list[str]:
    """Save some answers of the product sheet; returns the keys that changed, none where nothing did."""
    with transaction.atomic():
        locked = lock_product(product)
        changed = apply_answers(product=locked, sheet=None, answers=answers, by=by)
        if changed:
            closed = close_answered(product=locked, sheet=None, keys=changed, by=by, now=timezone.now())
            record_saved(product=locked, sheet=None, changed=changed, by=by)
            record_closed(closed, by=by)
    return changed


def save_model_answers(*, sheet: ModelSheet, answers: Mapping[str, Any], by: User) -> list[str]:
    """Save some answers of a model sheet; returns the keys that changed. Model and version are chosen elsewhere."""
    with transaction.atomic():
        product = lock_product(sheet.component.product)
        locked = lock_sheet(sheet)
        changed = apply_answers(product=product, sheet=locked, answers=answers, by=by)
        if changed:
            closed = close_answered(product=product, sheet=locked, keys=changed, by=by, now=timezone.now())
            record_saved(product=product, sheet=locked, changed=changed, by=by)
            record_closed(closed, by=by)
    return changed


def put_model_sheet(
    *,
    component: Component,
    version: LlamaVersion | None,
    raw_model_id: str,
    by: User,
    proposal: object = None,
) -> ModelSheet:
    """Note which model a component runs, and on which Llama version as confirmed by `by` (None: not resolved yet).

    reviews/ calls this when a version is chosen, because choosing opens a review. The sheet that held the unresolved
    name becomes the sheet of the version; sheets of other versions are not touched.
    """
    raw_model_id = raw_model_id.strip()
    _cleaned, errors = clean("model", {"model_id": raw_model_id})
    if "model_id" in errors:
        raise DeploymentError(errors["model_id"], {"model_id": errors["model_id"]})
    with transaction.atomic():
        product = lock_product(component.product)
        require(may_edit_product(by, product))
        now = timezone.now()
        sheet = _sheet_to_use(component, version)
        if sheet is None:
            sheet = ModelSheet(component=component, chosen_by=by, chosen_at=now, saved_at=now)
        changed = _changed_columns(sheet, version, raw_model_id)
        if not changed and sheet.pk is not None:
            return sheet
        sheet.version, sheet.raw_model_id, sheet.saved_at = version, raw_model_id, now
        sheet.proposal = _as_document(proposal)
        if version is not None:
            sheet.version_confirmed_by, sheet.version_confirmed_at = by, now
        sheet.save()
        FactEdit.objects.create(product=product, sheet=sheet, person=by, keys=changed, at=now)
        record(
            Kind.COMPONENT_VERSION_CHOSEN,
            actor=actor_for(by),
            subject=component.reference,
            related=[product.reference, sheet.reference],
            facts={
                "version": version.slug if version else None,
                "model_id": logged(raw_model_id),
                "rule": logged(str(sheet.proposal.get("rule", ""))),
            },
        )
    return sheet


def propose_version(*, sheet: ModelSheet, version: LlamaVersion, proposal: object, by: Actor) -> bool:
    """Give a sheet whose name nobody could place the version that the name points to, until a person confirms it.

    False where a person was quicker. The product is locked by the caller, who opens the review.
    """
    locked = lock_sheet(sheet)
    taken = ModelSheet.objects.filter(component=locked.component_id, version=version).exists()
    if locked.version_id is not None or taken:
        return False
    locked.version, locked.proposal = version, _as_document(proposal)
    locked.save(update_fields=["version", "proposal"])
    record(
        Kind.COMPONENT_VERSION_PROPOSED,
        actor=by,
        subject=locked.component.reference,
        related=[locked.component.product.reference, locked.reference],
        facts={"version": version.slug, "rule": logged(str(locked.proposal.get("rule", "")))},
    )
    return True


def lock_sheet(sheet: ModelSheet) -> ModelSheet:
    """The sheet, locked until the transaction ends; its product is locked before."""
    return (
        ModelSheet.objects.select_for_update(of=("self",), no_key=True)
        .select_related("version", "component__product", "version_confirmed_by")
        .get(pk=sheet.pk)
    )


def apply_answers(*, product: Product, sheet: ModelSheet | None, answers: Mapping[str, Any], by: User) -> list[str]:
    """Check and write answers on a locked product (and sheet), without recording. Returns the keys that changed."""
    kind: Sheet = "product" if sheet is None else "model"
    _require_fields(kind, answers)
    if not may_edit_product(by, product):
        for key in answers:
            require(may_edit_field(by, product, key, sheet=sheet))
    draft = ProductSheet.objects.select_for_update(no_key=True).get(product=product) if sheet is None else sheet
    columns = {} if sheet is None else {key: value for key, value in model_answers(sheet).items() if key in COLUMN_KEYS}
    cleaned, errors = clean(kind, {**draft.answers, **answers, **columns})
    given = {key: sentence for key, sentence in errors.items() if key in answers}
    if given:
        raise DeploymentError(" ".join(given.values()), given)
    cleaned = {key: value for key, value in cleaned.items() if key not in COLUMN_KEYS}
    changed = sorted(key for key in {*draft.answers, *cleaned} if draft.answers.get(key) != cleaned.get(key))
    if not changed:
        return []
    now = timezone.now()
    draft.answers, draft.saved_at = cleaned, now
    draft.save(update_fields=["answers", "saved_at"])
    FactEdit.objects.create(product=product, sheet=sheet, person=by, keys=changed, at=now)
    return changed


def record_saved(*, product: Product, sheet: ModelSheet | None, changed: list[str], by: User) -> None:
    """Record which answers changed. Their words stay on the sheet: a narrative may name people."""
    record(
        Kind.DECLARATION_DRAFT_SAVED,
        actor=actor_for(by),
        subject=(sheet or product).reference,
        related=[product.reference],
        facts={"changed": list(changed), "sheet": "product" if sheet is None else "model"},
    )


def _require_fields(kind: Sheet, answers: Mapping[str, Any]) -> None:
    known = {one.key for one in fields_of(kind) if one.kind != "record"} - COLUMN_KEYS
    strange = sorted(set(answers) - known)
    if strange:
        raise DeploymentError(
            _("The sheet has no question %(keys)s. The model and its version are chosen on their own page.")
            % {"keys": ", ".join(strange)}
        )


def _sheet_to_use(component: Component, version: LlamaVersion | None) -> ModelSheet | None:
    """The sheet of this version; else the one whose name nobody has resolved yet."""
    sheets = list(ModelSheet.objects.select_for_update(no_key=True).filter(component=component).order_by("pk"))
    unresolved = next((sheet for sheet in sheets if sheet.version_id is None), None)
    if version is None:
        return unresolved
    return next((sheet for sheet in sheets if sheet.version_id == version.pk), unresolved)


def _changed_columns(sheet: ModelSheet, version: LlamaVersion | None, raw_model_id: str) -> list[str]:
    changed = []
    if sheet.pk is None or sheet.raw_model_id != raw_model_id:
        changed.append("model_id")
    if version is not None and (sheet.version_id != version.pk or not sheet.is_confirmed):
        changed.append("version")
    return changed


def _as_document(proposal: object) -> dict[str, Any]:
    """A proposal as it is stored: plain JSON, whether it came as a dataclass or as a mapping."""
    if proposal is None:
        return {}
    plain = asdict(proposal) if is_dataclass(proposal) and not isinstance(proposal, type) else proposal
    if not isinstance(plain, Mapping):
        raise TypeError("A proposal is a mapping or a dataclass.")
    return {str(key): _plain(value) for key, value in plain.items()}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in value]
    return str(value)
