"""What the product's page shows of this room: a fixed number of reads, each of just the columns that are shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Exists, Max, OuterRef, Subquery

from deployments.models import (
    ClosedAs,
    ColleagueQuestion,
    Component,
    Declaration,
    Deployment,
    EntityRole,
    ModelSheet,
    Observation,
    Product,
    StopDuty,
)
from deployments.queries.facts import NewestDeclarations
from deployments.queries.rollouts import RolloutLine, rollouts_of
from deployments.sighted_words import SightedWords, judge_words
from foundation.reads import Among, Given, Read
from licences.queries import terms_by_digest

OBSERVATIONS = 50
_CAUSES = dict(StopDuty._meta.get_field("cause").flatchoices)
_GATE_MODES = dict(Deployment._meta.get_field("gate_mode").flatchoices)


class EntityLine(NamedTuple):
    """A company behind the product."""

    role: str
    name: str

    @property
    def role_in_words(self) -> str:
        return str(EntityRole(self.role).label)


class SheetLine(NamedTuple):
    """A model sheet of a component."""

    pk: int
    model: str
    version: str | None
    saved_at: datetime
    declaration: int | None  # the newest
    catalogue_digest: str | None  # of the version's terms
    version_id: int | None

    @property
    def reference(self) -> str:
        return ModelSheet.reference_of(self.pk)


@dataclass(frozen=True)
class ComponentLine:
    """A component with its sheets, newest version first."""

    pk: int
    name: str
    sheets: list[SheetLine]

    @property
    def reference(self) -> str:
        return Component.reference_of(self.pk)


class DeploymentLine(NamedTuple):
    """An environment."""

    pk: int
    name: str
    is_production: bool
    gate_mode: str

    @property
    def reference(self) -> str:
        return Deployment.reference_of(self.pk)

    @property
    def gate_mode_in_words(self) -> str:
        return str(_GATE_MODES[self.gate_mode])


class QuestionLine(NamedTuple):
    """What a colleague was asked."""

    pk: int
    asked_by: str
    asked_of_id: int
    asked_of: str
    asked_at: datetime
    note: str
    answered_at: datetime | None
    answer_note: str
    closed_as: str

    @property
    def closed_in_words(self) -> str:
        """How it ended; rows from before this was kept were answered."""
        return str(ClosedAs(self.closed_as or ClosedAs.ANSWERED).label)


class ObservationLine(NamedTuple):
    """A dated sighting."""

    pk: int
    kind: str
    observed_on: date
    component_id: int
    component: str
    deployment: str | None
    seen: bool | None
    text: str
    address: str
    figure: int | None
    document: str | None  # the digest of what was uploaded with it
    recorded_by: str
    recorded_at: datetime
    words: tuple[SightedWords, ...] = ()  # what the words are worth under the component's versions


class StopDutyLine(NamedTuple):
    """Something that must stop."""

    pk: int
    component: str
    version: str
    cause: str
    due_on: date
    closed_at: datetime | None

    @property
    def reference(self) -> str:
        return StopDuty.reference_of(self.pk)

    @property
    def cause_in_words(self) -> str:
        return str(_CAUSES[self.cause])


@dataclass(frozen=True)
class ProductDetail:
    """Everything of deployments/ that the product's page shows."""

    entities: list[EntityLine]
    components: list[ComponentLine]
    deployments: list[DeploymentLine]
    rollouts: list[RolloutLine]
    questions: list[QuestionLine]
    observations: list[ObservationLine]
    stop_duties: list[StopDutyLine]

    @property
    def newest_declarations(self) -> dict[int, NewestDeclarations]:
        """What newest_declarations_of() would read."""
        found = {one.pk: one.declaration for row in self.components for one in row.sheets if one.declaration}
        of_product = max(found.values(), default=0)
        return {sheet: NewestDeclarations(own, of_product) for sheet, own in found.items()}


class _Behind(NamedTuple):
    """A company behind the product, or none; and which of the rarer parts there is anything of."""

    role: str | None
    entity: str | None
    has_questions: bool
    has_observations: bool
    has_stop_duties: bool


