"""Stop duties: what is still to be stopped, deleted and certified."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from deployments import access, policies
from deployments.actions.stop_duties import complete_item
from deployments.forms.records import StopItemForm
from deployments.queries import stop_duty_list
from deployments.views.form_page import form_page, posted, uploaded
from deployments.views.uploads import keep
from foundation.accounts.access import person_of
from foundation.accounts.policy import require


@require_safe
@login_required
def stop_duty_list_page(request: HttpRequest) -> HttpResponse:
    """Open stop duties first, by due date."""
    page = Paginator(stop_duty_list(person_of(request)), 25).get_page(request.GET.get("page"))
    return render(request, "deployments/stop_duty_list.html", {"page": page})


@require_safe
@login_required
def stop_duty(request: HttpRequest, reference: str) -> HttpResponse:
    """One stop duty with what it lists."""
    person = person_of(request)
    duty = access.get_stop_duty_for(person, reference)
    items = list(duty.items.select_related("done_by", "document").order_by("pk"))
    context = {
        "duty": duty,
        "items": items,
        "product": duty.component.product,
        "may_complete": policies.may_complete_stop_duty(person, duty.component.product),
    }
    return render(request, "deployments/stop_duty.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def stop_item(request: HttpRequest, reference: str, kind: str) -> HttpResponse:
    """Record that one thing is done."""
    person = person_of(request)
    duty = access.get_stop_duty_for(person, reference)
    require(policies.may_complete_stop_duty(person, duty.component.product))
    item = duty.items.filter(kind=kind).first()
    if item is None:
        raise Http404(_("The stop duty does not list this."))
    address = reverse("deployments:stop-duty", args=[duty.reference])

    def save(entered: dict[str, Any]) -> str:
        complete_item(item=item, by=person, note=entered["note"], document=keep(entered["document"]))
        return address

    return form_page(
        request,
        form=StopItemForm(posted(request), uploaded(request)),
        act=save,
        title=str(item.get_kind_display()),
        intro=_("Say what was done, where and by whom. It stands in the record with your name and the time."),
        submit=_("Certify") if kind == "certificate" else _("Record as done"),
        done=_("It is recorded."),
        back_url=address,
        back_label=duty.reference,
    )
