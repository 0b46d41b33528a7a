"""One review and the rows around it, as its page and its signatures need them: each kind in one read of a fixed shape.

Every call asks the database, so whoever holds the review's lock reads what stands then; nothing is kept between calls.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

from django.db import DEFAULT_DB_ALIAS
from django.db.models import F, Model, Q
from django.utils.translation import gettext

from deployments.models import (
    Component,
    Declaration,
    Deployment,
    FactEdit,
    LegalEntity,
    ModelSheet,
    Observation,
    Product,
)
from foundation.accounts.models import User
from foundation.reads import Given, Read
from licences.models import LicenceText, LlamaVersion
from reviews.models import (
    Check,
    CheckAnswer,
    Condition,
    ConditionKind,
    CounselNote,
    Message,
    Review,
    Step,
)
from reviews.models.steps import StepKey
from reviews.questions import check_named

Row = TypeVar("Row", bound=Model)
NO_KEY = 0  # no row has it

# --- the review -----------------------------------------------------------------------------------------------


def _columns(model: type[Model], *, only: Iterable[str] = (), without: Iterable[str] = ()) -> list[str]:
    """Columns of a model in their order, the key first; those left out are read when somebody asks for them."""
    names = set(only) or {field.name for field in model._meta.concrete_fields} - set(without)
    return [field.attname for field in model._meta.concrete_fields if field.name in names]


_REVIEW = _columns(Review)
_LICENSEE = _columns(LegalEntity)
_DECLARATION = _columns(Declaration)
_VERSION = _columns(LlamaVersion, without=["catalogue"])
_SHEET = _columns(ModelSheet, without=["answers", "proposal"])
_COMPONENT = _columns(Component)
_PRODUCT = _columns(Product)
_OWNER = _columns(User, only=["id", "name"])
_TEXT = _columns(LicenceText)
_BEFORE = _columns(Review, only=["id", "decided_at", "version", "agreement", "aup"])


def _through(path: str, columns: Iterable[str]) -> list[str]:
    return [f"{path}__{column}" for column in columns]


def _made(model: type[Row], columns: Sequence[str], cells: Sequence[Any]) -> Row | None:
    """The row with these cells; None where a join found none."""
    return model.from_db(DEFAULT_DB_ALIAS, columns, cells) if cells[0] is not None else None


class _Cells:
    """The cells of a row that was read with its neighbours, taken one neighbour after the other."""

    def __init__(self, *cells: Any) -> None:
        self._cells = cells
        self._at = 0

    def take(self, model: type[Row], columns: Sequence[str]) -> Row | None:
        start, self._at = self._at, self._at + len(columns)
        return _made(model, columns, self._cells[start : self._at])


_REVIEWS = Read(
    _Cells,
    lambda: (
        Review.objects.filter(pk=Given("review"))
        .order_by()
        .values_list(
            *_REVIEW,
            *_through("version", _VERSION),
            *_through("licensee", _LICENSEE),
            *_through("declaration", _DECLARATION),
        )
    ),
)
_SHEETS = Read(
    _Cells,
    lambda: (
        ModelSheet.objects.filter(pk=Given("sheet"))
        .order_by()
        .values_list(
            *_SHEET,
            *_through("component", _COMPONENT),
            *_through("component__product", _PRODUCT),
            *_through("component__product__owner", _OWNER),
        )
    ),
)
_TEXTS = Read(
    lambda *cells: LicenceText.from_db(DEFAULT_DB_ALIAS, _TEXT, cells),
    lambda: LicenceText.objects.filter(Q(pk=Given("agreement")) | Q(pk=Given("aup"))).order_by().values_list(*_TEXT),
)
_EARLIER = Read(
    _Cells,
    lambda: (
        Review.objects.filter(pk=Given("review"))
        .order_by()
        .values_list(*_BEFORE, *_through("version", _VERSION), *_through("agreement", _TEXT), *_through("aup", _TEXT))
    ),
)


def read_review(key: int) -> Review | None:
    """The review with its sheet, component, product, owner, licensee, declaration, version and texts. Three queries."""
    rows = _REVIEWS(review=key)
    if not rows:
        return None
    review = rows[0].take(Review, _REVIEW)
    version = rows[0].take(LlamaVersion, _VERSION)
    assert review is not None and version is not None
    review.version = version
    review.licensee = rows[0].take(LegalEntity, _LICENSEE)
    review.declaration = rows[0].take(Declaration, _DECLARATION)
    review.sheet = _read_sheet(review)
    review.component = review.sheet.component
    texts = {text.pk: text for text in _TEXTS(agreement=review.agreement_id or NO_KEY, aup=review.aup_id or NO_KEY)}
    _put_texts(review, texts.get(review.agreement_id or NO_KEY), texts.get(review.aup_id or NO_KEY))
    return review


def _read_sheet(review: Review) -> ModelSheet:
    [cells] = _SHEETS(sheet=review.sheet_id)
    sheet = cells.take(ModelSheet, _SHEET)
    component = cells.take(Component, _COMPONENT)
    product, owner = cells.take(Product, _PRODUCT), cells.take(User, _OWNER)
    assert sheet is not None and component is not None and product is not None and owner is not None
    product.owner = owner
    component.product = product
    sheet.component = component
    return sheet


def _put_texts(review: Review, agreement: LicenceText | None, aup: LicenceText | None) -> None:
    """Put both texts on a review; they are of its version."""
    for text in (agreement, aup):
        if text is not None and text.version_id == review.version_id:
            text.version = review.version
    review.agreement, review.aup = agreement, aup


def put_previous(review: Review) -> None:
    """Put the review that was approved last on this one, with its version and texts. One query where there is one."""
    if review.previous_id is None:
        return
    [cells] = _EARLIER(review=review.previous_id)
    previous, version = cells.take(Review, _BEFORE), cells.take(LlamaVersion, _VERSION)
    assert previous is not None and version is not None
    previous.version = version
    _put_texts(previous, cells.take(LicenceText, _TEXT), cells.take(LicenceText, _TEXT))
    review.previous = previous


# --- what was answered, set and signed ------------------------------------------------------------------------


class CheckLine(NamedTuple):
    """One of the five checks, with its position and who answered it."""

    number: int
    answer: str
    reasoning: str
    clauses: list[str]
    answered_by: int | None
    answered_by_name: str | None
    answered_at: datetime | None
    reading: str | None
    residual_risk: str | None

    @property
    def answer_in_words(self) -> str:
        return str(CheckAnswer(self.answer).label) if self.answer else ""

    @property
    def answered_by_reference(self) -> str | None:
        return User.reference_of(self.answered_by) if self.answered_by is not None else None

    @property
    def title(self) -> str:
        return gettext(check_named(self.number).title)

    @property
    def has_position(self) -> bool:
        return self.reading is not None


_CHECKS = Read(
    CheckLine,
    lambda: (
        Check.objects.filter(review=Given("review"))
        .order_by("number")
        .values_list(
            "number",
            "answer",
            "reasoning",
            "clauses",
            "answered_by",
            "answered_by__name",
            "answered_at",
            "position__reading",
            "position__residual_risk",
        )
    ),
)


def checks_of(review: Review) -> list[CheckLine]:
    return _CHECKS(review=review.pk)


class ConditionLine(NamedTuple):
    """A condition, with its owner."""

    pk: int
    kind: str
    text: str
    owner: int
    owner_name: str
    due_on: date | None
    breached: bool
    met_at: datetime | None

    @property
    def reference(self) -> str:
        return Condition.reference_of(self.pk)

    @property
    def owner_reference(self) -> str:
        return User.reference_of(self.owner)

    @property
    def kind_in_words(self) -> str:
        return str(ConditionKind(self.kind).label)


_CONDITIONS = Read(
    ConditionLine,
    lambda: (
        Condition.objects.filter(review=Given("review"))
        .order_by("pk")
        .values_list("pk", "kind", "text", "owner", "owner__name", "due_on", "breached", "met_at")
    ),
)


def conditions_of(review: Review) -> list[ConditionLine]:
    return _CONDITIONS(review=review.pk)


class EntityLine(NamedTuple):
    pk: int
    name: str

    @property
    def reference(self) -> str:
        return LegalEntity.reference_of(self.pk)


_ENTITIES = Read(
    EntityLine,
    lambda: (
        Review.scope_entities.through.objects.filter(review=Given("review"))
        .order_by("legalentity_id")
        .values_list("legalentity", "legalentity__name")
    ),
)


def entities_of(review: Review) -> list[EntityLine]:
    """The entities of the scope, in the order in which they are signed."""
    return _ENTITIES(review=review.pk)


class DeploymentLine(NamedTuple):
    pk: int
    name: str
    is_production: bool

    @property
    def reference(self) -> str:
        return Deployment.reference_of(self.pk)


_DEPLOYMENTS = Read(
    DeploymentLine,
    lambda: (
        Review.scope_deployments.through.objects.filter(review=Given("review"))
        .order_by("deployment_id")
        .values_list("deployment", "deployment__name", "deployment__is_production")
    ),
)


def deployments_of(review: Review) -> list[DeploymentLine]:
    """The environments of the scope."""
    return _DEPLOYMENTS(review=review.pk)


class StepLine(NamedTuple):
    """A step of any round, with its signature where there is one."""

    pk: int
    round: int
    order: int
    key: str
    role: str
    why: str
    person: int | None
    signer_name: str | None
    signer_organisation: str | None
    signed_at: datetime | None
    statement: str | None
    digest: str | None

    @property
    def signed(self) -> bool:
        return self.person is not None

    @property
    def key_in_words(self) -> str:
        return str(StepKey(self.key).label)


_STEPS = Read(
    StepLine,
    lambda: (
        Step.objects.filter(review=Given("review"))
        .order_by("round", "order", "pk")
        .values_list(
            "pk",
            "round",
            "order",
            "key",
            "role",
            "why",
            "sign_off__person",
            "sign_off__signer_name",
            "sign_off__signer_organisation",
            "sign_off__signed_at",
            "sign_off__statement",
            "sign_off__digest",
        )
    ),
)


def steps_of(review: Review) -> list[StepLine]:
    """The steps of every round, earlier rounds first, each with its signature."""
    return _STEPS(review=review.pk)


_STEPS_NOW = Read(
    lambda key: key,
    lambda: (
        Step.objects.filter(review=Given("review"), key=Given("key"), round=F("review__round"))
        .order_by()
        .values_list("pk")
    ),
)


def has_step(review: int, key: str) -> bool:
    """Whether the plan of the review with this key has this step in its round."""
    return bool(_STEPS_NOW(review=review, key=key))


# --- what stands beside ---------------------------------------------------------------------------------------


class Sighting(NamedTuple):
    """What somebody saw, or did not see, of the attribution."""

    observed_on: date
    seen: bool | None
    text: str
    address: str


_SIGHTINGS = Read(
    Sighting,
    lambda: (
        Observation.objects.filter(component=Given("component"), kind="attribution")
        .order_by("-observed_on", "-pk")
        .values_list("observed_on", "seen", "text", "address")[:1]
    ),
)


def latest_sighting(review: Review) -> Sighting | None:
    return next(iter(_SIGHTINGS(component=review.component_id)), None)


_DECLARED = Read(
    lambda key: key,
    lambda: (
        Declaration.objects.filter(sheet=Given("sheet"), declared_by=Given("person")).order_by().values_list("pk")[:1]
    ),
)
_EDITED: Read[list[str]] = Read(
    lambda keys: keys,
    lambda: (
        FactEdit.objects.filter(
            Q(product=Given("product"), sheet=None) | Q(sheet=Given("sheet")), person=Given("person")
        )
        .order_by()
        .values_list("keys")
    ),
)


def has_declared(person: User, review: Review) -> bool:
    """Whether this person ever declared the sheet that the review is about."""
    return bool(_DECLARED(sheet=review.sheet_id, person=person.pk))


def facts_edited_by(person: User, review: Review) -> set[str]:
    """Keys of the facts of the product, or of this sheet, that this person ever edited."""
    edits = _EDITED(product=review.product.pk, sheet=review.sheet_id, person=person.pk)
    return {key for keys in edits for key in keys}


class MessageLine(NamedTuple):
    pk: int
    kind: str
    text: str


_MESSAGES = Read(
    MessageLine,
    lambda: (
        Message.objects.filter(review=Given("review")).order_by("written_at", "pk").values_list("pk", "kind", "text")
    ),
)


def messages_of(review: Review) -> list[MessageLine]:
    """What was said on the review, oldest first."""
    return _MESSAGES(review=review.pk)


class NoteLine(NamedTuple):
    text: str
    author_name: str
    written_at: datetime


_NOTES = Read(
    NoteLine,
    lambda: (
        CounselNote.objects.filter(review=Given("review"))
        .order_by("written_at", "pk")
        .values_list("text", "author__name", "written_at")
    ),
)


def counsel_notes_of(review: Review) -> list[NoteLine]:
    """Counsel's notes; for legal roles only."""
    return _NOTES(review=review.pk)


# --- what the forms offer -------------------------------------------------------------------------------------

_OFFERED_DEPLOYMENTS = Read(
    lambda *cells: cells,
    lambda: Deployment.objects.filter(product=Given("product")).order_by("pk").values_list("pk", "name"),
)


def environments_to_choose(review: Review) -> list[tuple[int, str]]:
    """The environments of the product that a scope may name."""
    return _OFFERED_DEPLOYMENTS(product=review.product.pk)
