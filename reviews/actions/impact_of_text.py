"""What a text with other words touches: every approval that relied on the words before is looked at."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from deployments.models import Approval, ApprovalState, ProductState
from foundation.accounts.company_day import company_day
from licences.document import shown
from licences.models import LicenceText, TextKind
from reviews.actions import impact_run
from reviews.actions.trigger_reviews import in_use
from reviews.models import ImpactLine, ImpactOutcome, ImpactRun


def run_impact_of_text(*, text: LicenceText, replaced: LicenceText) -> ImpactRun:
    """Begin the run of an accepted text, or go on with it, and finish it."""
    run = _begin(text, replaced)
    return impact_run.carry_out(run, _still_to_look_at(run, text), _look_at)


def _begin(text: LicenceText, replaced: LicenceText) -> ImpactRun:
    assert text.decided_at is not None
    changed = [clause.id for clause in shown(text, replaced) if clause.changed]
    run, _made = ImpactRun.objects.get_or_create(
        text=text,
        accepted_at=text.decided_at,
        defaults={
            "version": text.version,
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


def _still_to_look_at(run: ImpactRun, text: LicenceText) -> Iterator[Approval]:
    """Those without a line, a batch at a time."""
    last = 0
    while True:
        done = ImpactLine.objects.filter(run=run).values("approval")
        rows = _relying(text).filter(pk__gt=last).exclude(pk__in=done)
        batch = list(rows.select_related("sheet__component", "component", "version").defer("facts")[: impact_run.BATCH])
        if not batch:
            return
        yield from batch
        last = batch[-1].pk


@transaction.atomic
def _look_at(run: ImpactRun, approval: Approval) -> None:
    """One approval: its review and its line commit together. A second worker finds the line and leaves it."""
    if ImpactLine.objects.filter(run=run, approval=approval).exists():
        return
    if not in_use(approval.sheet):
        impact_run.write_line(run, approval.sheet, approval, ImpactOutcome.LEFT)
        return
    outcome, review = impact_run.review_of(run, approval.sheet, approval.version, "text_changed", _note(run))
    impact_run.write_line(run, approval.sheet, approval, outcome, review)


def _note(run: ImpactRun) -> str:
    assert run.text is not None
    document = _("agreement") if run.text.kind == TextKind.AGREEMENT else _("acceptable use policy")
    return _("The %(document)s has other words since %(day)s. Changed: %(clauses)s.") % {
        "document": document,
        "day": date_format(company_day(run.started_at), "j M Y"),
        "clauses": ", ".join(run.changed_clauses[:12]) or _("nothing in substance"),
    }
