"""My work: what waits for this person, by due date, and why it is theirs."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from deployments.models import ColleagueQuestion, Product, ProductState, StopDuty
from foundation.accounts.access import person_of
from foundation.accounts.queries import roles_of
from foundation.accounts.roles import Role
from licences.queries import drafts_for
from reviews.queries import open_conditions_for, queue_of, review_rows

SHOWN = 15


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    conditions = open_conditions_for(person).filter(owner=person)[:SHOWN]
    questions = (
        ColleagueQuestion.objects.filter(asked_of=person, answered_at=None)
        .select_related("product", "asked_by")
        .only("asked_at", "product__name", "asked_by__name")
    )
    drafts = (
        Product.objects.filter(owner=person, state=ProductState.DRAFT).select_related("team").only("name", "team__name")
    )
    stop_duties = (
        StopDuty.objects.filter(closed_at=None, component__product__owner=person)
        .select_related("component__product", "version")
        .only("due_on", "component__product__name", "version__name")
    )
    to_publish, in_preparation = drafts_for(person)
    context = {
        "queue": review_rows(queue_of(person)[:SHOWN]),
        "conditions": conditions,
        "questions": questions[:SHOWN],
        "drafts": drafts[:SHOWN],
        "versions_to_publish": to_publish,
        "versions_in_preparation": in_preparation,
        "stop_duties": stop_duties[:SHOWN],
        "may_register": Role.PRODUCT_OWNER in roles_of(person),
    }
    return render(request, "portal/home.html", context)
