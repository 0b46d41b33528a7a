"""Who may own a condition of a review: for the form that offers them and the action that holds to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from foundation.accounts.company_day import company_day
from foundation.accounts.models import Membership, User
from foundation.accounts.roles import ROLES_THAT_SEE_THE_COMPANY
from foundation.reads import Given, Read
from reviews.models import ROLES_THAT_OWN_CONDITIONS, Review


def people_for_conditions(
    *, team: int | Given, owner: int | Given, day: str | Given, now: datetime | Given
) -> QuerySet[User]:
    """Who may own a condition of a product: they have access, see it, and work on it, for its team or the company.

    Its owner does; product owners of other teams and auditors do not, and nobody without a role.
    """
    of_team = Q(team=team, role__in=ROLES_THAT_OWN_CONDITIONS)
    of_company = Q(team=None, role__in=ROLES_THAT_SEE_THE_COMPANY.intersection(ROLES_THAT_OWN_CONDITIONS))
    holding = Membership.objects.filter(
        of_team | of_company, Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day
    ).order_by()
    return User.objects.filter(
        Q(pk__in=holding.values("person")) | Q(pk=owner),
        Q(expires_at=None) | Q(expires_at__gt=now),
        is_active=True,
    ).order_by("name", "pk")


_PEOPLE = Read(
    lambda key, name, email: (key, name or email),
    lambda: people_for_conditions(
        team=Given("team"), owner=Given("owner"), day=Given("day"), now=Given("now")
    ).values_list("pk", "name", "email"),
)


def people_to_choose(review: Review) -> list[tuple[int, str]]:
    """Who may own a condition of this review."""
    return _PEOPLE(**_around(review))


def owners_to_choose(review: Review) -> QuerySet[User]:
    """The same, as a form takes them."""
    return people_for_conditions(**_around(review))


def _around(review: Review) -> dict[str, Any]:
    now = timezone.now()
    return {
        "team": review.product.team_id,
        "owner": review.product.owner_id,
        "day": company_day(now).isoformat(),
        "now": now,
    }
