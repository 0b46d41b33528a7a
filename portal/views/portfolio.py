"""The portfolio: which model version each product runs, and whether that exact version is approved."""

from __future__ import annotations

import csv

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from deployments.models import Deployment, Product, ProductState, Rollout
from foundation.accounts.access import person_of
from foundation.files.spreadsheet import plain_cell
from licences.models import LlamaVersion
from portal.portfolio_rows import portfolio_rows
from reviews.models import Review

PAGE_SIZE = 25
CSV_LIMIT = 5000


def filtered(request: HttpRequest) -> QuerySet[Product]:
    """The products of the portfolio, narrowed by the address."""
    rows = (
        Product.objects.visible_to(person_of(request)).exclude(state=ProductState.DRAFT).select_related("owner", "team")
    )
    if version := request.GET.get("version"):
        rows = rows.filter(
            pk__in=Rollout.objects.filter(version__slug=version, superseded_by=None).values("component__product")
        )
    if text := request.GET.get("q", "").strip():
        rows = rows.filter(Q(name__icontains=text) | Q(owner__name__icontains=text))
    return rows.order_by("-pk")


@login_required
@require_GET
def portfolio(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    if request.GET.get("format") == "csv":
        return _csv(filtered(request)[:CSV_LIMIT])
    page = Paginator(filtered(request), PAGE_SIZE).get_page(request.GET.get("page"))
    visible = Product.objects.visible_to(person_of(request))
    context = {
        "page": page,
        "rows": portfolio_rows(page.object_list, now),
        "versions": LlamaVersion.objects.all(),
        "filter_version": request.GET.get("version", ""),
        "filter_text": request.GET.get("q", ""),
        "tiles": {
            "products": visible.exclude(state=ProductState.RETIRED).count(),
            "deployments": Deployment.objects.filter(product__in=visible, is_production=True).count(),
            "open": Review.objects.visible_to(person_of(request)).open().count(),
            "unapproved": unapproved_count(visible),
        },
    }
    return render(request, "portal/portfolio.html", context)


def unapproved_count(products: QuerySet[Product]) -> int:
    """Rollouts in production that went out without an approval and were not corrected since."""
    found = Rollout.objects.filter(
        component__product__in=products, approval=None, running=True, superseded_by=None, deployment__is_production=True
    ).aggregate(n=Count("pk"))
    return int(found["n"])


def _csv(products: QuerySet[Product]) -> HttpResponse:
    """Exactly the filtered products, one line per component and environment."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="portfolio.csv"'
    writer = csv.writer(response)
    writer.writerow(
        [
            "product",
            "name",
            "team",
            "owner",
            "environment",
            "production",
            "component",
            "version",
            "model",
            "standing",
            "review",
        ]
    )
    for row in portfolio_rows(products, timezone.now()):
        head = [row.product.reference, row.product.name, row.product.team.name, row.product.owner.name]
        for cell in row.cells:
            place = [cell.deployment.name, "yes" if cell.deployment.is_production else "no"]
            for one in cell.running:
                line = [*head, *place, one.component, one.version, one.model, one.word, one.review]
                writer.writerow([plain_cell(value) for value in line])
            if not cell.running:
                writer.writerow([plain_cell(value) for value in [*head, *place, "", "", "", "", ""]])
    return response
