"""Legal entities: the facts as the rules read them, and their page with its history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.utils import timezone

from deployments.coverable import EXCEPTED
from deployments.models import (
    Acceptance,
    AcceptanceState,
    Affiliation,
    LegalEntity,
    LitigationStatement,
    MauFigure,
    Permission,
    PrincipalPlace,
)
from foundation.accounts.company_day import company_day
from licences import facts
from licences.facts_fields import UNKNOWN, YES
from licences.models import LlamaVersion
from licences.queries import terms_for


def entity_facts(entity: LegalEntity, version: LlamaVersion | None, *, on: date | None = None) -> facts.EntityFacts:
    """What legal knows about an entity as one Llama version asks for it, on a day (today).

    The newest row counts: by the day from which it holds, then by when it was recorded. Of the statements on
    proceedings a "yes" counts until a row corrects it.
    """
    day = on or company_day(timezone.now())
    place = entity.principal_places.filter(effective_on__lte=day).order_by("-effective_on", "-pk").first()
    litigation = statement_that_counts(entity.litigation_statements.order_by("-as_of", "-pk"), day)
    permissions = permissions_in_force(entity, version, day)
    known = facts.EntityFacts(
        reference=entity.reference,
        name=entity.name,
        kind=entity.kind,
        principal_place=place.country if place else UNKNOWN,
        principal_place_basis=place.basis if place else "",
        litigation=litigation.answer if litigation else UNKNOWN,
        permissions=_as_facts(permissions),
        received_in_end_user_product=_excepted(permissions, "mau"),
        end_user_of_multimodal=_excepted(permissions, "eu-multimodal"),
    )
    if version is None:
        return known
    month = terms_for(version).mau_month
    figure = entity.mau_figures.filter(month=month).order_by("-pk").first()
    acceptance = acceptance_of(entity, version)
    return replace(
        known,
        mau=figure.figure if figure else None,
        mau_month=figure.month if figure else "",
        mau_source=figure.source if figure else "",
        acceptance=_acceptance_word(acceptance),
        accepted_agreement_sha256=acceptance.agreement.sha256 if acceptance and acceptance.agreement else "",
        accepted_aup_sha256=acceptance.aup.sha256 if acceptance and acceptance.aup else "",
    )


def statement_that_counts(statements: Iterable[LitigationStatement], day: date) -> LitigationStatement | None:
    """Of statements on proceedings, newest first, the one that holds on a day.

    Proceedings end every licence at once and for good (LICENSE 5.c), so a later "no" hides no earlier "yes". An entry
    that was a mistake is corrected by a row that says so, and then it never counted.
    """
    rows = list(statements)
    corrected = {one.corrects_id for one in rows}
    held = [one for one in rows if one.as_of <= day and one.pk not in corrected]
    return next((one for one in held if one.answer == YES), held[0] if held else None)


def acceptance_of(entity: LegalEntity, version: LlamaVersion) -> Acceptance | None:
    """The newest record of this entity's acceptance of this version."""
    rows = Acceptance.objects.filter(entity=entity, version=version).select_related("agreement", "aup")
    return rows.order_by("-pk").first()


def permissions_in_force(entity: LegalEntity, version: LlamaVersion | None, day: date) -> list[Permission]:
    """Permissions that hold on a day for a version: those that name it, and those that name none.

    One that is renewed gives way while its renewal holds, so that what rests on the renewal outlasts the earlier one.
    """
    names_it = Q(version=None) if version is None else Q(version=None) | Q(version=version)
    unexpired = Q(expires_on=None) | Q(expires_on__gte=day)
    renewals = Permission.objects.filter(unexpired, renews=OuterRef("pk"), granted_on__lte=day)
    held = Permission.objects.filter(names_it, unexpired, ~Exists(renewals), entity=entity, granted_on__lte=day)
    return list(held.select_related("version").defer("version__catalogue").order_by("pk"))


def facts_change_on(entity: LegalEntity, day: date) -> date | None:
    """The first day after this one on which a dated row of the entity begins or ends to hold; None where none does.

    Until then `entity_facts` reads the same on every day unless somebody writes. All rows that it reads by their days
    count, whichever version they are about: one day too early costs a comparison, one too late an approval.
    """
    begins = [
        entity.principal_places.filter(effective_on__gt=day).aggregate(first=Min("effective_on")),
        entity.litigation_statements.filter(as_of__gt=day).aggregate(first=Min("as_of")),
        entity.permissions.filter(granted_on__gt=day).aggregate(first=Min("granted_on")),
    ]
    # A permission holds to the end of its last day; the last day of the calendar never passes.
    lasts = entity.permissions.filter(expires_on__gte=day, expires_on__lt=date.max).aggregate(first=Min("expires_on"))
    days = [found["first"] for found in begins if found["first"] is not None]
    if lasts["first"] is not None:
        days.append(lasts["first"] + timedelta(days=1))
    return min(days, default=None)


def _as_facts(permissions: Sequence[Permission]) -> tuple[facts.Permission, ...]:
    """Grants as the rules read them: one per thing that a document covers. The text's own exception is no grant."""
    return tuple(
        facts.Permission(
            kind=key, reference=one.reference, note=one.name, version=one.version.slug if one.version else ""
        )
        for one in permissions
        if one.kind == "meta_grant"
        for key in one.covers
    )


