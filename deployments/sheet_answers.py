"""A model sheet's answers as the rules read them: the draft, with what its own columns hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deployments.models import ModelSheet
from licences.facts import listed
from licences.facts_fields import UNKNOWN
from licences.queries import terms_for

# Held in columns of the sheet, because choosing a version is an act of its own that opens a review.
COLUMN_KEYS = frozenset({"model_id", "version", "version_rule", "version_confirmed_by"})


def model_answers(sheet: ModelSheet) -> dict[str, Any]:
    """The answers of licences.facts.MODEL_FIELDS. Who confirmed the version stands as a reference, never as a name.

    A version that nobody confirmed is no answer. What the catalogue lists of the model counts until somebody answers
    otherwise; pages say that it is proposed.
    """
    rule = sheet.proposal.get("rule") if isinstance(sheet.proposal, Mapping) else None
    confirmed_by = sheet.version_confirmed_by.reference if sheet.version_confirmed_by else ""
    columns = {
        "model_id": sheet.raw_model_id or UNKNOWN,
        "version": sheet.version.slug if sheet.version and sheet.is_confirmed else UNKNOWN,
        "version_rule": str(rule or ""),
        "version_confirmed_by": confirmed_by,
    }
    answers = {**sheet.answers, **{key: value for key, value in columns.items() if value}}
    return {**answers, **listed(answers, terms_for(sheet.version))} if sheet.version else answers
