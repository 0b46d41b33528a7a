"""Ask the base: a search over everything that the licences say, and that we say of them."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from licences.search.found import LONGEST_QUESTION, ask


@require_safe
@login_required
def ask_the_base(request: HttpRequest) -> HttpResponse:
    """Clauses, duties and policy items that hold the words, with the versions that have them."""
    question = request.GET.get("q", "").strip()[:LONGEST_QUESTION]
    return render(request, "licences/ask.html", {"question": question, "answer": ask(question) if question else None})
