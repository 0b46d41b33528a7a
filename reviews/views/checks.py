"""Answer a check."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from foundation.accounts.access import person_of
from reviews.access import get_review_for
from reviews.actions.answer_check import answer_check
from reviews.errors import ReviewError
from reviews.examined import findings_of
from reviews.forms import CheckForm
from reviews.views.detail import review_context


@login_required
@require_POST
def answer(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    review = get_review_for(person_of(request), reference)
    form = CheckForm(request.POST, prefix=f"check{number}")
    if form.is_valid():
        cleaned = form.cleaned_data
        cited = {
            clause for finding in findings_of(review) if finding["check"] == number for clause in finding["clauses"]
        }
        try:
            answer_check(
                review=review,
                number=number,
                answer=cleaned["answer"],
                reasoning=cleaned["reasoning"],
                reading=cleaned["reading"],
                residual_risk=cleaned["residual_risk"],
                clauses=sorted(cited),
                by=person_of(request),
            )
        except ReviewError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Check %(number)s is saved.") % {"number": number})
            return redirect(_next_open(reference, number))
    forms: dict[str, Any] = {f"check_form_{number}": form}
    context = review_context(request, review, **forms) | {"form": form}
    return render(request, "reviews/detail.html", context, status=422)


def _next_open(reference: str, number: int) -> str:
    """Back to the page, at the next check."""
    base = reverse("reviews:detail", args=[reference])
    return f"{base}#sign-off" if number == 5 else f"{base}?check={number + 1}#check-{number + 1}"
