"""The duty sheet of a product: for each model that was chosen, what its version asks, from the facts as they stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from deployments import access
from deployments.models import Component, ModelSheet, Product
from deployments.queries.facts import current_facts
from foundation.accounts.access import person_of
from foundation.accounts.company_day import company_day
from licences.duty_sheet import duty_sheet
from licences.facts import Facts
from licences.obligations import Finding, assess_union
from licences.terms import Terms
from licences.terms_now import every_terms


@require_safe
@login_required
def duties(request: HttpRequest, reference: str) -> HttpResponse:
    """Everything that the product's versions ask of it, one sheet for each; on top what they ask together."""
    product = access.get_product_for(person_of(request), reference)
    every = every_terms()
    sheets = _sheets(product, every)
    newest = {sheet["model"].component_id: sheet for sheet in reversed(sheets)}
    parts: list[tuple[Facts, Terms]] = [(one["facts"], one["sheet"].terms) for one in newest.values()]
    together = assess_union(parts, list(every.values())) if parts else []
    shown = [_shown(one) for one in together if one.status != "not_applicable"]
    unresolved = Component.objects.filter(product=product).exclude(model_sheets__version__isnull=False)
    context = {
        "unresolved": list(unresolved.order_by("pk")),
        "unconfirmed": [one["model"] for one in sheets if not one["model"].is_confirmed],
        "product": product,
        "sheets": sheets,
        "together": shown,
        "today": company_day(timezone.now()),
    }
    return render(request, "deployments/duties.html", context)


def _shown(finding: Finding) -> dict[str, Any]:
    """A finding over several versions with the words to copy, and the Notice file that holds all of its lines."""
    words = finding.parameters.get("texts") or finding.parameters.get("lines") or ""
    notice = ""
    if finding.key == "union:notice":
        first, *others = dict.fromkeys(line.split(" ")[0] for line in finding.parameters["cited"].splitlines())
        notice = f"{reverse('licences:notice', args=[first])}?{urlencode([('with', slug) for slug in others])}"
    return {"finding": finding, "words": words.splitlines(), "notice": notice}


def _sheets(product: Product, every: Mapping[str, Terms]) -> list[dict[str, Any]]:
    """Each component's models with a version, newest version first."""
    rows = (
        ModelSheet.objects.filter(component__product=product, version__isnull=False)
        .select_related("version", "component__product__sheet", "version_confirmed_by")
        .order_by("component", "-version__position", "-pk")
    )
    found = []
    for row in rows:
        assert row.version is not None
        facts = current_facts(row)
        sheet = duty_sheet(facts, every[row.version.slug], with_progress=True)
        found.append({"model": row, "version": row.version, "facts": facts, "sheet": sheet})
    return found
