"""What a version that was added touches: every model whose name points to it, and whose version is another or open.

Approvals of other versions stay what they were. But a model whose name nobody could place gets the version proposed,
and its review; and one that somebody placed elsewhere, before this version was known, is looked at once more.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from deployments.actions.products import lock_product
from deployments.actions.sheets import propose_version
from deployments.models import ModelSheet, ProductState
from foundation.accounts.company_day import company_day
from foundation.audit.actors import Actor
from licences.document import shown
from licences.model_names import Proposal, Status
from licences.models import LlamaVersion, TextKind
from licences.queries import current_text, later_versions, named_by_rules
from reviews.actions import impact_run
from reviews.actions.trigger_reviews import in_use
from reviews.models import ImpactLine, ImpactOutcome, ImpactRun

PORTAL = Actor.system("reviews")


def run_impact_of_version(*, version: LlamaVersion) -> ImpactRun:
    """Begin the run of an added version, or go on with it, and finish it."""
    run = _begin(version)
    return impact_run.carry_out(run, _still_to_look_at(run), _look_at)


def _begin(version: LlamaVersion) -> ImpactRun:
    run = ImpactRun.objects.filter(version=version, text=None).first()
    if run is None:
        run, _made = ImpactRun.objects.get_or_create(
            version=version,
            text=None,
            defaults={
                "changed_clauses": _changed_since_the_version_before(version),
                "started_at": timezone.now(),
                "total": sum(1 for _sheet in _pointing_to(version, _candidates(version))),
            },
        )
    return run


def _changed_since_the_version_before(version: LlamaVersion) -> list[str]:
    """The clauses that say something else than those of the version before; none where a text is not here yet."""
    before = LlamaVersion.objects.filter(position__lt=version.position).order_by("-position").first()
    changed: list[str] = []
    for kind in TextKind:
        new, old = current_text(version, kind), current_text(before, kind) if before else None
        if new is not None and old is not None:
            changed += [clause.id for clause in shown(new, old) if clause.changed]
    return changed


def _candidates(version: LlamaVersion) -> QuerySet[ModelSheet]:
    """Every model of a product that is in use, but those on this version already."""
    of_others = ModelSheet.objects.filter(Q(version=None) | ~Q(version=version))
    return of_others.exclude(component__product__state=ProductState.RETIRED).exclude(raw_model_id="").order_by("pk")


def _pointing_to(version: LlamaVersion, sheets: QuerySet[ModelSheet]) -> Iterator[int]:
    """The keys of the sheets whose model's name points to the version. Names are read once each."""
    later = later_versions()

    @lru_cache(maxsize=10_000)
    def points(raw_id: str) -> tuple[bool, bool]:
        """Whether the name has the version in it, and whether it is plain."""
        said = named_by_rules(raw_id, later)
        return version.slug in said.versions, said.status == Status.RESOLVED

    for key, raw_id, placed in sheets.values_list("pk", "raw_model_id", "version").iterator(chunk_size=2000):
        named, plain = points(raw_id)
        # Whoever read a name that leaves it open has decided; only a plain name speaks against them.
        if named and (plain or placed is None):
            yield key


def _still_to_look_at(run: ImpactRun) -> Iterator[ModelSheet]:
    """Those without a line, a batch at a time."""
    last = 0
    while True:
        done = ImpactLine.objects.filter(run=run).values("sheet")
        rows = _candidates(run.version).filter(pk__gt=last).exclude(pk__in=done)
        keys = []
        for key in _pointing_to(run.version, rows):
            keys.append(key)
            if len(keys) == impact_run.BATCH:
                break
        if not keys:
            return
        yield from ModelSheet.objects.filter(pk__in=keys).select_related("component__product", "version").order_by("pk")
        last = keys[-1]


@transaction.atomic
def _look_at(run: ImpactRun, sheet: ModelSheet) -> None:
    """One model: its version, its review and its line commit together. A second worker finds the line and leaves it."""
    product = lock_product(sheet.component.product)
    if ImpactLine.objects.filter(run=run, sheet=sheet).exists():
        return
    if product.state == ProductState.RETIRED:
        impact_run.write_line(run, sheet, None, ImpactOutcome.LEFT)
        return
    sheet = ModelSheet.objects.select_related("component__product", "version", "version_confirmed_by").get(pk=sheet.pk)
    proposal = named_by_rules(sheet.raw_model_id)
    plain = proposal.status == Status.RESOLVED
    if sheet.version_id == run.version_id or run.version.slug not in proposal.versions:
        impact_run.write_line(run, sheet, None, ImpactOutcome.LEFT)  # somebody was quicker, or names another model
    elif sheet.version is None and plain:
        _place(run, sheet, proposal)
    elif sheet.version is None:
        impact_run.write_line(run, sheet, None, ImpactOutcome.ASKED)
    elif plain and in_use(sheet):
        _doubt(run, sheet, sheet.version)
    else:
        impact_run.write_line(run, sheet, None, ImpactOutcome.LEFT)


def _place(run: ImpactRun, sheet: ModelSheet, proposal: Proposal) -> None:
    """The name is plain: the version is proposed, and its review opens. It waits for a person who confirms."""
    if not propose_version(sheet=sheet, version=run.version, proposal=proposal, by=PORTAL):
        impact_run.write_line(run, sheet, None, ImpactOutcome.LEFT)
        return
    sheet.version = run.version
    note = _("%(version)s was added to the base on %(day)s. The name of the model points to it.")
    words = {"version": run.version.name, "day": _day(run)}
    outcome, review = impact_run.review_of(run, sheet, run.version, "version_added", note % words)
    impact_run.write_line(run, sheet, None, outcome, review)


def _doubt(run: ImpactRun, sheet: ModelSheet, placed: LlamaVersion) -> None:
    """Somebody placed it elsewhere when this version was not known: they, and legal, look once more."""
    note = _(
        "The name of the model points to %(version)s, which was added to the base on %(day)s. It was placed under "
        "%(placed)s before: confirm which it is."
    )
    words = {"version": run.version.name, "placed": placed.name, "day": _day(run)}
    outcome, review = impact_run.review_of(run, sheet, placed, "version_added", note % words)
    impact_run.write_line(run, sheet, None, outcome, review)


def _day(run: ImpactRun) -> str:
    return str(date_format(company_day(run.started_at), "j M Y"))
