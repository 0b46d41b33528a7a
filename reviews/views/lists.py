"""The queue, every review, and the conditions that are due."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from foundation.accounts.access import person_of
from licences.queries import version_choices
from reviews.models import Review
from reviews.queries import PAGE_SIZE, ReviewFilters, open_conditions_for, review_list, review_rows
from reviews.states import State


@login_required
@require_GET
def review_list_page(request: HttpRequest) -> HttpResponse:
    filters = ReviewFilters.from_query(request.GET)
    page = Paginator(review_list(person_of(request), filters), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "page": page,
        "rows": review_rows(cast("QuerySet[Review]", page.object_list)),
        "states": tuple(State.choices),
        "versions": version_choices(),
    }
    return render(request, "reviews/list.html", context)


@login_required
@require_GET
def condition_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(open_conditions_for(person_of(request)), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "reviews/conditions.html", {"page": page})
