"""Parts of the review page as HTML: declared facts, findings, and forms that nobody has filled in yet, are kept.

Fields are kept without the texts that stand in them, which are put in afterwards: so one drawing serves all reviews. A
form that was refused holds what somebody typed; it is drawn anew and never kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.forms import BaseForm, Form, ModelChoiceField
from django.template.defaultfilters import linebreaksbr
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from deployments.models import Declaration
from licences.kept_html import KEPT
from licences.obligations import place_of
from reviews.condition_owners import people_to_choose
from reviews.fact_words import facts_in_words
from reviews.forms import CheckForm, ConditionForm, ScopeForm
from reviews.models import Review
from reviews.reading import CheckLine, DeploymentLine, environments_to_choose

FORM = "reviews/_form.html"
FIELD = "reviews/_field.html"
_STAND_IN = re.compile(r"stands-in-for-(\d+)")


def facts_html(declaration: Declaration) -> SafeString:
    """Every declared fact with its question. Written without a template: each declaration is drawn anew once.

    The name of a version changes only with the catalogue of another release, which is another process.
    """

    def draw() -> SafeString:
        facts = ((fact.question, linebreaksbr(fact.answer)) for fact in facts_in_words(declaration))
        return format_html(
            '<dl class="deflist">{}</dl>', format_html_join("", "<div><dt>{}</dt><dd>{}</dd></div>", facts)
        )

    return KEPT.keep("declared facts", declaration.digest, draw=draw)


def findings_html(review: Review, findings: list[dict[str, Any]], number: int) -> SafeString:
    """The findings that one check is about; those that do not apply are folded away."""

    def context() -> dict[str, Any]:
        about = most_pressing_first(finding for finding in findings if finding["check"] == number)
        return {
            "findings": [finding for finding in about if finding["status"] != "not_applicable"],
            "idle_findings": [finding for finding in about if finding["status"] == "not_applicable"],
            "version": review.version.slug,
        }

    drawn = KEPT.draw("reviews/_findings.html", review.findings_digest, review.version.slug, number, context=context)
    # The same findings serve many reviews; their clauses stand beside the checks of this one.
    page = reverse("reviews:detail", args=[review.reference])
    return mark_safe(drawn.replace('href="?doc=', f'href="{page}?doc='))  # noqa: S308 - escaped texts hold no such quote


def most_pressing_first(findings: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Findings as people read them. The document keeps its own order, which its digest covers."""
    return sorted(findings, key=lambda finding: place_of(finding["status"]))


def check_fields(number: int, row: CheckLine, refused: BaseForm | None) -> dict[str, SafeString]:
    """The fields of an answer by name, with the answer that is there."""
    if refused is not None:
        return {name: render_to_string(FIELD, {"field": refused[name]}) for name in refused.fields}
    prefix = f"check{number}"
    texts = {"reasoning": row.reasoning, "reading": row.reading or "", "residual_risk": row.residual_risk or ""}

    def field(name: str, value: str) -> SafeString:
        return _kept_field(
            prefix, name, value, make=lambda: CheckForm(prefix=prefix, initial={name: value} if value else {})
        )

    return {"answer": field("answer", row.answer)} | {
        name: _filled(field(name, _stand_in(0)), text) for name, text in texts.items()
    }


def scope_form_html(review: Review, chosen: list[DeploymentLine], refused: BaseForm | None) -> SafeString:
    """The scope, with what it is now."""
    if refused is not None:
        return render_to_string(FORM, {"form": refused})
    values = {
        "use": _stand_in(0),
        "countries": review.scope_countries,
        "valid_from": review.valid_from,
        "valid_until": review.valid_until,
    }

    def field(name: str, value: object) -> SafeString:
        return _kept_field(ScopeForm.word, name, value, make=lambda: ScopeForm(review=review, initial={name: value}))

    fields = {name: field(name, value) for name, value in values.items()}
    return mark_safe(  # noqa: S308 - each was drawn by a template
        _environments(review, chosen) + _filled(fields.pop("use"), review.scope_use) + "".join(fields.values())
    )


def _environments(review: Review, chosen: list[DeploymentLine]) -> SafeString:
    """The environments of the product, the chosen ones ticked: kept by their number and which are ticked."""
    environments = environments_to_choose(review)
    keys = {deployment.pk for deployment in chosen}
    offered = [(_stand_in(2 * n), _stand_in(2 * n + 1)) for n in range(len(environments))]
    ticked = [stand_in for (stand_in, _name), (key, _) in zip(offered, environments, strict=True) if key in keys]
    drawn = _kept_field(
        ScopeForm.word,
        "deployments",
        (offered, ticked),
        make=lambda: _offering(ScopeForm(review=review, initial={"deployments": ticked}), "deployments", offered),
    )
    return _filled(drawn, *(str(value) for environment in environments for value in environment))


def condition_form_html(review: Review, refused: BaseForm | None) -> SafeString:
    """A new condition."""
    if refused is not None:
        return render_to_string(FORM, {"form": refused})
    people = people_to_choose(review)
    return KEPT.draw(
        FORM,
        ConditionForm.word,
        people,
        context=lambda: {"form": _offering(ConditionForm(review=review), "owner", [("", "---------"), *people])},
    )


def plain_form_html(form: type[Form], refused: BaseForm | None) -> SafeString:
    """A form that is the same for everybody until somebody fills it in."""
    if refused is not None:
        return render_to_string(FORM, {"form": refused})
    return KEPT.draw(FORM, form.__name__, context=lambda: {"form": form()})


def _kept_field(kind: str, name: str, value: object, *, make: Callable[[], Form]) -> SafeString:
    """A field of a form, kept by what it shows."""
    return KEPT.draw(FIELD, kind, name, value, context=lambda: {"field": make()[name]})


def _stand_in(number: int) -> str:
    return f"stands-in-for-{number}"


def _filled(drawn: str, *texts: str) -> SafeString:
    """What was drawn, with the texts, escaped, where something stands in for them."""
    return mark_safe(_STAND_IN.sub(lambda found: escape(texts[int(found[1])]), drawn))  # noqa: S308


def _offering(form: Form, name: str, choices: list[Any]) -> Form:
    """The form with exactly these choices: those of the key, and not others that were written since."""
    field = form.fields[name]
    assert isinstance(field, ModelChoiceField)
    field.choices = choices
    return form
