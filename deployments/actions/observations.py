"""Dated sightings: what somebody saw on a day. They change no declared fact and make nothing stale."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from deployments.errors import DeploymentError
from deployments.models import Component, Deployment, Observation
from deployments.policies import may_record_observation
from foundation.accounts.actors import actor_for
from foundation.accounts.company_day import company_day
from foundation.accounts.models import User
from foundation.accounts.policy import require
from foundation.audit.kinds import Kind
from foundation.audit.recorder import record
from foundation.files.models import Blob


def record_attribution_sighting(
    *,
    component: Component,
    observed_on: date,
    seen: bool,
    by: User,
    deployment: Deployment | None = None,
    text: str = "",
    address: str = "",
    document: Blob | None = None,
) -> Observation:
    """Record that somebody looked for the attribution (LICENSE 1.b.i), whether it was there, and with which words."""
    if seen and not text.strip():
        raise DeploymentError(_("Write the words as you saw them."), {"text": _("Write the words as you saw them.")})
    return _add(
        component,
        by,
        kind="attribution",
        observed_on=observed_on,
        deployment=deployment,
        seen=seen,
        text=text.strip(),
        address=address.strip(),
        document=document,
    )


def record_current_mau(
    *, component: Component, observed_on: date, figure: int, by: User, text: str = ""
) -> Observation:
    """Record today's monthly active users. It is no tested month: section 2 looks at one month per version only."""
    if not 0 <= figure < 10**15:
        sentence = _("Write the number of monthly active users as a whole number, like 120000.")
        raise DeploymentError(sentence, {"figure": sentence})
    return _add(component, by, kind="mau", observed_on=observed_on, figure=figure, text=text.strip())


def _add(component: Component, by: User, *, observed_on: date, **values: object) -> Observation:
    require(may_record_observation(by, component.product))
    now = timezone.now()
    if observed_on > company_day(now):
        sentence = _("Nobody has seen it yet: the day lies in the future.")
        raise DeploymentError(sentence, {"observed_on": sentence})
    deployment = values.get("deployment")
    if isinstance(deployment, Deployment) and deployment.product_id != component.product_id:
        raise DeploymentError(_("The environment belongs to another product. Choose one of this product."))
    with transaction.atomic():
        observation = Observation.objects.create(
            component=component, observed_on=observed_on, recorded_by=by, recorded_at=now, **values
        )
        record(
            Kind.OBSERVATION_RECORDED,
            actor=actor_for(by),
            subject=component.reference,
            related=[component.product.reference],
            facts={
                "kind": observation.kind,
                "observed_on": observed_on.isoformat(),
                "seen": observation.seen,
                "figure": observation.figure,
                "document": str(observation.document_id) if observation.document_id else None,
            },
        )
    return observation
