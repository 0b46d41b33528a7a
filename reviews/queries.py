"""Reads of reviews and of what they left behind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Count, F, Q, QuerySet

from deployments.models import Approval, Component, Deployment
from foundation.accounts.models import User
from foundation.accounts.queries import memberships_of
from foundation.accounts.roles import Role
from foundation.reads import Among, Read
from licences.models import LlamaVersion
from reviews.models import Condition, Review
from reviews.standing import ApprovalStanding, standings_of
from reviews.states import APPROVED_STATES, OPEN_STATES, State

PAGE_SIZE = 25
OPEN, DECIDED, EVERY = "open", "decided", "all"  # what stands in an address beside the states


def approvals_for(component: Component, version: LlamaVersion) -> QuerySet[Approval]:
    """Every approval of this component on this version, newest first, ready for standings_of()."""
    return (
        Approval.objects.filter(component=component, version=version)
        .select_related("licensee", "agreement", "aup", "version", "sheet")
        .defer("version__catalogue")
        .order_by("-decided_at")
    )


def approval_in_force(
    component: Component, version: LlamaVersion | None, deployment: Deployment, raw_model_id: str, now: datetime
) -> Approval | None:
    """The approval that lets this model out into this deployment now; None when there is none."""
    if version is None:
        return None
    candidates = approvals_for(component, version).filter(deployments=deployment, raw_model_id=raw_model_id)
    for standing in standings_of(candidates, now).values():
        if standing.lets_out(production=deployment.is_production):
            return standing.approval
    return None


@dataclass(frozen=True)
class ReviewFilters:
    """What a list of reviews is narrowed to; empty values narrow nothing. A state is one, or “open” or “decided”."""

    state: str = ""
    version: str = ""
    text: str = ""
    mine: bool = False

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> ReviewFilters:
        given = {name: query.get(name, "").replace("\0", "").strip() for name in ("state", "version", "q")}
        # What waits, unless something is looked for: then a decided review may be what is meant.
        state = given["state"] if "state" in query or given["version"] or given["q"] else OPEN
        return cls(
            state="" if state == EVERY else state,
            version=given["version"],
            text=given["q"],
            mine=query.get("mine") == "1",
        )


def review_list(person: User, filters: ReviewFilters) -> QuerySet[Review]:
    """Reviews that the person may see, open ones by due date first, for review_rows()."""
    rows = Review.objects.visible_to(person)
    if filters.state == OPEN:
        rows = rows.open()
    elif filters.state == DECIDED:
        rows = rows.exclude(state__in=OPEN_STATES)
    elif filters.state:
        rows = rows.filter(state=filters.state)
    if filters.version:
        rows = rows.filter(version__slug=filters.version)
    if filters.text:
        rows = rows.filter(pk__in=reviews_saying(filters.text))
    if filters.mine:
        rows = rows.filter(_waits_for(person))
    return rows.order_by("due_on", "pk") if filters.state in {"", OPEN} or filters.mine else rows.order_by("-pk")


def reviews_saying(text: str) -> QuerySet[Review, int]:
    """Keys of the reviews with this in the name of the product or in the id of the model."""
    reviews = Review.objects.order_by().values_list("pk", flat=True)
    # Two that each take an index; with OR between them every review is read.
    by_product = reviews.filter(component__product__name__icontains=text)
    return by_product.union(reviews.filter(sheet__raw_model_id__icontains=text))


def queue_of(person: User) -> QuerySet[Review]:
    """Open reviews that wait for this person, by due date, for review_rows()."""
    return Review.objects.visible_to(person).filter(_waits_for(person)).order_by("due_on", "pk")


class ReviewRow(NamedTuple):
    """One line of a list of reviews."""

    pk: int
    product: str
    component: str
    version: str
    state: str
    reason: str
    owner: str
    due_on: date
    decided_at: datetime | None

    @property
    def reference(self) -> str:
        return Review.reference_of(self.pk)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def state_in_words(self) -> str:
        return str(State(self.state).label)

    @property
    def reason_in_words(self) -> str:
        return str(_REASONS[self.reason])


_REASONS = dict(Review._meta.get_field("reason").flatchoices)
_ROWS = Read(
    ReviewRow,
    lambda: (
        Review.objects.filter(Among("pk", "reviews"))
        .order_by()
        .values_list(
            "pk",
            "component__product__name",
            "component__name",
            "version__name",
            "state",
            "reason",
            "component__product__owner__name",
            "due_on",
            "decided_at",
        )
    ),
)


def review_rows(reviews: QuerySet[Review]) -> list[ReviewRow]:
    """The lines of these reviews in their order: the keys first, then just the columns that a line shows."""
    keys = list(reviews.values_list("pk", flat=True))
    rows = {row.pk: row for row in _ROWS(reviews=keys)}
    return [rows[key] for key in keys]


def _waits_for(person: User) -> Q:
    """Reviews whose next act is one that this person's roles may do."""
    wanted = Q(pk__in=[])
    for membership in memberships_of(person):
        here = Q() if membership.team_id is None else Q(component__product__team=membership.team_id)
        if membership.role == Role.LEGAL_REVIEWER:
            wanted |= here & Q(state__in=[State.IN_REVIEW, State.WAITING_FOR_META, State.WAITING_FOR_COUNSEL])
        elif membership.role == Role.LEGAL_APPROVER:
            wanted |= here & Q(state=State.SIGNING, pk__in=_waiting_step("approver"))
        elif membership.role == Role.ATTRIBUTION_OWNER:
            wanted |= here & Q(state=State.SIGNING, pk__in=_waiting_step("attribution_owner"))
        elif membership.role == Role.RISK_OWNER:
            wanted |= here & Q(state=State.SIGNING, pk__in=_waiting_step("risk_owner"))
        elif membership.role == Role.PRODUCT_OWNER:
            wanted |= here & Q(state__in=[State.FACTS_NEEDED, State.CHANGES_REQUESTED])
    wanted |= Q(component__product__owner=person.pk, state__in=[State.FACTS_NEEDED, State.CHANGES_REQUESTED])
    return wanted


