"""Tell people: read the log after the cursor, remind, and mark notices as read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from deployments.models import Approval, ApprovalState, StopDuty
from foundation.accounts.company_day import company_day
from foundation.accounts.models import User
from foundation.audit.kinds import Kind
from foundation.audit.models import Event
from foundation.audit.queries import events_after
from foundation.jobs.actions import enqueue
from notifications import impact_runs, licence_texts
from notifications.models import Cursor, Mail, Notice
from notifications.recipients import Concern, concern_of, must_act_on, people_in
from notifications.reminders import Stage, stage_on
from notifications.routing import Route, route_of
from reviews.models import Condition, ConditionKind, Review
from reviews.states import APPROVED_STATES

LOG_READER = "log"
BATCH = 200
SEND_MAIL = "notifications.send_mail"


def read_log() -> int:
    """Turn new events into notices, each batch and the cursor in one transaction; the number of events read.

    A crash between batches loses nothing and tells nobody twice: the cursor moves with the notices.
    """
    read = 0
    while True:
        with transaction.atomic():
            Cursor.objects.get_or_create(name=LOG_READER)
            cursor = Cursor.objects.select_for_update().get(name=LOG_READER)
            events = list(events_after(cursor.sequence)[:BATCH])
            for event in events:
                _tell_of(event)
            if events:
                cursor.sequence = events[-1].seq
                cursor.save(update_fields=["sequence"])
        read += len(events)
        if len(events) < BATCH:
            return read


def _tell_of(event: Event) -> None:
    route = route_of(event.kind, event.facts)
    if route is None:
        return
    concern = concern_of(event)
    words = {
        "product": concern.product.name if concern.product else "",
        "version": concern.review.version.name if concern.review else concern.version,
        "subject": concern.review.reference if concern.review else event.subject,
    }
    title, text = _(route.title) % words, ""
    if event.kind == Kind.REVIEW_APPROVED and event.facts["with_conditions"]:
        title, text = _approved_with_conditions(event, concern, words)
    owned: dict[int, int] = {}
    if event.kind == Kind.LICENCE_IMPACT_ASSESSED:
        title, text = impact_runs.title_and_text(event.facts, words)
        owned = impact_runs.products_of_owners(event.facts["run"])
    if event.kind == Kind.LICENCE_TEXT_IMPORTED:
        title = licence_texts.title_of(event.subject, event.facts, words)
    must_act = {person.pk for audience in route.must_act for person in people_in(audience, concern, event)}
    people = {person.pk: person for audience in route.audiences for person in people_in(audience, concern, event)}
    for person in people.values():
        if person.reference == event.actor_ref:
            continue
        mine = person.pk in must_act
        if person.pk in owned:
            said = impact_runs.for_owner(owned[person.pk], must_act=mine)
        else:
            said = text or _why(event, mine)
        tell(
            person=person,
            key=_key(event, route),
            kind=event.kind,
            subject=words["subject"],
            title=title,
            text=said,
            link=concern.link,
            must_act=mine,
            at=event.recorded_at,
        )


def _approved_with_conditions(event: Event, concern: Concern, words: dict[str, str]) -> tuple[str, str]:
    """The title, and what the gate does until the conditions are met; their words stay in the portal."""
    title = _("Approved with conditions: %(product)s on %(version)s") % words
    waiting = Condition.objects.filter(review=concern.review, kind=ConditionKind.BEFORE_GO_LIVE, met_at=None)
    references = [condition.reference for condition in waiting.order_by("pk")]
    if not references:
        return title, _("The gate denies when a condition is overdue or broken.")
    before = ", ".join(references)
    return title, _("The gate denies production until %(before)s is recorded as met.") % {"before": before}


def _key(event: Event, route: Route) -> str:
    return f"event:{event.seq}"


def _why(event: Event, must_act: bool) -> str:
    """A line under the title. Reasons and messages stay in the portal: a mail shows only that there is something."""
    return _("This waits for you.") if must_act else ""


def tell(
    *, person: User, key: str, kind: str, subject: str, title: str, text: str, link: str, must_act: bool, at: datetime
) -> Notice | None:
    """Write a notice and its mail, once per person and key; None when it was there. Must be in a transaction."""
    notice, made = Notice.objects.get_or_create(
        person=person,
        key=key,
        defaults={
            "kind": kind,
            "subject": subject,
            "title": title[:300],
            "text": text,
            "link": link,
            "must_act": must_act,
            "created_at": at,
        },
    )
    if not made:
        return None
    Mail.objects.create(notice=notice, message_id=f"<notice-{notice.pk}.{notice.person.code}@licence-desk>")
    enqueue(kind=SEND_MAIL, dedupe=f"mail:{notice.pk}", ref=subject, payload={"notice": notice.pk})
    return notice


def remind(now: datetime) -> int:
    """Remind everybody who keeps something waiting; the number of new reminders. Safe to run as often as one likes."""
    today = company_day(now)
    made = 0
    for review in Review.objects.open().select_related("component__product__owner", "version"):
        made += _remind_of(
            people=must_act_on(review),
            due_on=review.due_on,
            today=today,
            now=now,
            subject=review.reference,
            key=f"{review.reference}:{review.state}:{review.round}",
            link=f"/reviews/{review.reference}/",
            what=_("%(product)s on %(version)s waits for you")
            % {"product": review.product.name, "version": review.version.name},
        )
    made += _remind_of_conditions(today, now)
    made += _remind_of_stop_duties(today, now)
    made += _remind_of_expiries(today, now)
    return made


def _remind_of_conditions(today: date, now: datetime) -> int:
    conditions = Condition.objects.filter(
        kind="by_date", met_at=None, review__state__in=APPROVED_STATES
    ).select_related("owner", "review__component__product")
    return sum(
        _remind_of(
            people=[condition.owner],
            due_on=condition.due_on,
            today=today,
            now=now,
            subject=condition.reference,
            key=condition.reference,
            link=f"/reviews/conditions/{condition.reference}/",
            what=_("A condition of %(product)s is yours") % {"product": condition.review.product.name},
        )
        for condition in conditions
        if condition.due_on is not None
    )


def _remind_of_stop_duties(today: date, now: datetime) -> int:
    duties = StopDuty.objects.filter(closed_at=None).select_related("component__product__owner", "version")
    return sum(
        _remind_of(
            people=[duty.component.product.owner],
            due_on=duty.due_on,
            today=today,
            now=now,
            subject=duty.reference,
            key=duty.reference,
            link=f"/stop-duties/{duty.reference}/",
            what=_("Stop duty: %(product)s") % {"product": duty.component.product.name},
        )
        for duty in duties
    )


def _remind_of_expiries(today: date, now: datetime) -> int:
    """Approvals that end soon, or have ended, while the component still runs on them."""
    approvals = Approval.objects.filter(
        state=ApprovalState.IN_FORCE, rollouts__running=True, rollouts__superseded_by=None
    ).select_related("component__product__owner", "version")
    return sum(
        _remind_of(
            people=[approval.component.product.owner],
            due_on=company_day(approval.valid_until),
            today=today,
            now=now,
            subject=approval.review_reference,
            key=approval.reference,
            link=f"/products/{approval.component.product.reference}/",
            what=_("The approval of %(product)s on %(version)s ends: ask for a new review")
            % {"product": approval.component.product.name, "version": approval.version.name},
        )
        for approval in approvals.distinct()
    )


def _remind_of(
    *, people: Iterable[User], due_on: date, today: date, now: datetime, subject: str, key: str, link: str, what: str
) -> int:
    stage = stage_on(due_on, today)
    if stage is None:
        return 0
    made = 0
    for person in people:
        with transaction.atomic():
            notice = tell(
                person=person,
                key=f"reminder:{key}:{stage.key}",
                kind="reminder",
                subject=subject,
                title=what,
                text=_days_in_words(stage, due_on),
                link=link,
                must_act=True,
                at=now,
            )
        made += notice is not None
    return made


def _days_in_words(stage: Stage, due_on: date) -> str:
    words = {"date": due_on.isoformat(), "days": abs(stage.days_left)}
    if stage.days_left > 0:
        return _("Due on %(date)s, in %(days)s days.") % words
    if stage.days_left == 0:
        return _("Due today, %(date)s.") % words
    return _("It was due on %(date)s, %(days)s days ago.") % words


def mark_read(*, person: User, keys: Iterable[int] | None = None) -> int:
    """Mark notices of this person as read: these, or all."""
    notices = Notice.objects.filter(person=person, read_at=None)
    if keys is not None:
        notices = notices.filter(pk__in=list(keys))
    return notices.update(read_at=timezone.now())
