"""The product's page: what runs where, with its reviews, questions, duties and history, as of any day."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from deployments.access import get_product_for
from deployments.policies import may_edit_product, may_record_observation, may_record_rollout, may_retire
from deployments.queries import product_detail, records_of
from foundation.accounts.access import person_of
from foundation.audit.queries import events_for
from foundation.audit.words import icon_and_tone, phrase
from portal.portfolio_rows import portfolio_rows
from reviews.models import Review

HISTORY = 40


@login_required
@require_GET
def product_page(request: HttpRequest, reference: str) -> HttpResponse:
    person = person_of(request)
    product = get_product_for(person, reference)
    now = timezone.now()
    as_of, known_at = _instant(request, "as_of", now), _instant(request, "known_at", now)
    detail = product_detail(product)
    reviews = (
        Review.objects.filter(component__product=product)
        .select_related("version", "component")
        .defer("version__catalogue")
        .order_by("-pk")
    )
    events = events_for(product.reference).order_by("-seq")[:HISTORY]
    context = {
        "product": product,
        "detail": detail,
        "row": portfolio_rows([product], now)[0],
        "records": records_of(product, as_of=as_of, known_at=known_at),
        "as_of": as_of,
        "known_at": known_at,
        "is_now": not request.GET.get("as_of") and not request.GET.get("known_at"),
        "reviews": reviews,
        "may_edit": may_edit_product(person, product),
        "may_record_rollout": may_record_rollout(person, product),
        "may_retire": may_retire(person, product),
        "may_observe": may_record_observation(person, product),
        "timeline": [
            {
                "who": event.actor_name or event.actor_ref,
                "what": phrase(event.kind),
                "when": event.recorded_at,
                "icon": icon_and_tone(event.kind)[0],
                "tone": icon_and_tone(event.kind)[1],
                "said": "",
            }
            for event in events
        ],
    }
    return render(request, "portal/product.html", context)


def _instant(request: HttpRequest, name: str, now: datetime) -> datetime:
    """The end of the day in the address, in the person's zone; now when there is none or it is not a date."""
    try:
        day = parse_date(request.GET.get(name, ""))
    except ValueError:
        day = None
    if day is None:
        return now
    zone = ZoneInfo(person_of(request).time_zone)
    return datetime.combine(day + timedelta(days=1), time.min, zone)
