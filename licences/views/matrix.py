"""All versions against each other, one row for each duty and each item of the policy."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from licences.matrix import obligation_rows, policy_rows
from licences.terms_now import every_terms


@require_safe
@login_required
def matrix(request: HttpRequest) -> HttpResponse:
    """The whole base on one page, for reading across and for printing."""
    changed_only = request.GET.get("show") == "changed"
    every = list(every_terms().values())
    duties, items = obligation_rows(every), policy_rows(every)
    context = {
        "versions": every,
        "changed_only": changed_only,
        "duties": [row for row in duties if row.changes or row.is_behind or not changed_only],
        "items": [row for row in items if row.changes or row.is_behind or not changed_only],
    }
    return render(request, "licences/matrix.html", context)
