"""The duty sheet of a product: for each model that was chosen, what its version asks, from the facts as they stand."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from deployments import access
from deployments.models import ModelSheet, Product
from deployments.queries.facts import current_facts
from foundation.accounts.access import person_of
from licences.duty_sheet import duty_sheet
from licences.facts import Facts
from licences.obligations import assess_union
from licences.queries import terms_for, versions
from licences.terms import Terms


@require_safe
@login_required
def duties(request: HttpRequest, reference: str) -> HttpResponse:
    """Everything that the product's versions ask of it, one sheet for each; on top what they ask together."""
    product = access.get_product_for(person_of(request), reference)
    sheets = _sheets(product)
    newest = {sheet["model"].component_id: sheet for sheet in reversed(sheets)}
    parts: list[tuple[Facts, Terms]] = [(one["facts"], one["sheet"].terms) for one in newest.values()]
    together = assess_union(parts, [terms_for(version) for version in versions()]) if parts else []
    return render(request, "deployments/duties.html", {"product": product, "sheets": sheets, "together": together})


def _sheets(product: Product) -> list[dict[str, Any]]:
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
        sheet = duty_sheet(facts, terms_for(row.version), with_progress=True)
        found.append({"model": row, "version": row.version, "facts": facts, "sheet": sheet})
    return found