def _excepted(permissions: Sequence[Permission], key: str) -> str:
    """Whether legal noted that an exception of the text itself applies: 1.b.ii, or the EU paragraph's for end users.

    Once 1.b.ii was the only one that could be noted, with whatever it was said to cover. Such a row counts as it did:
    it was never about anything else, and what was approved on it rests on nothing new.
    """
    noted = (frozenset(one.covers) & EXCEPTED or {"mau"} for one in permissions if one.kind == "text_exception")
    return YES if any(key in covered for covered in noted) else UNKNOWN


def _acceptance_word(acceptance: Acceptance | None) -> str:
    if acceptance is None:
        return UNKNOWN
    return "accepted" if acceptance.state == AcceptanceState.ACCEPTED else "not-evidenced"


@dataclass(frozen=True)
class EntityRow:
    """One line of the list: the entity, its present principal place, and how many products it is a licensee of."""

    entity: LegalEntity
    place: str
    licensed_products: int


def entity_list() -> list[EntityRow]:
    """Every entity, by name. Two queries, whatever the number of entities."""
    today = company_day(timezone.now())
    places: dict[int, str] = {}
    for row in PrincipalPlace.objects.filter(effective_on__lte=today).order_by("effective_on", "pk"):
        places[row.entity_id] = row.country
    is_licensee = Q(product_roles__role="licensee")
    counted = LegalEntity.objects.annotate(products=Count("product_roles__product", filter=is_licensee, distinct=True))
    return [EntityRow(one, places.get(one.pk, ""), one.products) for one in counted.order_by("name")]


@dataclass(frozen=True)
class EntityPage:
    """Everything that was recorded of an entity, newest first, as it was known at an instant."""

    entity: LegalEntity
    known_at: datetime
    place: PrincipalPlace | None
    litigation: LitigationStatement | None
    places: list[PrincipalPlace]
    affiliations: list[Affiliation]
    figures: list[MauFigure]
    acceptances: list[Acceptance]
    litigation_statements: list[LitigationStatement]
    corrected: set[int]  # keys of statements that a later one corrects
    permissions: list[Permission]


def entity_page(entity: LegalEntity, *, on: date, known_at: datetime) -> EntityPage:
    """The entity on a day, by what was recorded until an instant. Six queries, whatever the history."""
    places = list(
        entity.principal_places.filter(recorded_at__lte=known_at)
        .select_related("recorded_by")
        .order_by("-effective_on", "-pk")
    )
    statements = list(
        entity.litigation_statements.filter(recorded_at__lte=known_at)
        .select_related("recorded_by", "corrects")
        .order_by("-as_of", "-pk")
    )
    either = Q(entity=entity) | Q(affiliate=entity)
    return EntityPage(
        entity=entity,
        known_at=known_at,
        place=next((one for one in places if one.effective_on <= on), None),
        litigation=statement_that_counts(statements, on),
        places=places,
        affiliations=list(
            Affiliation.objects.filter(either, recorded_at__lte=known_at)
            .select_related("entity", "affiliate", "recorded_by")
            .order_by("-starts_on", "-pk")
        ),
        figures=list(
            entity.mau_figures.filter(recorded_at__lte=known_at).select_related("recorded_by").order_by("-month", "-pk")
        ),
        acceptances=list(
            entity.acceptances.filter(recorded_at__lte=known_at)
            .select_related("version", "agreement", "aup", "document", "recorded_by")
            .order_by("-version__position", "-pk")
        ),
        litigation_statements=statements,
        corrected={one.corrects_id for one in statements if one.corrects_id is not None},
        permissions=list(
            entity.permissions.filter(recorded_at__lte=known_at)
            .select_related("version", "document", "recorded_by", "renews")
            .order_by("-granted_on", "-pk")
        ),
    )


@dataclass(frozen=True)
class EntityVersion:
    """One version and what it asks of the entity: the tested month, its figure, the acceptance."""

    version: LlamaVersion
    month: str
    month_is_reading: bool
    figure: MauFigure | None
    acceptance: Acceptance | None

    @property
    def above_threshold(self) -> bool:
        """Whether the figure is greater than the version's threshold (LICENSE 2); exactly the threshold is not."""
        return self.figure is not None and self.figure.figure > terms_for(self.version).mau_threshold

    @property
    def acceptance_status(self) -> str:
        """The word for the badge."""
        if self.acceptance is None:
            return "missing"
        return "evidenced" if self.acceptance.state == AcceptanceState.ACCEPTED else "not evidenced"


def entity_versions(page: EntityPage) -> list[EntityVersion]:
    """What each version of the catalogue asks of this entity, newest version first."""
    rows = []
    for version in LlamaVersion.objects.order_by("-position"):
        terms = terms_for(version)
        rows.append(
            EntityVersion(
                version=version,
                month=terms.mau_month,
                month_is_reading=terms.mau_month_is_reading,
                figure=next((one for one in page.figures if one.month == terms.mau_month), None),
                acceptance=next((one for one in page.acceptances if one.version_id == version.pk), None),
            )
        )
    return rows
