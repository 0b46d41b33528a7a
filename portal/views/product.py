"""The product's page: what runs where, with its reviews, questions, duties and history, as of any day."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from deployments.access import get_product_for
from deployments.policies import (
    may_edit_product,
    may_record_observation,
    may_record_rollout,
    may_register,
    may_retire,
)
from deployments.queries import product_detail, records_from, running_now
from deployments.queries.product_page import ProductDetail
from foundation.accounts.access import person_of
from foundation.accounts.company_day import end_of_day
from foundation.audit.queries import newest_events_for
from portal.chosen_models import chosen_models
from portal.portfolio_rows import Cell, Runs, cells_of
from reviews.product_page import ReviewLine, reviews_of
from reviews.standings_of_products import Standings, standings_in


class Asked(NamedTuple):
    """The days for which the version records are asked, as they stand in the address."""

    as_of: str
    known_at: str


@login_required
@require_GET
def product_page(request: HttpRequest, reference: str) -> HttpResponse:
    person = person_of(request)
    product = get_product_for(person, reference)
    now = timezone.now()
    as_of, known_at = _instant(request, "as_of", now), _instant(request, "known_at", now)
    detail = product_detail(product)
    reviews = reviews_of(product)
    components = {row.pk for row in detail.components}
    standings = standings_in([product.pk], components, now, newest=detail.newest_declarations)
    context = {
        "product": product,
        "detail": detail,
        "cells": _cells(detail, reviews, standings, now),
        "chosen": chosen_models(detail, reviews, standings),
        "records": records_from(detail.rollouts, as_of=as_of, known_at=known_at),
        "asked": Asked(request.GET.get("as_of", ""), request.GET.get("known_at", "")),
        "reviews": reviews,
        "may_edit": may_edit_product(person, product),
        "may_copy": may_register(person),
        "may_record_rollout": may_record_rollout(person, product),
        "may_retire": may_retire(person, product),
        "may_observe": may_record_observation(person, product),
        "timeline": newest_events_for(product.reference),
    }
    return render(request, "portal/product.html", context)


def _cells(detail: ProductDetail, reviews: list[ReviewLine], standings: Standings, now: datetime) -> list[Cell]:
    """What runs in each environment, production first, and whether exactly that is approved."""
    running: dict[int, list[Runs]] = {}
    for one in running_now(detail.rollouts, now):
        running.setdefault(one.deployment_id, []).append(
            Runs(
                one.component_id,
                one.component,
                one.deployment_id,
                one.version_id,
                one.version or "?",
                one.raw_model_id,
            )
        )
    places = sorted(detail.deployments, key=lambda one: (not one.is_production, one.pk))
    underway = [review for review in reviews if review.is_open]
    return cells_of(places, running, standings.by_component, standings.covers, underway)


def _instant(request: HttpRequest, name: str, now: datetime) -> datetime:
    """The end of the day in the address, in the person's zone; now when there is none or it is not a date."""
    try:
        day = parse_date(request.GET.get(name, ""))
    except ValueError:
        day = None
    if day is None:
        return now
    return end_of_day(day, person_of(request).time_zone)
