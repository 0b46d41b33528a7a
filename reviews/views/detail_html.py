"""Parts of the review page as HTML: declared facts, findings, and forms that nobody has filled in yet, are kept.

A form that was refused holds what somebody typed, so it is drawn anew and never kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from django.forms import BaseForm, Form, ModelChoiceField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from deployments.models import Declaration
from reviews.fact_words import facts_in_words
from reviews.forms import CheckForm, ConditionForm, ScopeForm
from reviews.kept_html import KEPT
from reviews.models import Review
from reviews.reading import CheckLine, DeploymentLine, environments_to_choose, people_to_choose


def facts_html(declaration: Declaration) -> SafeString:
    """Every declared fact with its question."""
    return KEPT.draw(
        "reviews/_facts_list.html", declaration.digest, context=lambda: {"facts": facts_in_words(declaration)}
    )


def findings_html(review: Review, findings: list[dict[str, Any]], number: int) -> SafeString:
    """The findings that one check is about; those that do not apply are folded away."""

    def context() -> dict[str, Any]:
        about = [finding for finding in findings if finding["check"] == number]
        return {
            "findings": [finding for finding in about if finding["status"] != "not_applicable"],
            "idle_findings": [finding for finding in about if finding["status"] == "not_applicable"],
            "version": review.version.slug,
        }

    return KEPT.draw("reviews/_findings.html", review.findings_digest, review.version.slug, number, context=context)


def check_fields(number: int, row: CheckLine, refused: BaseForm | None) -> dict[str, SafeString]:
    """The fields of an answer by name, with the answer that is there."""
    if refused is not None:
        return {name: _field(refused, name) for name in refused.fields}
    initial = {
        "answer": row.answer,
        "reasoning": row.reasoning,
        "reading": row.reading or "",
        "residual_risk": row.residual_risk or "",
    }
    prefix = f"check{number}"
    return _kept_fields(prefix, initial, lambda: CheckForm(prefix=prefix, initial=initial))


def scope_form_html(review: Review, chosen: list[DeploymentLine], refused: BaseForm | None) -> SafeString:
    """The scope, with what it is now."""
    if refused is not None:
        return _form(refused)
    environments = environments_to_choose(review)
    initial = {
        "deployments": [deployment.pk for deployment in chosen],
        "use": review.scope_use,
        "countries": review.scope_countries,
        "valid_from": review.valid_from,
        "valid_until": review.valid_until,
    }
    shown = initial | {"deployments": (environments, initial["deployments"])}
    return _joined(
        _kept_fields(
            ScopeForm.word,
            shown,
            lambda: _offering(ScopeForm(review=review, initial=initial), "deployments", environments),
        )
    )


def condition_form_html(refused: BaseForm | None) -> SafeString:
    """A new condition."""
    if refused is not None:
        return _form(refused)
    people = people_to_choose()
    shown = dict.fromkeys(ConditionForm.base_fields) | {"owner": people}
    return _joined(
        _kept_fields(
            ConditionForm.word, shown, lambda: _offering(ConditionForm(), "owner", [("", "---------"), *people])
        )
    )


def plain_form_html(form: type[Form], refused: BaseForm | None) -> SafeString:
    """A form that is the same for everybody until somebody fills it in."""
    if refused is not None:
        return _form(refused)
    return _joined(_kept_fields(form.__name__, dict.fromkeys(form.base_fields), form))


def _kept_fields(kind: str, shown: Mapping[str, Any], make: Callable[[], Form]) -> dict[str, SafeString]:
    """Each field of a form by name, kept by all that it shows: its value, and its choices where these are rows."""
    form = cache(make)

    def draw(name: str, value: object) -> SafeString:
        return KEPT.draw("reviews/_field.html", kind, name, value, context=lambda: {"field": form()[name]})

    return {name: draw(name, value) for name, value in shown.items()}


def _offering(form: Form, name: str, choices: list[Any]) -> Form:
    """The form with exactly these choices: those of the key, and not others that were written since."""
    field = form.fields[name]
    assert isinstance(field, ModelChoiceField)
    field.choices = choices
    return form


def _joined(fields: Mapping[str, SafeString]) -> SafeString:
    return mark_safe("".join(fields.values()))  # noqa: S308 - each was drawn by a template


def _field(form: BaseForm, name: str) -> SafeString:
    return render_to_string("reviews/_field.html", {"field": form[name]})


def _form(form: BaseForm) -> SafeString:
    return render_to_string("reviews/_form.html", {"form": form})
