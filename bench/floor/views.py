"""The views of the floor: the shortest way to each kind of answer."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST

from bench.floor.models import LogRow, Product


def as_json(request: HttpRequest, key: int) -> HttpResponse:
    """A row by its primary key."""
    product = get_object_or_404(Product, pk=key)
    return JsonResponse({"id": product.pk, "name": product.name, "state": product.state})


def as_list(request: HttpRequest) -> HttpResponse:
    """25 rows with a joined parent, counted for the pages, in a template."""
    rows = Product.objects.select_related("team").order_by("-pk")
    page = Paginator(rows, 25).get_page(request.GET.get("page"))
    return render(request, "list.html", {"page": page})


# As many clauses as an agreement and a policy have together; the page comes to some 70 KB.
CLAUSES = [
    {
        "id": f"{number}.a",
        "heading": "Ponds." if number % 3 else "",
        "words": "The keeper mends the “pond” & counts. " * 22,
    }
    for number in range(1, 71)
]


def as_long_page(request: HttpRequest, key: int) -> HttpResponse:
    """A row, and a page as long as a version with its texts."""
    product = get_object_or_404(Product, pk=key)
    return render(request, "long.html", {"product": product, "clauses": CLAUSES})


my_json = login_required(as_json)
my_list = login_required(as_list)
my_long_page = login_required(as_long_page)


@login_required
@require_POST
def create(request: HttpRequest) -> HttpResponse:
    """A new row and its line in the log."""
    with transaction.atomic():
        product = Product.objects.create(name=request.POST["name"], team_id=request.POST["team"])
        LogRow.objects.create(product=product, person=request.user, said="created")
    return redirect(f"/mine/json/{product.pk}/")


@login_required
@require_POST
def change_state(request: HttpRequest, key: int) -> HttpResponse:
    """A locked row, its new state and the line in the log."""
    with transaction.atomic():
        product = Product.objects.select_for_update().get(pk=key)
        product.state = "retired" if product.state == "active" else "active"
        product.save(update_fields=["state"])
        LogRow.objects.create(product=product, person=request.user, said=product.state)
    return redirect(f"/mine/json/{product.pk}/")


@login_required
def as_pdf(request: HttpRequest, key: int) -> HttpResponse:
    """One page as a PDF."""
    from weasyprint import HTML  # only here, so that its memory is not counted to the other views

    product = get_object_or_404(Product.objects.select_related("team"), pk=key)
    html = render_to_string("page.html", {"product": product})
    return HttpResponse(HTML(string=html).write_pdf(), content_type="application/pdf")
