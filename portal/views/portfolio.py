"""The portfolio: which model version each product runs, and whether that exact version is approved."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from deployments.models import Deployment, Product, ProductState, Rollout
from deployments.queries.products import by_name, by_owner
from foundation.accounts.access import person_of
from foundation.accounts.models import User
from foundation.accounts.queries import sees_whole_company
from foundation.files.spreadsheet import plain_cell
from foundation.reads import Read
from licences.queries import version_choices
from portal.portfolio_rows import portfolio_rows
from reviews.models import Review

PAGE_SIZE = 25
CSV_LIMIT = 5000


# A product that is being registered is nothing to show here, unless it runs: then it runs without approval.
_RAN = Exists(Rollout.objects.filter(component__product=OuterRef("pk")))


def filtered(request: HttpRequest) -> QuerySet[Product]:
    """The products of the portfolio, narrowed by the address."""
    rows = Product.objects.visible_to(person_of(request)).filter(~Q(state=ProductState.DRAFT) | _RAN)
    if version := request.GET.get("version", "").replace("\0", ""):
        rows = rows.filter(
            pk__in=Rollout.objects.filter(version__slug=version, superseded_by=None).values("component__product")
        )
    if text := request.GET.get("q", "").replace("\0", "").strip():
        rows = rows.filter(pk__in=by_name(text).union(by_owner(text)))
    return rows.order_by("-pk")


@login_required
@require_GET
def portfolio(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    keys = filtered(request).values_list("pk", flat=True)
    if request.GET.get("format") == "csv":
        return _csv(keys[:CSV_LIMIT])
    tiles = tiles_of(person_of(request))
    pages = Paginator(keys, PAGE_SIZE)
    if not request.GET.get("version") and not request.GET.get("q"):
        pages.count = tiles.listed  # counted already
    page = pages.get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": portfolio_rows(page.object_list, now),
        "versions": version_choices(),
        "filter_version": request.GET.get("version", ""),
        "filter_text": request.GET.get("q", ""),
        "tiles": tiles,
    }
    return render(request, "portal/portfolio.html", context)


class Tiles(NamedTuple):
    """The figures at the top, of everything that the person may see."""

    products: int
    deployments: int  # in production
    open: int  # reviews
    unapproved: int  # rollouts in production that went out without an approval and were not corrected since
    listed: int  # products that the list below shows when nothing narrows it


def tiles_of(person: User) -> Tiles:
    """One query."""
    n = dict(_OF_THE_COMPANY() if sees_whole_company(person) else _counts(Product.objects.visible_to(person)))
    return Tiles(
        products=n["products"] - n["retired"],
        deployments=n["deployments"],
        open=n["open"],
        unapproved=n["unapproved"],
        listed=n["products"] - n["drafts"],
    )


def _counts(mine: QuerySet[Product] | None) -> QuerySet[Any, Any]:
    """What the tiles are made of. `mine` is None for who sees every product: to look each one up takes long."""

    def within(path: str) -> Q:
        return Q() if mine is None else Q(**{f"{path}__in": mine})

    def count(name: str, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        named: QuerySet[Any, Any] = rows.order_by().annotate(of=Value(name)).values("of")
        counted: QuerySet[Any, Any] = named.annotate(n=Count("*"))  # "*": an index alone answers that
        return counted.values_list("of", "n")

    products = Product.objects.filter(within("pk"))
    out = Rollout.objects.filter(approval=None, running=True, superseded_by=None, deployment__is_production=True)
    return count("products", products).union(
        # The few that a tile leaves out are found sooner than the many that it shows.
        count("drafts", products.filter(~_RAN, state=ProductState.DRAFT)),
        count("retired", products.filter(state=ProductState.RETIRED)),
        count("deployments", Deployment.objects.filter(within("product"), is_production=True)),
        count("open", Review.objects.filter(within("component__product")).open()),
        count("unapproved", out.filter(within("component__product"))),
        all=True,
    )


_OF_THE_COMPANY = Read(lambda of, n: (of, n), lambda: _counts(None))


def _csv(products: Iterable[int]) -> HttpResponse:
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
        head = [row.product.reference, row.product.name, row.product.team, row.product.owner]
        for cell in row.cells:
            place = [cell.deployment.name, "yes" if cell.deployment.is_production else "no"]
            for one in cell.running:
                line = [*head, *place, one.component, one.version, one.model, one.word, one.review]
                writer.writerow([plain_cell(value) for value in line])
            if not cell.running:
                writer.writerow([plain_cell(value) for value in [*head, *place, "", "", "", "", ""]])
    return response
