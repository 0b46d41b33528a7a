"""The walk through a registration: which questions the facts call for, which come next, and how answers read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from deployments import addresses
from deployments.models import ColleagueQuestion, EntityRole, ModelSheet, Product, ProductEntity
from deployments.policies import asked_about, may_edit_field, may_edit_product
from deployments.queries.facts import earlier_answers
from deployments.sheet_answers import COLUMN_KEYS, model_answers
from foundation.accounts.models import User
from licences.facts import aup_item_choices, fields_to_ask, suggest
from licences.facts_fields import NO_OTHER_VERSION, UNKNOWN, Choice, Field
from licences.facts_places import country_name
from licences.models import LlamaVersion
from licences.queries import terms_for, version_names
from licences.terms import Terms

Kind = Literal["product", "model"]
# What a registration asks before the sheets: name with team and licensee, the model with its place, the version.
STEPS_BEFORE = 3
_SHEETS: tuple[tuple[Kind, str], ...] = (
    ("product", gettext_noop("What the product does")),
    ("model", gettext_noop("How the model is used")),
)


@dataclass(frozen=True)
class Question:
    """One question of the walk, with what is known of its answer."""

    kind: Kind
    field: Field
    answer: Any
    proposal: Any = None  # from the catalogue, or from an earlier sheet; counts only once it is saved
    proposed_by: str = ""
    listed: bool = False  # the catalogue knows this of the model: it counts unless somebody answers otherwise
    asked: ColleagueQuestion | None = None

    @property
    def is_answered(self) -> bool:
        """Whether somebody gave an answer; "not known yet" is one."""
        return self.answer not in (None, "", [])

    @property
    def stands(self) -> bool:
        """Whether it is answered by what the catalogue lists, so that nobody need be asked."""
        return self.listed and not self.is_answered

    @property
    def is_needed(self) -> bool:
        """Whether a person has to answer it."""
        return self.field.required and not self.stands

    @property
    def is_unknown(self) -> bool:
        """Whether the answer is "not known yet"."""
        return self.answer in (UNKNOWN, [UNKNOWN])

    @property
    def status(self) -> str:
        """The word for the badge."""
        if self.is_unknown:
            return "unknown"
        if self.is_answered:
            return "answered"
        if self.asked is not None:
            return "waiting"
        return "proposed" if self.proposal is not None else "not answered"

    @property
    def status_label(self) -> str:
        """The badge's words, where its own do not fit."""
        if self.is_unknown:
            return _("Not known yet")
        if not self.is_answered and self.asked is not None:
            return _("Asked %(name)s") % {"name": self.asked.asked_of.name}
        if not self.is_answered and not self.field.required:
            return _("Optional")
        return ""

    @property
    def shown(self) -> str:
        """The answer as a person reads it; one that nobody gave says who proposes it."""
        if self.stands:
            proposed = {"answer": shown_answer(self.field, self.proposal), "source": self.proposed_by}
            return _("%(answer)s (proposed by %(source)s)") % proposed
        return shown_answer(self.field, self.answer) if self.is_answered else ""


def questions_of(sheet: ModelSheet) -> list[Question]:
    """Every question that the product sheet and this model sheet call for, in the order in which they are asked."""
    product = sheet.component.product
    terms = terms_for(sheet.version) if sheet.version else None
    answers = model_answers(sheet)
    known = {key: value for key, value in answers.items() if key in COLUMN_KEYS or key in sheet.answers}
    suggested = suggest(known, terms) if terms else {}
    earlier = earlier_answers(sheet)
    open_questions = {
        (row.sheet_id, row.field_key): row
        for row in ColleagueQuestion.objects.filter(product=product, answered_at=None).select_related("asked_of")
    }
    walk = [
        Question("product", field, product.sheet.answers.get(field.key), asked=open_questions.get((None, field.key)))
        for field in fields_to_ask("product", product.sheet.answers)
    ]
    for field in fields_to_ask("model", answers, terms):
        if field.key in COLUMN_KEYS:
            continue
        proposal, source = None, ""
        if field.key in suggested:
            proposal, source = suggested[field.key], _("the catalogue")
        elif field.key in earlier and field.key not in answers:
            proposal, source = earlier[field.key], _("the answers given before for this component")
        walk.append(
            Question(
                "model",
                field,
                known.get(field.key),
                proposal=proposal,
                proposed_by=source,
                listed=field.key in answers and field.key not in known,
                asked=open_questions.get((sheet.pk, field.key)),
            )
        )
    return walk


