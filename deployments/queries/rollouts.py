"""Rollouts of one product, and the version records that follow from them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from deployments.models import Approval, Component, Deployment, Product, Rollout
from deployments.version_records import Entry, Interval, version_records
from foundation.reads import Given, Read


class RolloutLine(NamedTuple):
    """One rollout as it was recorded, with the names that a page shows beside it."""

    pk: int
    component_id: int
    component: str
    deployment_id: int
    deployment: str
    version_id: int | None
    version_slug: str | None
    version: str | None
    raw_model_id: str
    running: bool
    effective_at: datetime
    recorded_at: datetime
    person: str | None  # who recorded it, or
    token: str | None  # the pipeline that did
    supersedes_id: int | None
    superseded_by_id: int | None
    approval_id: int | None
    note: str

    @property
    def reference(self) -> str:
        return Rollout.reference_of(self.pk)

    @property
    def recorded_by(self) -> str:
        return self.person or self.token or ""

    @property
    def corrects(self) -> str:
        """The reference of the entry that this one corrects."""
        return Rollout.reference_of(self.supersedes_id) if self.supersedes_id else ""

    @property
    def entry(self) -> Entry:
        """The line as the pure module reads it."""
        return Entry(
            reference=self.reference,
            component=Component.reference_of(self.component_id),
            deployment=Deployment.reference_of(self.deployment_id),
            version=self.version_slug,
            model=self.raw_model_id,
            effective_at=self.effective_at,
            recorded_at=self.recorded_at,
            running=self.running,
            supersedes=self.corrects or None,
            approval=Approval.reference_of(self.approval_id) if self.approval_id else None,
            component_name=self.component,
            deployment_name=self.deployment,
            version_name=self.version or "",
            order=self.pk,
        )


_ROLLOUTS = Read(
    RolloutLine,
    lambda: (
        Rollout.objects.filter(component__product=Given("product"))
        .order_by("-effective_at", "-pk")
        .values_list(
            "pk",
            "component",
            "component__name",
            "deployment",
            "deployment__name",
            "version",
            "version__slug",
            "version__name",
            "raw_model_id",
            "running",
            "effective_at",
            "recorded_at",
            "recorded_by__name",
            "recorded_by_token__name",
            "supersedes",
            "superseded_by",
            "approval",
            "note",
        )
    ),
)


def rollouts_of(product: Product) -> list[RolloutLine]:
    """Every rollout of a product, corrected ones too, the one that took effect last first. One query."""
    return _ROLLOUTS(product=product.pk)


def records_from(rollouts: Iterable[RolloutLine], *, as_of: datetime, known_at: datetime) -> list[Interval]:
    """The version records of a product whose rollouts have been read."""
    return version_records((one.entry for one in rollouts), as_of, known_at)


def records_of(product: Product, *, as_of: datetime, known_at: datetime) -> list[Interval]:
    """The version records of a product up to an instant, by what was known at another."""
    return records_from(rollouts_of(product), as_of=as_of, known_at=known_at)


def running_now(rollouts: Iterable[RolloutLine], now: datetime) -> list[RolloutLine]:
    """What runs where: the newest entry of each component in each environment, unless it says that it stopped."""
    newest: dict[tuple[int, int], RolloutLine] = {}
    for one in sorted(rollouts, key=lambda one: (one.effective_at, one.pk)):
        if one.effective_at <= now and one.superseded_by_id is None:
            newest[one.deployment_id, one.component_id] = one
    return [one for one in newest.values() if one.running]
