"""The three companies of Norrbro Group, and what legal knows about each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from deployments.actions.entities import (
    create_entity,
    record_acceptance,
    record_affiliation,
    record_litigation,
    record_mau,
    record_principal_place,
)
from deployments.models import Acceptance, AcceptanceState, Affiliation, LegalEntity
from foundation.accounts.models import User
from licences.models import LlamaVersion, TextKind
from licences.queries import current_text, terms_for
from portal.demo.people import Cast

AFFILIATED_SINCE = date(2016, 1, 1)


@dataclass(frozen=True)
class DemoEntity:
    """A company of the group."""

    name: str
    country: str
    number: str
    basis: str


ENTITIES: dict[str, DemoEntity] = {
    "inc": DemoEntity(
        "Norrbro Inc.",
        "US",
        "DE 5810447",
        "Head office and management in Boston, Massachusetts: minutes of the board of 14 January 2016.",
    ),
    "bv": DemoEntity(
        "Norrbro B.V.",
        "NL",
        "KvK 64118205",
        "Seat and day-to-day management in Amsterdam: extract of the trade register, and the lease of the head office.",
    ),
    "as": DemoEntity(
        "Norrbro AS",
        "NO",
        "NO 916 402 771",
        "Seat and management in Oslo: register of business enterprises. Norway is not in the European Union.",
    ),
}

# Users of all products of the three companies together, by tested month; the same for each, as they are affiliates.
GROUP_USERS = {
    "2023-06": 3_120_000,
    "2024-03": 3_870_000,
    "2024-06": 4_180_000,
    "2024-08": 4_260_000,
    "2024-11": 4_610_000,
    "2025-03": 5_040_000,
}

# When the platform team accepted a version for all three companies, and where.
ACCEPTED = {
    "llama-2": (date(2023, 9, 4), "The publisher's download form"),
    "llama-3": (date(2024, 5, 13), "The publisher's download form"),
    "llama-3.1": (date(2024, 8, 5), "The model hub's form for gated models"),
    "llama-3.2": (date(2024, 10, 7), "The model hub's form for gated models"),
    "llama-3.3": (date(2024, 12, 16), "The model hub's form for gated models"),
    "llama-4": (date(2025, 5, 12), "The model hub's form for gated models"),
}
# The B.V. only calls Llama 4 at a provider, and nobody there ever accepted its agreement.
NOT_EVIDENCED = {("bv", "llama-4")}


def seed_entities(cast: Cast) -> None:
    """Make the companies and the facts about them that are not there yet."""
    leo = cast["leo"]
    entities = {key: _entity(one, leo) for key, one in ENTITIES.items()}
    inc = entities["inc"]
    for key in ("bv", "as"):
        if not Affiliation.objects.filter(entity=inc, affiliate=entities[key]).exists():
            record_affiliation(
                entity=inc,
                affiliate=entities[key],
                starts_on=AFFILIATED_SINCE,
                basis="Norrbro Inc. holds all shares.",
                by=leo,
            )
    versions = list(LlamaVersion.objects.all())
    for key, entity in entities.items():
        _figures(entity, versions, leo)
        _acceptances(key, entity, versions, leo)


def entity(key: str) -> LegalEntity:
    """The company with this short key."""
    return LegalEntity.objects.get(name=ENTITIES[key].name)


def note_accepted_texts(versions: Iterable[LlamaVersion], cast: Cast) -> None:
    """Name the text that was accepted, where the acceptance was recorded before the texts were imported."""
    for version in versions:
        agreement = current_text(version, TextKind.AGREEMENT)
        for key in ENTITIES:
            last = Acceptance.objects.filter(entity=entity(key), version=version).order_by("-pk").first()
            if agreement is None or last is None or last.agreement_id or last.state != AcceptanceState.ACCEPTED:
                continue
            _accept(entity(key), version, cast["leo"])


def _entity(one: DemoEntity, by: User) -> LegalEntity:
    """The company; its place and its statement on proceedings where nobody recorded any."""
    found = LegalEntity.objects.filter(name=one.name).first()
    if found is None:
        found = create_entity(name=one.name, country=one.country, registration_number=one.number, by=by)
    if not found.principal_places.exists():
        record_principal_place(entity=found, country=one.country, basis=one.basis, effective_on=AFFILIATED_SINCE, by=by)
    if not found.litigation_statements.exists():
        record_litigation(
            entity=found,
            answer="no",
            as_of=date(2025, 6, 2),
            details="The litigation register and outside counsel name no such claim or counterclaim.",
            by=by,
        )
    return found


def _figures(entity: LegalEntity, versions: Iterable[LlamaVersion], by: User) -> None:
    known = set(entity.mau_figures.values_list("month", flat=True))
    for version in versions:
        month = terms_for(version).mau_month
        if month in GROUP_USERS and month not in known:
            known.add(month)
            record_mau(
                entity=entity,
                month=month,
                figure=GROUP_USERS[month],
                counted_how="Distinct accounts that were active in the month, added up over every product and service "
                "of the three companies without removing overlaps, so rather too high than too low.",
                source=f"Finance data warehouse, report “Group active users {month}”",
                by=by,
            )


def _acceptances(key: str, entity: LegalEntity, versions: Iterable[LlamaVersion], by: User) -> None:
    known = set(entity.acceptances.values_list("version", flat=True))
    for version in versions:
        if version.pk in known or version.slug not in ACCEPTED:
            continue
        if (key, version.slug) in NOT_EVIDENCED:
            record_acceptance(
                entity=entity,
                version=version,
                state=AcceptanceState.NOT_EVIDENCED,
                how="The provider's marketplace terms were accepted; no record of Meta's agreement was found.",
                by=by,
            )
        else:
            _accept(entity, version, by)


def _accept(entity: LegalEntity, version: LlamaVersion, by: User) -> Acceptance:
    accepted_on, platform = ACCEPTED[version.slug]
    return record_acceptance(
        entity=entity,
        version=version,
        state=AcceptanceState.ACCEPTED,
        accepted_on=accepted_on,
        accepted_by="Ingrid Solheim, chief technology officer",
        authority="Delegation of authority of the board, schedule 4: licences without fee",
        platform=platform,
        how="Ticked and submitted for the three companies, under the group's own account",
        agreement=current_text(version, TextKind.AGREEMENT),
        aup=current_text(version, TextKind.AUP),
        by=by,
    )