def next_question(questions: list[Question]) -> Question | None:
    """The first question that nobody has answered; optional ones are offered, never pressed."""
    return next((one for one in questions if one.is_needed and not one.is_answered), None)


def find_question(questions: list[Question], kind: str, key: str) -> Question | None:
    """One question of the walk."""
    return next((one for one in questions if one.kind == kind and one.field.key == key), None)


@dataclass(frozen=True)
class Progress:
    """Where a person is in the walk. The total can grow with an answer, so the page says "about"."""

    number: int
    total: int


def progress_of(questions: list[Question], current: Question) -> Progress:
    """The place of a question among those that every registration like this one asks."""
    needed = [one for one in questions if one.is_needed or one is current]
    return Progress(STEPS_BEFORE + needed.index(current) + 1, STEPS_BEFORE + len(needed))


def options_for(field: Field, sheet: ModelSheet) -> tuple[Choice, ...]:
    """The answers offered where they depend on the versions in play or on the catalogue."""
    if field.kind == "aup_items":
        return aup_item_choices(terms_in_play(sheet.component.product), sheet.component.product.sheet.answers)
    if field.kind in {"versions", "version"}:
        versions = LlamaVersion.objects.order_by("position").values_list("slug", "name")
        return (
            *(Choice(slug, name) for slug, name in versions),
            NO_OTHER_VERSION,
        )
    return field.options


def terms_in_play(product: Product) -> list[Terms]:
    """The terms of every version that the product is registered on."""
    versions = LlamaVersion.objects.filter(model_sheets__component__product=product).distinct().order_by("position")
    return [terms_for(version) for version in versions]


def shown_answer(field: Field, value: Any) -> str:
    """An answer in words, in the reader's language."""
    if value in (UNKNOWN, [UNKNOWN]):
        return _("Not known yet")
    values = value if isinstance(value, list | tuple) else [value]
    if field.kind == "countries":
        return ", ".join(country_name(str(code)) for code in values)
    if field.names_versions:
        return field.label_of(values, version_names())
    labels = {choice.value: _(choice.label) for choice in field.options}
    return ", ".join(labels.get(str(one), str(one)) for one in values)


def sheet_for_registration(product: Product, wanted: str = "") -> ModelSheet | None:
    """The sheet that a registration page is about: the one asked for, else the newest of the product."""
    sheets = (
        ModelSheet.objects.filter(component__product=product)
        .select_related("version", "version_confirmed_by", "component__product__sheet")
        .order_by("-pk")
    )
    found = list(sheets)
    return next((one for one in found if one.reference == wanted), found[0] if found else None)


def questions_for(person: User, sheet: ModelSheet, questions: Iterable[Question]) -> list[Question]:
    """The questions that this person may answer: all for the owner; for others what they were asked or answer for."""
    product = sheet.component.product
    asked = asked_about(person, product)
    return [
        one
        for one in questions
        if may_edit_field(person, product, one.field.key, sheet=None if one.kind == "product" else sheet, asked=asked)
    ]


def registration_tasks(
    product: Product, sheet: ModelSheet | None, questions: Sequence[Question], person: User
) -> list[dict[str, Any]]:
    """The task list in three parts: the start, the product, the model. A link is there for whoever may follow it."""
    start = [_licensee_task(product), *_model_tasks(product, sheet)]
    if not may_edit_product(person, product):
        start = [{**task, "url": ""} for task in start]
    sections: list[dict[str, Any]] = [{"title": _("Start"), "tasks": start}]
    if sheet is None:
        return sections
    open_to_person = questions_for(person, sheet, questions)
    for kind, title in _SHEETS:
        tasks = [
            {
                "title": _(one.field.question),
                "url": addresses.question_url(sheet, one.kind, one.field.key) if one in open_to_person else "",
                "hint": one.shown,
                "status": one.status,
                "status_label": one.status_label,
            }
            for one in questions
            if one.kind == kind
        ]
        sections.append({"title": _(title), "tasks": tasks})
    return sections


