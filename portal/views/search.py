"""Search over products, models, reviews and records that the person may see. Counsel's notes are never searched."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from deployments.models import Product
from foundation.accounts.access import person_of
from foundation.audit.references import parse_reference
from reviews.models import Review
from reviews.queries import review_rows

SHOWN = 20


@login_required
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    text = request.GET.get("q", "").strip()[:200]
    products = Product.objects.visible_to(person)
    reviews = Review.objects.visible_to(person)
    if (key := parse_reference(text, "PRD")) is not None and products.filter(pk=key).exists():
        return redirect("portal:product", Product(pk=key).reference)
    if (key := parse_reference(text, "REV")) is not None and reviews.filter(pk=key).exists():
        return redirect("reviews:detail", Review(pk=key).reference)
    if text:
        products = products.filter(
            Q(name__icontains=text) | Q(components__model_sheets__raw_model_id__icontains=text)
        ).distinct()
        reviews = reviews.filter(Q(component__product__name__icontains=text) | Q(sheet__raw_model_id__icontains=text))
    context = {
        "text": text,
        "products": products.select_related("team", "owner").order_by("-pk")[:SHOWN] if text else [],
        "reviews": review_rows(reviews.order_by("-pk")[:SHOWN]) if text else [],
    }
    return render(request, "portal/search.html", context)
