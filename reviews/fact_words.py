"""Declared facts as a person reads them: questions with their answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from deployments.models import Declaration
from licences.facts import fields_of
from licences.facts_fields import Field
from licences.facts_places import country_name
from licences.queries import version_names


@dataclass(frozen=True)
class FactInWords:
    question: str
    answer: str
    sheet: str


def facts_in_words(declaration: Declaration) -> list[FactInWords]:
    """Every answer of both sheets as declared, in the order of the questions."""
    document = json.loads(declaration.document)
    names = version_names()
    rows = []
    for sheet in ("product", "model"):
        answers = document[f"{sheet}_answers"]
        for field in fields_of(sheet):
            if field.key in answers and field.kind != "record":
                rows.append(FactInWords(_(field.question), _answer(field, answers[field.key], names), sheet))
    return rows


def _answer(field: Field, value: object, versions: Mapping[str, str]) -> str:
    if field.kind == "countries" and isinstance(value, list):
        return ", ".join(country_name(str(code)) for code in value)
    return field.label_of(value, versions)
