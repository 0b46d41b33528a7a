"""What changes of the licence base touch: each run with its progress, and every model that it looked at."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from deployments.models import Product
from foundation.accounts.access import person_of
from licences.behind_words import WhatIsBehind, what_is_behind
from licences.models import LlamaVersion
from licences.queries import terms_for
from licences.terms_now import beside_current
from reviews.models import ImpactLine, ImpactOutcome, ImpactRun
from reviews.queries import PAGE_SIZE


@login_required
@require_GET
def impact_list(request: HttpRequest) -> HttpResponse:
    """Every run, newest first."""
    rows = (
        ImpactRun.objects.select_related("version", "text")
        .annotate(looked=Count("lines"))
        .order_by("-started_at", "-pk")
    )
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "reviews/impact_list.html", {"page": page})


@login_required
@require_GET
def impact_page(request: HttpRequest, key: int) -> HttpResponse:
    """One run: how far it is, and the models of the products that the person may see."""
    counts = {outcome.value: Count("lines", filter=Q(lines__outcome=outcome)) for outcome in ImpactOutcome}
    run = (
        ImpactRun.objects.select_related("version", "text", "replaced")
        .annotate(looked=Count("lines"), **counts)
        .filter(pk=key)
        .first()
    )
    if run is None:
        raise Http404
    visible = Product.objects.visible_to(person_of(request)).order_by().values("pk")
    lines = (
        ImpactLine.objects.filter(run=run, sheet__component__product__in=visible)
        .select_related("sheet__component__product__owner", "approval", "review")
        .defer("approval__facts", "sheet__answers")
        .order_by("-pk")
    )
    page = Paginator(lines, PAGE_SIZE).get_page(request.GET.get("page"))
    before = None
    if run.is_of_version:
        before = LlamaVersion.objects.filter(position__lt=run.version.position).order_by("-position").first()
    context = {"run": run, "page": page, "before": before, "behind": _terms_behind(run)}
    return render(request, "reviews/impact.html", context)


def _terms_behind(run: ImpactRun) -> WhatIsBehind | None:
    """Which terms of the version were not written for the accepted text; None where they were, or are corrected."""
    if run.text is None:
        return None
    terms = beside_current(terms_for(run.version), [run.text])
    return what_is_behind(terms)
