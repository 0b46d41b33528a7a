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
from deployments.views.say_recorded import say_recorded
from foundation.accounts.access import person_of
from foundation.accounts.company_day import company_day
from foundation.accounts.errors import AccountError
from foundation.accounts.models import User
from foundation.accounts.policy import NotAllowed, require
from foundation.accounts.proving import prove_url
from foundation.accounts.queries import open_proof
from foundation.accounts.roles import Role
from licences.facts_places import country_name
from reviews.access import get_review_for, key_of_visible
from reviews.actions.sign_step import sign_step, statement_of
from reviews.errors import ChangedMeanwhile, ReviewError
from reviews.examined import digests_of_parts, read_parts, what_is_missing
from reviews.forms import SightingForm
from reviews.models import Review
from reviews.policies import may_sign, read_known
from reviews.reading import StepLine, has_step
from reviews.statement import PART_NAMES
from reviews.views.detail_html import facts_html, most_pressing_first


@login_required
@require_http_methods(["GET", "POST"])
def sign_page(request: HttpRequest, reference: str, step_key: str) -> HttpResponse:
    """Check your answers, then sign: what is shown is what is sealed."""
    person = person_of(request)
    errors: list[str] = []
    differences: list[str] = []
    status = 200
    if request.method == "POST":
        try:
            sign_step(
                review=_with_step(person, reference, step_key),
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
    known = read_known(person, review)
    step = next((one for one in known.steps if one.key == step_key), None)
    if step is None:
        raise _no_such_step()
    if request.method == "GET":
        require(may_sign(person, step, review, known))
    return render(request, "reviews/sign.html", _context(request, review, step, errors, differences), status=status)


def _with_step(person: User, reference: str, step_key: str) -> Review:
    """The review, as little of it as signing needs: that locks it and reads it anew."""
    key = key_of_visible(person, reference)
    if key is None or not has_step(key, step_key):
        get_review_for(person, reference)  # says that there is no such review, where that is so
        raise _no_such_step()
    return Review(pk=key)


def _no_such_step() -> Http404:
    return Http404(_("The plan of this review has no such step."))


def _context(
    request: HttpRequest, review: Review, step: StepLine, errors: list[str], differences: list[str]
) -> dict[str, Any]:
    person = person_of(request)
    parts = read_parts(review)
    statement = statement_of(review=review, step=step, by=person, digests=digests_of_parts(parts))
    proof = open_proof(person=person, session_key=request.session.session_key or "", statement_digest=statement.digest)
    return {
        "review": review,
        "product": review.product,
        "parts": parts,
        "entities": sorted(parts.entities, key=lambda entity: entity.name),
        "step": step,
        "statement": statement,
        "errors": errors,
        "differences": differences,
        "countries": ", ".join(country_name(code) for code in sorted(review.scope_countries)),
        "facts_html": facts_html(review.declaration) if review.declaration else "",
        "finding_lines": most_pressing_first(parts.findings),
        "unseen": any(not duty.seen for duty in parts.duties),
        "missing": what_is_missing(parts),
        "covers": [{"key": _(PART_NAMES[part]), "value": value[:16] + "…"} for part, value in statement.parts.items()],
        "role_label": Role(step.role).label,
        "proof": proof.get_method_display() if proof else "",
        "reauthenticate_url": prove_url(statement_digest=statement.digest, next=request.get_full_path()),
        "sighting_form": SightingForm(initial={"observed_on": company_day(timezone.now())}),
    }


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
        seen = record_attribution_sighting(
            component=review.component, seen=True, by=person_of(request), **form.cleaned_data
        )
    except (DeploymentError, NotAllowed) as error:
        if isinstance(error, NotAllowed):
            raise
        messages.error(request, str(error))
    else:
        say_recorded(request, seen, [review.version])
    return redirect(target)