def _waiting_step(key: str) -> QuerySet[Review, int]:
    waiting = Review.objects.filter(steps__key=key, steps__sign_off=None, steps__round=F("round"), state=State.SIGNING)
    return waiting.values_list("pk", flat=True)


def open_conditions_for(person: User) -> QuerySet[Condition]:
    """Conditions that are not met, of approved reviews that the person may see, by due date."""
    rows = Condition.objects.filter(
        review__in=Review.objects.visible_to(person).filter(state__in=[*APPROVED_STATES, State.SUSPENDED])
    ).filter(Q(met_at=None) & ~Q(kind="continuous") | Q(breached=True))
    return (
        rows.select_related("review__component__product", "review__version", "owner")
        .only(
            "kind",
            "text",
            "due_on",
            "breached",
            "owner__name",
            "review__component__product__name",
            "review__version__name",
        )
        .order_by("due_on", "pk")
    )


def state_counts(person: User) -> dict[str, int]:
    """How many visible reviews stand in each state."""
    rows = Review.objects.visible_to(person).order_by().values_list("state").annotate(Count("pk"))
    return dict(rows)


def overdue(today: date) -> QuerySet[Review]:
    """Open reviews past their due date."""
    return Review.objects.open().filter(due_on__lt=today)


def standings_of_reviews(references: Iterable[str], now: datetime) -> dict[str, ApprovalStanding]:
    """Where the approvals of these reviews stand now, by review; decisions that left none are missing."""
    approvals = Approval.objects.filter(review_reference__in=list(references)).select_related(
        "licensee", "agreement", "aup", "declaration"
    )
    return {one.approval.review_reference: one for one in standings_of(approvals, now).values()}


def waiting_for(person: User, reviews: Iterable[int]) -> set[int]:
    """Which of these reviews wait for an act of this person now."""
    return set(Review.objects.filter(_waits_for(person), pk__in=list(reviews)).values_list("pk", flat=True))
