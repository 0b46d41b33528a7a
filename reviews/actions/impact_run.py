"""Carry out an impact run: look at each row once, whatever dies meanwhile. Restartable, and nobody gets two reviews.

Each row is a transaction of its own, with its line: a run that was killed goes on with those that have none. Rows are
read a batch at a time, so ten thousand need no more memory than two hundred (decision 17).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from deployments.models import Approval, ModelSheet
from foundation.audit.actors import Actor
from foundation.audit.kinds import Kind
from foundation.audit.recorder import record
from licences.models import LlamaVersion
from reviews.actions.open_review import open_review
from reviews.models import ImpactLine, ImpactOutcome, ImpactRun, Review

BATCH = 200
Row = TypeVar("Row", Approval, ModelSheet)


def carry_out(run: ImpactRun, rows: Iterable[Row], look_at: Callable[[ImpactRun, Row], None]) -> ImpactRun:
    """Look at these rows, and finish the run. A run that is finished stays as it is."""
    if run.finished_at is None:
        for row in rows:
            look_at(run, row)
        _finish(run)
    return run


def write_line(
    run: ImpactRun, sheet: ModelSheet, approval: Approval | None, outcome: ImpactOutcome, review: Review | None = None
) -> None:
    """What followed for this row."""
    ImpactLine.objects.create(run=run, sheet=sheet, approval=approval, outcome=outcome, review=review)


def review_of(
    run: ImpactRun, sheet: ModelSheet, version: LlamaVersion, reason: str, note: str
) -> tuple[ImpactOutcome, Review]:
    """The review that is open for this component and version already, or a new one."""
    underway = Review.objects.open().filter(component=sheet.component_id, version=version).first()
    if underway is not None:
        return ImpactOutcome.WAS_OPEN, underway
    return ImpactOutcome.OPENED, open_review(sheet=sheet, reason=reason, by=None, note=note, run=run.pk)


@transaction.atomic
def _finish(run: ImpactRun) -> None:
    locked = ImpactRun.objects.select_for_update(of=("self",), no_key=True).get(pk=run.pk)
    if locked.finished_at is not None:
        return
    locked.finished_at = run.finished_at = timezone.now()
    locked.save(update_fields=["finished_at"])
    counts = {outcome.value: run.lines.filter(outcome=outcome).count() for outcome in ImpactOutcome}
    of_text = {"document": run.text.kind, "sha256": run.text.sha256} if run.text else {"document": ""}
    record(
        Kind.LICENCE_IMPACT_ASSESSED,
        actor=Actor.system("reviews"),
        subject=run.version.slug,
        facts={**of_text, "run": run.pk, **counts},
    )
