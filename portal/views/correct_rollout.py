"""Correct a rollout: a later entry takes the place of a wrong one, which stays as what was known until now."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from deployments.access import get_product_for
from deployments.addresses import product_url
from deployments.forms.records import CorrectionForm
from deployments.models import Rollout
from deployments.policies import may_record_rollout
from deployments.views.form_page import form_page, posted
from foundation.accounts.access import person_of
from foundation.accounts.models import User
from foundation.accounts.policy import require
from reviews.actions.record_rollout import correct_checked_rollout


@login_required
@require_http_methods(["GET", "POST"])
def correct_rollout_page(request: HttpRequest, reference: str) -> HttpResponse:
    """The form starts with what the wrong entry says; a reason is needed."""
    person = person_of(request)
    rollout = _rollout_for(person, reference)
    product = rollout.component.product
    require(may_record_rollout(person, product))
    initial = {
        "running": "yes" if rollout.running else "no",
        "raw_model_id": rollout.raw_model_id,
        "version": rollout.version.slug if rollout.version else None,
        "effective_at": timezone.localtime(rollout.effective_at),
    }
    form = CorrectionForm(posted(request), component=rollout.component, initial=initial)

    def correct(_entered: dict[str, Any]) -> str:
        correction = correct_checked_rollout(rollout=rollout, by=person, **form.rollout())
        if correction.running and correction.approval is None:
            messages.warning(request, _("Recorded. No approval covers it: its owner and legal know of it."))
        else:
            messages.success(request, _("The correction is recorded."))
        return product_url(product)

    return form_page(
        request,
        form=form,
        act=correct,
        title=_("Correct %(reference)s") % {"reference": rollout.reference},
        intro=_("%(component)s in %(place)s. The earlier entry stays in the record.")
        % {"component": rollout.component.name, "place": rollout.deployment.name},
        submit=_("Record the correction"),
        back_url=product_url(product),
        back_label=product.name,
    )


def _rollout_for(person: User, reference: str) -> Rollout:
    try:
        key = Rollout.key_of(reference)
        rollout = Rollout.objects.select_related("component__product", "deployment", "version").get(pk=key)
    except Rollout.DoesNotExist as error:
        raise Http404(_("There is no rollout %(reference)s.") % {"reference": reference}) from error
    get_product_for(person, rollout.component.product.reference)
    return rollout
