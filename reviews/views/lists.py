"""The queue, every review, and the conditions that are due."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from foundation.accounts.access import person_of
from licences.models import LlamaVersion
from reviews.queries import PAGE_SIZE, ReviewFilters, open_conditions_for, review_list
from reviews.states import State


@login_required
@require_GET
def review_list_page(request: HttpRequest) -> HttpResponse:
    filters = ReviewFilters.from_query(request.GET)
    page = Paginator(review_list(person_of(request), filters), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "page": page,
        "states": State.choices,
        "versions": LlamaVersion.objects.all(),
    }
    return render(request, "reviews/list.html", context)


@login_required
@require_GET
def condition_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(open_conditions_for(person_of(request)), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "reviews/conditions.html", {"page": page})
