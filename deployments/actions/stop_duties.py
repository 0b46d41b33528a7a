"""Stop duties: what must end when a review is rejected, an approval revoked, a product retired or a licence terminated.

LICENSE 6 names deletion and ceasing use on termination; the other causes ask for the same on the company's own account.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from deployments.errors import DeploymentError
from deployments.models import Component, StopDuty, StopDutyItem
from deployments.policies import may_complete_stop_duty, may_open_stop_duty
from foundation.accounts.actors import actor_for
from foundation.accounts.company_day import company_day
from foundation.accounts.models import User
from foundation.accounts.policy import require
from foundation.audit.actors import Actor
from foundation.audit.kinds import Kind
from foundation.audit.recorder import record
from foundation.files.models import Blob
from licences.models import LlamaVersion

ITEMS = ("cease", "delete", "backups", "derivatives", "certificate")
CAUSES = frozenset({"rejected", "revoked", "retired", "terminated"})
# The company's own period: LICENSE 6 grants none, so termination is due the same day.
DAYS = {"rejected": 14, "revoked": 14, "retired": 30, "terminated": 0}


@dataclass(frozen=True)
class StopDutyPlan:
    """A stop duty that is about to be opened."""

    component: Component
    version: LlamaVersion
    cause: str
    review_reference: str = ""
    due_on: date | None = None


def open_stop_duty(
    *,
    component: Component,
    version: LlamaVersion,
    cause: str,
    by: User | Actor,
    review_reference: str = "",
    due_on: date | None = None,
) -> StopDuty:
    """Open the stop duty of a component on a version; the one already open, if there is one, is returned as it is.

    reviews/ calls it, inside the transaction that rejects, revokes or terminates; that action has checked who may.
    """
    if cause not in CAUSES:
        raise DeploymentError(_("Say why it must stop: rejected, revoked, retired or terminated."))
    if isinstance(by, User):
        require(may_open_stop_duty(by, component.product))
    with transaction.atomic():
        locked = Component.objects.select_for_update(no_key=True).get(pk=component.pk)
        opened = open_rows([StopDutyPlan(locked, version, cause, review_reference, due_on)], now=timezone.now())
        record_opened(opened, actor=actor_for(by) if isinstance(by, User) else by)
        return opened[0] if opened else StopDuty.objects.get(component=locked, version=version, closed_at=None)


def open_rows(plans: Iterable[StopDutyPlan], *, now: datetime) -> list[StopDuty]:
    """Make the rows of stop duties that are not open yet. The caller holds the components' locks and records."""
    opened = []
    for plan in plans:
        if StopDuty.objects.filter(component=plan.component, version=plan.version, closed_at=None).exists():
            continue
        duty = StopDuty.objects.create(
            component=plan.component,
            version=plan.version,
            cause=plan.cause,
            review_reference=plan.review_reference,
            opened_at=now,
            due_on=plan.due_on or company_day(now) + timedelta(days=DAYS[plan.cause]),
        )
        StopDutyItem.objects.bulk_create(StopDutyItem(duty=duty, kind=kind) for kind in ITEMS)
        opened.append(duty)
    return opened


def record_opened(duties: Iterable[StopDuty], *, actor: Actor) -> None:
    """Record the events of stop duties that were opened; last in the transaction."""
    for duty in duties:
        record(
            Kind.STOP_DUTY_OPENED,
            actor=actor,
            subject=duty.reference,
            related=[
                duty.component.product.reference,
                duty.component.reference,
                *([duty.review_reference] if duty.review_reference else []),
            ],
            facts={"cause": duty.cause, "version": duty.version.slug, "due_on": duty.due_on.isoformat()},
        )


def complete_item(*, item: StopDutyItem, by: User, note: str = "", document: Blob | None = None) -> StopDutyItem:
    """Say that one thing is done. The certificate comes last, says what was deleted by whom, and closes the duty."""
    with transaction.atomic():
        duty = (
            StopDuty.objects.select_for_update(of=("self",), no_key=True)
            .select_related("component__product", "version")
            .get(pk=item.duty_id)
        )
        require(may_complete_stop_duty(by, duty.component.product))
        items = {
            row.kind: row
            for row in StopDutyItem.objects.select_for_update(no_key=True).filter(duty=duty).order_by("pk")
        }
        locked = items[item.kind]
        if locked.done_at is not None:
            raise DeploymentError(_("This is already recorded as done. Reload the page."))
        certifies = locked.kind == "certificate"
        if certifies:
            _require_ready(items, note)
        now = timezone.now()
        locked.done_at, locked.done_by, locked.note, locked.document = now, by, note.strip(), document
        locked.save(update_fields=["done_at", "done_by", "note", "document"])
        if certifies:
            duty.closed_at = now
            duty.save(update_fields=["closed_at"])
        record(
            Kind.STOP_DUTY_CERTIFIED if certifies else Kind.STOP_DUTY_STEP_DONE,
            actor=actor_for(by),
            subject=duty.reference,
            related=[duty.component.product.reference, duty.component.reference],
            facts={
                "item": locked.kind,
                "version": duty.version.slug,
                "document": str(document.pk) if document else None,
            },
        )
    return locked


def _require_ready(items: dict[str, StopDutyItem], note: str) -> None:
    """Refuse a certificate before everything else is done, or without words."""
    left = [row.get_kind_display() for kind, row in items.items() if kind != "certificate" and row.done_at is None]
    if left:
        raise DeploymentError(
            _("Certify once the rest is done. Still open: %(items)s.") % {"items": ", ".join(str(one) for one in left)}
        )
    if not note.strip():
        raise DeploymentError(_("Write what was deleted, where, when and by whom: the certificate is these words."))
