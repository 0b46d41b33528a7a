"""Open the reviews that something calls for: facts or texts that moved on, an approval that is about to end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from deployments.models import Approval, ApprovalState, Declaration, ModelSheet, ProductState
from foundation.accounts.actors import actor_for
from foundation.accounts.company_day import company_day
from foundation.accounts.models import User
from foundation.audit.kinds import Kind
from foundation.audit.recorder import record
from reviews.actions.locking import lock_review, related_to
from reviews.actions.open_review import open_review
from reviews.models import Review
from reviews.standing import ApprovalStanding, Standing, standings_of
from reviews.states import FACTS_MAY_MOVE, Move, State, require_move
from reviews.what_holds import moved_on

BATCH = 200


def open_triggered_reviews(now: datetime) -> list[Review]:
    """Look at every approval that counts; open a review where it went stale, ended, or ends within the notice time.

    Each approval calls for one review of each reason: a review that somebody withdrew is not opened again.
    """
    opened = []
    keys = Approval.objects.filter(state=ApprovalState.IN_FORCE).order_by("pk").values_list("pk", flat=True)
    for batch in _batches(list(keys)):
        rows = (
            Approval.objects.filter(pk__in=batch)
            .exclude(component__product__state=ProductState.RETIRED)
            .select_related("licensee", "agreement", "aup", "declaration", "version", "sheet__component__product")
            .defer("version__catalogue")
        )
        for standing in standings_of(rows, now).values():
            if (reason := _reason(standing, now)) and in_use(standing.approval.sheet):
                opened += _open(standing, reason, now)
    return opened


def _reason(standing: ApprovalStanding, now: datetime) -> str:
    if standing.standing == Standing.STALE:
        return "facts_changed" if standing.facts_moved else "text_changed"
    ends_soon = standing.approval.valid_until - now <= timedelta(days=settings.RENEWAL_NOTICE_DAYS)
    return "expiring" if ends_soon or standing.standing == Standing.EXPIRED else ""


def in_use(sheet: ModelSheet) -> bool:
    """Whether it is the component's newest, or runs somewhere: others need no new review."""
    newest = ModelSheet.objects.filter(component=sheet.component_id).order_by("-chosen_at", "-pk").first()
    if newest is not None and newest.pk == sheet.pk:
        return True
    running = sheet.component.rollouts.filter(version=sheet.version_id, running=True)
    return running.filter(superseded_by=None).exists()


def _open(standing: ApprovalStanding, reason: str, now: datetime) -> list[Review]:
    approval = standing.approval
    since = Review.objects.filter(sheet=approval.sheet_id, opened_at__gt=approval.decided_at)
    if since.filter(reason=reason).exists() or since.open().exists():
        return []
    note = " ".join(standing.reasons) or _("The approval ends on %(date)s.") % {
        "date": date_format(company_day(approval.valid_until - timedelta(seconds=1)), "j M Y")
    }
    return [open_review(sheet=approval.sheet, reason=reason, by=None, note=note, at=now)]


def ask_other_components(declaration: Declaration, *, by: User) -> None:
    """The product sheet is shared: what was declared anew for one component may take the ground from the others.

    Approvals that went stale get a review at once; open reviews wait for the owner to declare that component too.
    Called inside the transaction that declares, with the product locked.
    """
    component = declaration.sheet.component
    others = ModelSheet.objects.filter(component__product=component.product_id).exclude(component=component)
    now = timezone.now()
    rows = (
        Approval.objects.filter(sheet__in=others, state=ApprovalState.IN_FORCE)
        .select_related("licensee", "agreement", "aup", "declaration", "version", "sheet__component__product")
        .order_by("pk")
    )
    for standing in standings_of(rows, now).values():
        if standing.standing == Standing.STALE and in_use(standing.approval.sheet):
            _open(standing, "facts_changed", now)
    for review in Review.objects.filter(sheet__in=others, state__in=FACTS_MAY_MOVE).order_by("pk"):
        _wait_for_facts(review, component.name, by)


def _wait_for_facts(review: Review, declared_for: str, by: User) -> None:
    locked = lock_review(review)
    if locked.state not in FACTS_MAY_MOVE or not moved_on(locked):
        return
    require_move(Move.WAIT_FOR_FACTS, state=locked.state, to=State.FACTS_NEEDED)
    before = locked.state
    locked.state = State.FACTS_NEEDED
    locked.state_reason = _("The facts of the product were declared anew for “%(name)s”. Declare this model too.") % {
        "name": declared_for
    }
    locked.revision += 1
    locked.save(update_fields=["state", "state_reason", "revision"])
    record(
        Kind.REVIEW_WENT_STALE,
        actor=actor_for(by),
        subject=locked.reference,
        related=related_to(locked),
        facts={"from": before, "to": locked.state, "round": locked.round},
    )


def _batches(keys: list[int]) -> Iterable[list[int]]:
    return (keys[start : start + BATCH] for start in range(0, len(keys), BATCH))
