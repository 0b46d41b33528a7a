"""The sign page of a step, and what the attribution owner saw."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from deployments.actions.observations import record_attribution_sighting
from deployments.errors import DeploymentError
from foundation.accounts.access import person_of
from foundation.accounts.errors import AccountError
from foundation.accounts.policy import NotAllowed, require
from foundation.accounts.proving import prove_url
from foundation.accounts.queries import open_proof
from foundation.accounts.roles import Role
from reviews.access import get_review_for
from reviews.actions.sign_step import prepare_statement, sign_step
from reviews.errors import ChangedMeanwhile, ReviewError
from reviews.examined import attribution_duties, what_is_missing
from reviews.forms import SightingForm
from reviews.models import Review, Step
from reviews.policies import may_sign
from reviews.queries import review_detail
from reviews.statement import PART_NAMES


@login_required
@require_http_methods(["GET", "POST"])
def sign_page(request: HttpRequest, reference: str, step_key: str) -> HttpResponse:
    """Check your answers, then sign: what is shown is what is sealed."""
    person = person_of(request)
    review = get_review_for(person, reference)
    step = _step_of(review, step_key)
    errors: list[str] = []
    differences: list[str] = []
    status = 200
    if request.method == "POST":
        try:
            sign_step(
                review=review,
                step_key=step_key,
                by=person,
                session_key=request.session.session_key or "",
                password=request.POST.get("password", ""),
                statement_digest=request.POST.get("statement_digest", ""),
                parts_shown=request.POST.get("parts_shown", ""),
            )
        except ChangedMeanwhile as changed:
            errors, differences, status = [str(changed)], changed.differences, 409
        except (ReviewError, AccountError) as error:
            errors, status = [str(error)], 422
        else:
            messages.success(request, _("Signed. Your signature is part of the record."))
            return redirect("reviews:detail", reference)
        review = get_review_for(person, reference)
        step = _step_of(review, step_key)
    else:
        require(may_sign(person, step, review))
    return render(request, "reviews/sign.html", _context(request, review, step, errors, differences), status=status)


def _context(
    request: HttpRequest, review: Review, step: Step, errors: list[str], differences: list[str]
) -> dict[str, Any]:
    person = person_of(request)
    statement = prepare_statement(review=review, step_key=step.key, by=person)
    proof = open_proof(person=person, session_key=request.session.session_key or "", statement_digest=statement.digest)
    return {
        "review": review_detail(review),
        "product": review.product,
        "step": step,
        "statement": statement,
        "errors": errors,
        "differences": differences,
        "missing": what_is_missing(review),
        "duties": attribution_duties(review),
        "covers": [{"key": _(PART_NAMES[part]), "value": value[:16] + "…"} for part, value in statement.parts.items()],
        "role_label": Role(step.role).label,
        "proof": proof.get_method_display() if proof else "",
        "reauthenticate_url": prove_url(statement_digest=statement.digest, next=request.get_full_path()),
        "sighting_form": SightingForm(initial={"observed_on": timezone.localdate()}),
    }


def _step_of(review: Review, step_key: str) -> Step:
    step = Step.objects.filter(review=review, round=review.round, key=step_key).first()
    if step is None:
        raise Http404(_("The plan of this review has no such step."))
    return step


@login_required
@require_POST
def record_sighting(request: HttpRequest, reference: str) -> HttpResponse:
    """Record where and when somebody saw the attribution; it is dated, and outside every digest but the duty's own."""
    review = get_review_for(person_of(request), reference)
    form = SightingForm(request.POST)
    back = request.POST.get("back") or ""
    target = (
        reverse("reviews:sign", args=[reference, "attribution_owner"])
        if back == "sign"
        else reverse("reviews:detail", args=[reference])
    )
    if not form.is_valid():
        messages.error(request, _("Say which words you saw, where, and on which day."))
        return redirect(target)
    try:
        record_attribution_sighting(component=review.component, seen=True, by=person_of(request), **form.cleaned_data)
    except (DeploymentError, NotAllowed) as error:
        if isinstance(error, NotAllowed):
            raise
        messages.error(request, str(error))
    else:
        messages.success(request, _("Your sighting is recorded."))
    return redirect(target)
