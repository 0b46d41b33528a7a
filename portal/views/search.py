"""Search over products, models, reviews and records that the person may see. Counsel's notes are never searched."""

from __future__ import annotations

from typing import NamedTuple

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from deployments.models import Product
from deployments.queries.products import by_model, by_name
from foundation.accounts.access import person_of
from foundation.audit.references import parse_reference
from reviews.models import Review
from reviews.queries import review_rows, reviews_saying

SHOWN = 20


class Found(NamedTuple):
    """A product that was found, as a line."""

    pk: int
    name: str
    team: str

    @property
    def reference(self) -> str:
        return Product.reference_of(self.pk)


@login_required
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    text = request.GET.get("q", "").replace("\0", "").strip()[:200]
    products = Product.objects.visible_to(person)
    reviews = Review.objects.visible_to(person)
    if (key := parse_reference(text, "PRD")) is not None and products.filter(pk=key).exists():
        return redirect("portal:product", Product(pk=key).reference)
    if (key := parse_reference(text, "REV")) is not None and reviews.filter(pk=key).exists():
        return redirect("reviews:detail", Review(pk=key).reference)
    if not text:
        return render(request, "portal/search.html", {"text": ""})
    products = products.filter(pk__in=by_name(text).union(by_model(text))).order_by("-pk")[:SHOWN]
    reviews = reviews.filter(pk__in=reviews_saying(text)).order_by("-pk")[:SHOWN]
    context = {
        "text": text,
        "products": [Found(*row) for row in products.values_list("pk", "name", "team__name")],
        "reviews": review_rows(reviews),
    }
    return render(request, "portal/search.html", context)
