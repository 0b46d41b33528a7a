"""Set, take back, meet and break conditions."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.accounts.access import person_of
from foundation.accounts.actors import actor_for
from foundation.files.errors import FileError, UploadRefused
from foundation.files.serving import hand_out
from foundation.files.uploads import store_upload
from reviews.access import get_condition_for, get_review_for
from reviews.actions.conditions import add_condition, drop_condition, meet_condition, report_breach
from reviews.errors import ReviewError
from reviews.forms import ConditionForm, MeetConditionForm
from reviews.policies import may_meet_condition
from reviews.views.detail import review_context


@login_required
@require_POST
def add(request: HttpRequest, reference: str) -> HttpResponse:
    review = get_review_for(person_of(request), reference)
    form = ConditionForm(request.POST, review=review)
    if form.is_valid():
        try:
            add_condition(review=review, by=person_of(request), **form.cleaned_data)
        except ReviewError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The condition is set."))
            return redirect(f"{reverse('reviews:detail', args=[reference])}#conditions")
    context = review_context(request, review, condition_form=form) | {"form": form}
    return render(request, "reviews/detail.html", context, status=422)


@login_required
@require_POST
def drop(request: HttpRequest, reference: str, condition_reference: str) -> HttpResponse:
    condition = get_condition_for(person_of(request), condition_reference)
    if condition.review.reference != reference:
        raise Http404(_("This review has no such condition."))
    try:
        drop_condition(condition=condition, by=person_of(request))
    except ReviewError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The condition is taken back."))
    return redirect(f"{reverse('reviews:detail', args=[reference])}#conditions")


@login_required
@require_http_methods(["GET", "POST"])
def condition_page(request: HttpRequest, reference: str) -> HttpResponse:
    """One condition: what it is, and the form that records it as met or broken."""
    condition = get_condition_for(person_of(request), reference)
    form = MeetConditionForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("action") == "broken":
                report_breach(condition=condition, by=person_of(request), note=form.cleaned_data["note"])
            else:
                upload = form.cleaned_data["document"]
                blob = store_upload(upload.name, upload.read()) if upload else None
                meet_condition(
                    condition=condition, by=person_of(request), note=form.cleaned_data["note"], document=blob
                )
        except (ReviewError, UploadRefused) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Recorded. The gate counts it from now."))
            return redirect("reviews:condition", reference)
    context = {"condition": condition, "form": form, "may_meet": may_meet_condition(person_of(request), condition)}
    return render(
        request, "reviews/condition.html", context, status=422 if form.is_bound and not form.is_valid() else 200
    )


@login_required
@require_GET
def condition_document(request: HttpRequest, reference: str) -> HttpResponse:
    """What was uploaded to show that the condition holds."""
    condition = get_condition_for(person_of(request), reference)
    if condition.document is None:
        raise Http404(_("There is no such document."))
    related = [condition.review.reference, condition.review.product.reference]
    actor, name = actor_for(person_of(request)), condition.reference
    try:
        return hand_out(condition.document, name=name, actor=actor, subject=name, related=related)
    except FileError as error:
        messages.error(request, str(error))
        return redirect("reviews:condition", condition.reference)
