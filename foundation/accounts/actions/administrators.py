"""Someone must always be able to run the portal."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.accounts.errors import AccountError
from foundation.accounts.models import Membership, User
from foundation.accounts.queries import holding_on_day, people_with_access
from foundation.accounts.roles import Role


def require_another_administrator(*, without: User) -> None:
    """Refuse when nobody but this person would administer the whole company. Call it first in the transaction.

    All administrators' rows are locked, in one order, so that two of them cannot remove each other at the same time.
    """
    now = timezone.now()
    locked = list(
        Membership.objects.select_for_update(no_key=True)
        .filter(holding_on_day(now), role=Role.ADMINISTRATOR, team=None)
        .order_by("pk")
        .values_list("person_id", flat=True)
    )
    if without.pk not in locked:
        return
    others = people_with_access(now).filter(pk__in=set(locked) - {without.pk})
    if not others.exists():
        raise AccountError(_("This is the last administrator of the whole company. Make another person one first."))
