"""The queue, every review, and the conditions that are due."""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from foundation.accounts.access import person_of
from licences.queries import version_choices
from reviews.models import Review
from reviews.queries import (
    DECIDED,
    EVERY,
    OPEN,
    PAGE_SIZE,
    ReviewFilters,
    open_conditions_for,
    review_list,
    review_rows,
)
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
        "views": _views(request.GET, filters),
        "versions": version_choices(),
    }
    return render(request, "reviews/list.html", context)


def _views(query: QueryDict, filters: ReviewFilters) -> list[dict[str, Any]]:
    """Open, decided and all reviews, each with the other filters as they are."""
    found = []
    for value, label in ((OPEN, _("Open")), (DECIDED, _("Decided")), (EVERY, _("All"))):
        address = query.copy()
        address.pop("page", None)
        address["state"] = value
        current = filters.state == ("" if value == EVERY else value)
        found.append({"url": f"?{address.urlencode()}", "label": label, "current": current})
    return found


@login_required
@require_GET
def condition_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(open_conditions_for(person_of(request)), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "reviews/conditions.html", {"page": page})
