"""Reads of records, as named functions. The number of queries never grows with the rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from deployments.models import LegalEntity
from evidence.models import EvidencePack
from foundation.accounts.company_day import end_of_day, start_of_day
from foundation.accounts.models import User
from foundation.accounts.queries import memberships_of, people_with_role
from foundation.accounts.roles import Role
from foundation.jobs.models import Job
from reviews.models import Review, SignOff
from reviews.policies import RECORD_ROLES
from reviews.states import State

PAGE_SIZE = 25
MOST_TOGETHER = 200  # records in one download: their references stand in one event of the log
# The states that a review can be in once it has a record.
RECORDED_STATES = (
    State.APPROVED,
    State.APPROVED_WITH_CONDITIONS,
    State.REJECTED,
    State.WITHDRAWN,
    State.NOT_LLAMA,
    State.SUSPENDED,
    State.REVOKED,
    State.TERMINATED,
)


@dataclass(frozen=True)
class RecordFilters:
    """What a list of records is narrowed to; empty values narrow nothing, nor do values that make no sense."""

    product: str = ""
    entity: str = ""
    version: str = ""
    state: str = ""
    person: str = ""
    since: date | None = None
    until: date | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> RecordFilters:
        """Read what the form sent."""
        return cls(
            product=query.get("product", "").strip(),
            entity=query.get("entity", "").strip(),
            version=query.get("version", ""),
            state=query.get("state", ""),
            person=query.get("person", "").strip(),
            since=_day(query.get("since", "")),
            until=_day(query.get("until", "")),
        )


def packs_for(person: User) -> QuerySet[EvidencePack]:
    """The packs whose records this person may see."""
    return EvidencePack.objects.filter(review__in=_reviews_with_records_for(person))


def record_list(person: User, filters: RecordFilters) -> QuerySet[EvidencePack]:
    """Records that the person may see and that fit, the latest first, with what the list and the CSV show."""
    found = packs_for(person).select_related(
        "review__component__product__team",
        "review__version",
        "review__licensee",
        "record",
        "pdf",
        "archive",
    )
    if filters.product:
        found = found.filter(_product_named(filters.product))
    if filters.entity:
        found = found.filter(review__in=_reviews_of_entity(filters.entity))
    if filters.version:
        found = found.filter(review__version__slug=filters.version)
    if filters.state:
        found = found.filter(review__state=filters.state)
    if filters.person:
        found = found.filter(_named(filters.person))
    if filters.since:
        found = found.filter(review__decided_at__gte=start_of_day(filters.since))
    if filters.until:
        found = found.filter(review__decided_at__lt=end_of_day(filters.until))
    return found.order_by("-pk")


def unbuilt_reviews(person: User) -> QuerySet[Review]:
    """Decided reviews that this person may see and whose first record is still being made, or could not be."""
    return (
        _reviews_with_records_for(person)
        .filter(decided_at__isnull=False, packs=None)
        .exclude(state__in=[State.WITHDRAWN, State.NOT_LLAMA])
        .select_related("component__product", "version")
        .order_by("-decided_at")
    )


def latest_job(review: Review) -> Job | None:
    """The last job that was to build a pack of this review."""
    return Job.objects.filter(ref=review.reference, kind="evidence.build_pack").order_by("-pk").first()


def administrators() -> list[str]:
    """Who can look after a job that was given up on."""
    return list(people_with_role(Role.ADMINISTRATOR).order_by("name").values_list("name", flat=True))


def entity_choices(person: User) -> QuerySet[LegalEntity]:
    """The entities that appear in records of this person."""
    shown = packs_for(person).filter(review__licensee=OuterRef("pk"))
    return LegalEntity.objects.filter(Exists(shown)).order_by("name")


def _reviews_with_records_for(person: User) -> QuerySet[Review]:
    """The visible reviews that reviews.policies.may_see_record() allows, in one query."""
    mine = Q(component__product__owner=person.pk) | Q(pk__in=SignOff.objects.filter(person=person).values("review"))
    for membership in memberships_of(person):
        if membership.role in RECORD_ROLES | {Role.PRODUCT_OWNER}:
            if membership.team_id is None:
                return Review.objects.visible_to(person)
            mine |= Q(component__product__team=membership.team_id)
    return Review.objects.visible_to(person).filter(mine)


def _product_named(text: str) -> Q:
    """By a part of the name, or by reference: of the product or of the review."""
    named = Q(review__component__product__name__icontains=text) | Q(review__sheet__raw_model_id__icontains=text)
    head, _, digits = text.upper().partition("-")
    if digits.isascii() and digits.isdigit() and len(digits) < 19:
        if head == "PRD":
            return Q(review__component__product=int(digits))
        if head == "REV":
            return Q(review=int(digits))
    return named


def _reviews_of_entity(text: str) -> QuerySet[Review]:
    """Reviews with this entity as licensee or in scope."""
    head, _, digits = text.upper().partition("-")
    by_key = head == "ENT" and digits.isascii() and digits.isdigit() and len(digits) < 19
    entities = (
        LegalEntity.objects.filter(pk=int(digits)) if by_key else LegalEntity.objects.filter(name__icontains=text)
    )
    return Review.objects.filter(Q(licensee__in=entities) | Q(scope_entities__in=entities))


def _named(text: str) -> Q:
    """Records in which somebody of this name signed, declared or answered."""
    signed = SignOff.objects.filter(review=OuterRef("review"), signer_name__icontains=text)
    return Q(Exists(signed)) | Q(review__declaration__signer_name__icontains=text)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