def answers_to_check(sheet: ModelSheet) -> list[dict[str, Any]]:
    """Every answer with a link to change it: sections of rows for a summary list."""
    product = sheet.component.product
    questions = questions_of(sheet)
    sections: list[dict[str, Any]] = [{"title": _("Start"), "rows": _start_rows(product, sheet)}]
    for kind, title in _SHEETS:
        rows = []
        for one in questions:
            if one.kind != kind or not (one.field.required or one.is_answered):
                continue
            open_ = one.is_unknown or not (one.is_answered or one.stands)
            rows.append(
                {
                    "key": _(one.field.question),
                    "value": "" if open_ else one.shown,
                    "missing": open_,
                    "change_url": addresses.question_url(sheet, one.kind, one.field.key),
                }
            )
        sections.append({"title": _(title), "rows": rows})
    return sections


def _licensee_task(product: Product) -> dict[str, Any]:
    row = ProductEntity.objects.filter(product=product, role=EntityRole.LICENSEE).select_related("entity").first()
    return {
        "title": _("Which company uses the model?"),
        "url": addresses.entities_url(product),
        "hint": row.entity.name if row else _("The licensee must be named before you declare."),
        "status": "answered" if row else "not answered",
    }


def _model_tasks(product: Product, sheet: ModelSheet | None) -> list[dict[str, Any]]:
    component = sheet.component if sheet else product.components.first()
    if component is None:
        return []
    model_id = sheet.raw_model_id if sheet else ""
    task = {"title": _("Which model runs?"), "url": addresses.model_url(component), "hint": model_id or component.name}
    if sheet is None or not model_id:
        status = {"status": "unknown", "status_label": _("Not known yet")} if sheet else {"status": "not answered"}
        return [task | status]
    return [
        task | {"status": "answered"},
        {
            "title": _("Which Llama version is it?"),
            "url": addresses.choose_model_url(component, model_id),
            "hint": _version_in_words(sheet) or _("The name is not resolved to a version yet."),
            "status": "answered" if sheet.is_confirmed else "unresolved",
        },
    ]


def _version_in_words(sheet: ModelSheet) -> str:
    """The version's name, with a word where nobody confirmed it yet."""
    if sheet.version is None or sheet.is_confirmed:
        return sheet.version.name if sheet.version else ""
    return _("%(version)s (proposed: confirm it)") % {"version": sheet.version.name}


def _start_rows(product: Product, sheet: ModelSheet) -> list[dict[str, Any]]:
    roles = list(ProductEntity.objects.filter(product=product).select_related("entity").order_by("pk"))
    licensee = next((row.entity.name for row in roles if row.role == EntityRole.LICENSEE), "")
    others = [f"{row.entity.name}: {row.get_role_display()}" for row in roles if row.role != EntityRole.LICENSEE]
    entities_url = addresses.entities_url(product)
    rows: list[dict[str, Any]] = [
        {"key": _("Licensee"), "value": licensee, "missing": not licensee, "change_url": entities_url},
        {
            "key": _("Model"),
            "value": sheet.raw_model_id,
            "missing": not sheet.raw_model_id,
            "change_url": addresses.model_url(sheet.component),
        },
        {
            "key": _("Llama version"),
            "value": _version_in_words(sheet),
            "missing": not sheet.is_confirmed,
            "change_url": addresses.choose_model_url(sheet.component, sheet.raw_model_id),
        },
    ]
    if others:
        rows.append({"key": _("Other companies"), "lines": others, "change_url": entities_url})
    return rows