_BEHIND = Read(
    _Behind,
    lambda: (
        Product.objects.filter(pk=Given("product"))
        .order_by("entity_roles__pk")
        .values_list(
            "entity_roles__role",
            "entity_roles__entity__name",
            Exists(ColleagueQuestion.objects.filter(product=OuterRef("pk"))),
            Exists(Observation.objects.filter(component__product=OuterRef("pk"))),
            Exists(StopDuty.objects.filter(component__product=OuterRef("pk"))),
        )
    ),
)
_COMPONENTS = Read(
    lambda *cells: cells,
    lambda: (
        Component.objects.filter(product=Given("product"))
        .order_by("pk", "-model_sheets__version__position", "-model_sheets__pk")
        .values_list(
            "pk",
            "name",
            "model_sheets__pk",
            "model_sheets__raw_model_id",
            "model_sheets__version__name",
            "model_sheets__saved_at",
            Subquery(
                Declaration.objects.filter(sheet=OuterRef("model_sheets__pk"))
                .order_by()
                .values("sheet")
                .annotate(newest=Max("pk"))
                .values("newest")
            ),
            "model_sheets__version__catalogue_digest",
            "model_sheets__version",
        )
    ),
)
_DEPLOYMENTS = Read(
    DeploymentLine,
    lambda: (
        Deployment.objects.filter(product=Given("product"))
        .order_by("pk")
        .values_list("pk", "name", "is_production", "gate_mode")
    ),
)
_QUESTIONS = Read(
    QuestionLine,
    lambda: (
        ColleagueQuestion.objects.filter(product=Given("product"))
        .order_by("-asked_at")
        .values_list(
            "pk",
            "asked_by__name",
            "asked_of",
            "asked_of__name",
            "asked_at",
            "note",
            "answered_at",
            "answer_note",
            "closed_as",
        )
    ),
)
_OBSERVATIONS = Read(
    ObservationLine,
    lambda: (
        Observation.objects.filter(component__product=Given("product"))
        .order_by("-observed_on", "-pk")
        .values_list(
            "pk",
            "kind",
            "observed_on",
            "component",
            "component__name",
            "deployment__name",
            "seen",
            "text",
            "address",
            "figure",
            "document",
            "recorded_by__name",
            "recorded_at",
        )[:OBSERVATIONS]
    ),
)
_STOP_DUTIES = Read(
    StopDutyLine,
    lambda: (
        StopDuty.objects.filter(component__product=Given("product"))
        .order_by("-opened_at", "-pk")
        .values_list("pk", "component__name", "version__name", "cause", "due_on", "closed_at")
    ),
)
_DECLARATIONS = Read(
    lambda *cells: cells,
    lambda: (
        Declaration.objects.filter(Among("sheet__component__product", "products"))
        .order_by()
        .values_list("sheet__component__product", "sheet")
        .annotate(newest=Max("pk"))
    ),
)


def product_detail(product: Product) -> ProductDetail:
    """One product with its parts, in at most seven queries."""
    behind = _BEHIND(product=product.pk)
    has = behind[0]
    components = _components(product)
    return ProductDetail(
        entities=[EntityLine(one.role, one.entity) for one in behind if one.role and one.entity],
        components=components,
        deployments=_DEPLOYMENTS(product=product.pk),
        rollouts=rollouts_of(product),
        questions=_QUESTIONS(product=product.pk) if has.has_questions else [],
        observations=_observations(product, components) if has.has_observations else [],
        stop_duties=_STOP_DUTIES(product=product.pk) if has.has_stop_duties else [],
    )


def newest_declarations_of(products: list[int]) -> dict[int, NewestDeclarations]:
    """newest_declarations() of every sheet of these products."""
    found: list[tuple[int, int, int]] = _DECLARATIONS(products=products)
    of_product: dict[int, int] = {}
    for product, _sheet, newest in found:
        of_product[product] = max(newest, of_product.get(product, 0))
    return {sheet: NewestDeclarations(newest, of_product[product]) for product, sheet, newest in found}


def _components(product: Product) -> list[ComponentLine]:
    found: dict[int, ComponentLine] = {}
    for component, name, sheet, *cells in _COMPONENTS(product=product.pk):
        line = found.setdefault(component, ComponentLine(component, name, []))
        if sheet is not None:
            line.sheets.append(SheetLine(sheet, *cells))
    return list(found.values())


def _observations(product: Product, components: list[ComponentLine]) -> list[ObservationLine]:
    """The sightings, each that saw words with what these are worth."""
    digests = {row.pk: [one.catalogue_digest for one in row.sheets if one.catalogue_digest] for row in components}
    terms = terms_by_digest(digest for found in digests.values() for digest in found)
    return [
        one._replace(words=judge_words(one.text, [terms[digest] for digest in digests[one.component_id]]))
        if one.kind == "attribution" and one.seen
        else one
        for one in _OBSERVATIONS(product=product.pk)
    ]
