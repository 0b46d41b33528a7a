"""Stop duties, open ones first."""

from __future__ import annotations

from django.db.models import Count, F, Q, QuerySet

from deployments.models import Product, StopDuty
from foundation.accounts.models import User


def stop_duty_list(person: User) -> QuerySet[StopDuty]:
    """Stop duties on products that the person may see: open ones first, by due date."""
    return (
        StopDuty.objects.filter(component__product__in=Product.objects.visible_to(person))
        .select_related("component__product", "version")
        .annotate(done=Count("items", filter=Q(items__done_at__isnull=False)), total=Count("items"))
        .order_by(F("closed_at").desc(nulls_first=True), "due_on", "pk")
    )
