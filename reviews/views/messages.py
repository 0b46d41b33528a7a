"""Messages on a review, and counsel's notes."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from foundation.accounts.access import person_of
from foundation.accounts.policy import require
from reviews.access import get_review_for
from reviews.actions.messages import write_counsel_note, write_message
from reviews.errors import ReviewError
from reviews.forms import CounselNoteForm, MessageForm
from reviews.policies import may_see_counsel_notes, may_write
from reviews.views.detail import review_context


@login_required
@require_POST
def write(request: HttpRequest, reference: str) -> HttpResponse:
    review = get_review_for(person_of(request), reference)
    require(may_write(person_of(request), review))
    form = MessageForm(request.POST)
    if form.is_valid():
        try:
            write_message(review=review, by=person_of(request), **form.cleaned_data)
        except ReviewError as error:
            form.add_error("text", str(error))
        else:
            messages.success(request, _("Your message is on the review."))
            return redirect(f"{reverse('reviews:detail', args=[reference])}#activity")
    return render(
        request, "reviews/detail.html", review_context(request, review, message_form=form) | {"form": form}, status=422
    )


@login_required
@require_POST
def write_note(request: HttpRequest, reference: str) -> HttpResponse:
    review = get_review_for(person_of(request), reference)
    require(may_see_counsel_notes(person_of(request), review))
    form = CounselNoteForm(request.POST)
    if form.is_valid():
        write_counsel_note(review=review, by=person_of(request), text=form.cleaned_data["text"])
        messages.success(request, _("The note is kept for legal roles only."))
        return redirect(f"{reverse('reviews:detail', args=[reference])}#counsel")
    return render(
        request,
        "reviews/detail.html",
        review_context(request, review, counsel_note_form=form) | {"form": form},
        status=422,
    )
