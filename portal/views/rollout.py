"""Record what runs where. Without an approval it is recorded all the same, and said."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from deployments.access import get_component_for
from deployments.errors import DeploymentError
from deployments.forms.records import RolloutForm
from deployments.policies import may_record_rollout
from foundation.accounts.access import person_of
from foundation.accounts.policy import require
from reviews.actions.record_rollout import record_checked_rollout


@login_required
@require_http_methods(["GET", "POST"])
def record_rollout_page(request: HttpRequest, reference: str) -> HttpResponse:
    person = person_of(request)
    component = get_component_for(person, reference)
    require(may_record_rollout(person, component.product))
    initial = None
    if request.method == "GET":
        initial = RolloutForm.start(component, request.GET.get("environment", ""), timezone.now())
    form = RolloutForm(request.POST or None, component=component, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            rollout = record_checked_rollout(component=component, by=person, **form.rollout())
        except DeploymentError as error:
            form.add_error(None, str(error))
        else:
            if rollout.running and rollout.approval is None:
                messages.warning(request, _("Recorded. No approval covers it: its owner and legal are told at once."))
            else:
                messages.success(request, _("Recorded."))
            return redirect("portal:product", component.product.reference)
    status = 422 if form.is_bound and form.errors else 200
    return render(
        request,
        "portal/record_rollout.html",
        {"component": component, "product": component.product, "form": form},
        status=status,
    )
