"""The licence base as JSON: what the API answers and what the export holds. These classes are the published schema."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final, Literal, cast

from django.db.models import Prefetch, QuerySet
from ninja import Field, Schema

from licences.behind import items_behind
from licences.models import Clause, LicenceText, LlamaVersion
from licences.queries import terms_for
from licences.terms import Addresses, Terms
from licences.terms_now import beside_texts, every_terms

SCHEMA_ID: Final = "licence-desk/licence-base/1"


class ClauseOut(Schema):
    """One addressable part of a text. Ids count by nesting; the printed label is what the file shows."""

    id: str = Field(examples=["1.b.i"])
    printed_label: str
    heading: str
    text: str = Field(description="Normalised: straight quotes, one blank for any run of blanks.")
    depth: int
    parent: str | None
    digest: str = Field(description="SHA-256 of the normalised words, with the schema of the normalisation inside.")


class TextOut(Schema):
    """One revision of an agreement or an acceptable use policy."""

    kind: Literal["agreement", "aup"]
    sha256: str
    words_digest: str
    label: str = Field(description="What is known of it.")
    source: str
    commit: str
    text_date: date | None
    standing: Literal["accepted", "candidate", "refused"]
    relied_on: bool = Field(description="Whether new reviews rely on it.")
    imported_at: datetime
    clauses: list[ClauseOut] = Field(description="Empty where the text could not be split.")


class ObligationOut(Schema):
    """A duty, right or limit that follows from clauses. The summary is ours; the clause is what counts."""

    kind: str
    key: str
    clauses: list[str]
    trigger: str
    summary: str
    parameters: dict[str, str]
    reworded: list[str] = Field(
        description="Those of its clauses that read otherwise in the text relied on than when this was written: "
        "summary and parameters may be out of date. Mostly empty."
    )


class ItemOut(Schema):
    """One item of the acceptable use policy, in our words."""

    id: str
    clause: str
    printed_label: str
    subject: str
    group: str
    sectors: list[str]
    prohibited: bool
    reworded: bool = Field(
        description="Whether its clause reads otherwise in the text relied on than when this was written."
    )


class AddressesOut(Schema):
    """Where Meta publishes a document."""

    raw: str
    web: str


class VersionSummary(Schema):
    """A Llama version with the facts by which versions differ."""

    slug: str = Field(examples=["llama-3.1"])
    name: str
    date: date
    date_kind: Literal["release", "effective"] = Field(description="The word of the agreement's header.")
    users_month: str = Field(description="The month that section 2 tests.", examples=["2024-06"])
    users_month_is_reading: bool
    users_threshold: int = Field(description="More monthly active users than this withhold every right.")
    display: str | None = Field(description="The words to display; null where no display is asked for.")
    name_prefix: str | None = Field(description="How names of models made with it begin; null where none is asked for.")
    notice: str = Field(description="The line of the Notice file.")
    improvement_ban: bool = Field(description="Whether improving other large language models is forbidden.")
    eu_multimodal: bool = Field(description="Whether the policy withholds rights of multimodal models in the EU.")
    reworded_clauses: list[str] = Field(
        description="Clauses that read otherwise in the text relied on than when these terms were written, or that are "
        "new in it: what is said here of them may be out of date. Mostly empty.",
        examples=[["LICENSE 2"]],
    )
    reworded_documents: list[str] = Field(
        description="LICENSE or AUP, where the text relied on has other words and the one that these terms were "
        "written for is not here to compare: anything said of it may be out of date. Mostly empty."
    )


class VersionOut(VersionSummary):
    """Everything that the base holds of one version."""

    title: str
    sizes: list[str]
    multimodal_models: list[str]
    multimodal_as_of: str
    agreement: AddressesOut
    aup: AddressesOut
    notes: list[str]
    obligations: list[ObligationOut]
    aup_items: list[ItemOut]
    texts: list[TextOut]


class BaseOut(Schema):
    """The whole licence base. Facts are in our words and no legal advice."""

    schema_id: Literal["licence-desk/licence-base/1"] = SCHEMA_ID
    versions: list[VersionOut]


def whole_base() -> BaseOut:
    """Every version, oldest first, with every text. Three queries."""
    return BaseOut(versions=[version_out(version) for version in with_texts(LlamaVersion.objects.all())])


def with_texts(versions: QuerySet[LlamaVersion]) -> list[LlamaVersion]:
    """The versions with their texts and clauses read along."""
    texts = LicenceText.objects.order_by("kind", "-is_current", "pk").prefetch_related(
        Prefetch("clauses", queryset=Clause.objects.order_by("position"))
    )
    return list(versions.prefetch_related(Prefetch("texts", queryset=texts)))


def summaries() -> list[VersionSummary]:
    """The facts by which versions differ, oldest first."""
    return [VersionSummary(**_summary(terms)) for terms in every_terms().values()]


def version_out(version: LlamaVersion) -> VersionOut:
    """One version, whose texts and clauses were read along."""
    terms = beside_texts(terms_for(version), version.texts.all())
    behind = {item.id for item in items_behind(terms)}
    return VersionOut(
        **_summary(terms),
        title=terms.title,
        sizes=list(terms.sizes),
        multimodal_models=list(terms.multimodal_models),
        multimodal_as_of=terms.multimodal_as_of,
        agreement=_addresses(terms.agreement),
        aup=_addresses(terms.aup),
        notes=[*([terms.eu_note] if terms.eu_note else []), *terms.notes],
        obligations=[
            ObligationOut(
                kind=one.kind,
                key=one.key,
                clauses=list(one.clauses),
                trigger=one.trigger,
                summary=one.summary,
                parameters=dict(one.parameters),
                reworded=list(terms.behind.of(one.clauses)),
            )
            for one in terms.obligations
        ],
        aup_items=[
            ItemOut(
                id=one.id,
                clause=one.clause,
                printed_label=one.printed_label,
                subject=one.subject,
                group=one.group,
                sectors=list(one.sectors),
                prohibited=one.prohibited,
                reworded=one.id in behind,
            )
            for one in terms.aup_items
        ],
        texts=[_text_out(text) for text in version.texts.all()],
    )


def _summary(terms: Terms) -> dict[str, Any]:
    return {
        "slug": terms.slug,
        "name": terms.name,
        "date": date.fromisoformat(terms.date),
        "date_kind": terms.date_kind,
        "users_month": terms.mau_month,
        "users_month_is_reading": terms.mau_month_is_reading,
        "users_threshold": terms.mau_threshold,
        "display": terms.display.text if terms.display else None,
        "name_prefix": terms.name_prefix.prefix if terms.name_prefix else None,
        "notice": terms.notice,
        "improvement_ban": terms.improvement_ban is not None,
        "eu_multimodal": terms.eu_multimodal is not None,
        "reworded_clauses": list(terms.behind.clauses),
        "reworded_documents": list(terms.behind.documents),
    }


def _addresses(addresses: Addresses) -> AddressesOut:
    return AddressesOut(raw=addresses.raw, web=addresses.web)


def _text_out(text: LicenceText) -> TextOut:
    return TextOut(
        kind=cast(Any, text.kind),
        sha256=text.sha256,
        words_digest=text.words_digest,
        label=text.label,
        source=text.source,
        commit=text.commit,
        text_date=text.text_date,
        standing=cast(Any, text.standing),
        relied_on=text.is_current,
        imported_at=text.imported_at,
        clauses=[
            ClauseOut(
                id=one.clause_id,
                printed_label=one.printed_label,
                heading=one.heading,
                text=one.body,
                depth=one.depth,
                parent=one.parent_id_text or None,
                digest=one.digest,
            )
            for one in text.clauses.all()
        ],
    )
