"""Set the scope."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from foundation.accounts.access import person_of
from reviews.access import get_review_for
from reviews.actions.scope import set_scope
from reviews.errors import ReviewError
from reviews.forms import ScopeForm
from reviews.views.detail import review_context


@login_required
@require_POST
def set_scope_view(request: HttpRequest, reference: str) -> HttpResponse:
    review = get_review_for(person_of(request), reference)
    form = ScopeForm(request.POST, review=review)
    if form.is_valid():
        try:
            set_scope(review=review, by=person_of(request), **form.cleaned_data)
        except ReviewError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The scope is saved."))
            return redirect(f"{reverse('reviews:detail', args=[reference])}#scope")
    context = review_context(request, review, scope_form=form) | {"form": form}
    return render(request, "reviews/detail.html", context, status=422)
