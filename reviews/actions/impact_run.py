"""Look at every approval that relied on the words before, and open its review. Restartable, and never twice.

Each approval is a transaction of its own, with its line: a run that was killed goes on with those that have none. Rows
are read a batch at a time, so ten thousand approvals need no more memory than two hundred.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from deployments.models import Approval, ApprovalState, ProductState
from foundation.audit.actors import Actor
from foundation.audit.kinds import Kind
from foundation.audit.recorder import record
from licences.document import shown
from licences.models import LicenceText, TextKind
from reviews.actions.open_review import open_review
from reviews.actions.trigger_reviews import still_wanted
from reviews.models import ImpactLine, ImpactOutcome, ImpactRun, Review

BATCH = 200


def run_impact(*, text: LicenceText, replaced: LicenceText) -> ImpactRun:
    """Begin the run of an accepted text, or go on with it, and finish it."""
    run = _begin(text, replaced)
    if run.finished_at is None:
        for approval in _still_to_look_at(run):
            _look_at(run, approval)
        _finish(run)
    return run


def _begin(text: LicenceText, replaced: LicenceText) -> ImpactRun:
    assert text.decided_at is not None
    changed = [clause.id for clause in shown(text, replaced) if clause.changed]
    run, _made = ImpactRun.objects.get_or_create(
        text=text,
        accepted_at=text.decided_at,
        defaults={
            "replaced": replaced,
            "changed_clauses": changed,
            "started_at": timezone.now(),
            "total": _relying(text).count(),
        },
    )
    return run


def _relying(text: LicenceText) -> QuerySet[Approval]:
    """Approvals in force under this version that were signed on other words of this document."""
    document = "agreement" if text.kind == TextKind.AGREEMENT else "aup"
    other_words = ~Q(**{f"{document}__words_digest": text.words_digest})
    in_force = Approval.objects.filter(other_words, version=text.version_id, state=ApprovalState.IN_FORCE)
    return in_force.exclude(component__product__state=ProductState.RETIRED).order_by("pk")


def _still_to_look_at(run: ImpactRun) -> Iterator[Approval]:
    """Those without a line, a batch at a time."""
    last = 0
    while True:
        done = ImpactLine.objects.filter(run=run).values("approval")
        rows = _relying(run.text).filter(pk__gt=last).exclude(pk__in=done)
        batch = list(rows.select_related("sheet__component", "component").defer("facts")[:BATCH])
        if not batch:
            return
        yield from batch
        last = batch[-1].pk


@transaction.atomic
def _look_at(run: ImpactRun, approval: Approval) -> None:
    """One approval: its review and its line commit together. A second worker finds the line and leaves it."""
    if ImpactLine.objects.filter(run=run, approval=approval).exists():
        return
    review: Review | None = None
    outcome = ImpactOutcome.LEFT
    if still_wanted(approval):
        underway = Review.objects.open().filter(component=approval.component_id, version=approval.version_id).first()
        outcome = ImpactOutcome.WAS_OPEN if underway else ImpactOutcome.OPENED
        review = underway or open_review(sheet=approval.sheet, reason="text_changed", by=None, note=_note(run))
    ImpactLine.objects.create(run=run, approval=approval, outcome=outcome, review=review)


def _note(run: ImpactRun) -> str:
    document = _("agreement") if run.text.kind == TextKind.AGREEMENT else _("acceptable use policy")
    return _("The %(document)s has other words since %(day)s. Changed: %(clauses)s.") % {
        "document": document,
        "day": run.started_at.date().isoformat(),
        "clauses": ", ".join(run.changed_clauses[:12]) or _("nothing in substance"),
    }


@transaction.atomic
def _finish(run: ImpactRun) -> None:
    locked = ImpactRun.objects.select_for_update(of=("self",), no_key=True).get(pk=run.pk)
    if locked.finished_at is not None:
        return
    locked.finished_at = run.finished_at = timezone.now()
    locked.save(update_fields=["finished_at"])
    counts = {outcome.value: run.lines.filter(outcome=outcome).count() for outcome in ImpactOutcome}
    record(
        Kind.LICENCE_IMPACT_ASSESSED,
        actor=Actor.system("reviews"),
        subject=run.text.version.slug,
        facts={"document": run.text.kind, "sha256": run.text.sha256, "run": run.pk, **counts},
    )
