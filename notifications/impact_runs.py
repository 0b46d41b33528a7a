"""What people hear of an impact run: one notice for all of its reviews."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.accounts.models import User
from foundation.accounts.queries import people_with_role
from foundation.accounts.roles import Role
from reviews.models import ImpactLine, ImpactOutcome
from reviews.states import State

_OWNER, _PRODUCT = "sheet__component__product__owner", "sheet__component__product"
OWNERS_TURN = (State.FACTS_NEEDED, State.CHANGES_REQUESTED)


def title_and_text(facts: Mapping[str, Any], words: Mapping[str, str]) -> tuple[str, str]:
    """The title, and for whoever owns none of the products the sum. `facts` are those of the event."""
    title = _("%(version)s has other words: what that touches") if facts.get("document") else ""
    title = title or _("%(version)s was added: what that touches")
    opened, was_open, asked = (int(facts.get(name, 0)) for name in ("opened", "was_open", "asked"))
    said = [
        (ngettext("%(n)s review was opened", "%(n)s reviews were opened", opened), opened),
        (ngettext("%(n)s was open", "%(n)s were open", was_open), was_open),
        (ngettext("%(n)s name is left to its owner", "%(n)s names are left to their owners", asked), asked),
    ]
    text = ", ".join(sentence % {"n": n} for sentence, n in said if n) or _("Nothing has to be reviewed.")
    return title % words, text


def for_owner(products: int, *, must_act: bool) -> str:
    """What an owner reads of so many products of theirs."""
    words = ngettext("It concerns %(n)s product of yours.", "It concerns %(n)s products of yours.", products)
    return " ".join([words % {"n": products}, *([_("This waits for you.")] if must_act else [])])


def products_of_owners(run: int) -> dict[int, int]:
    """How many products the run led to, by the key of their owner."""
    return dict(_touched(run).values_list(_OWNER).annotate(n=Count(_PRODUCT, distinct=True)))


def owners(run: int, *, to_act: bool) -> list[User]:
    """The owners of the products that the run led to; with `to_act`, those whose turn it is."""
    lines = _touched(run)
    if to_act:
        lines = lines.filter(Q(outcome=ImpactOutcome.ASKED) | Q(review__state__in=OWNERS_TURN))
    return list(User.objects.filter(pk__in=lines.values(_OWNER), is_active=True))


def reviewers(run: int) -> list[User]:
    """The reviewers of the teams whose products the run led to."""
    teams = _touched(run).values_list(f"{_PRODUCT}__team", flat=True).distinct()
    found = {one.pk: one for team in teams for one in people_with_role(Role.LEGAL_REVIEWER, team=team)}
    return list(found.values())


def _touched(run: int) -> Any:
    return ImpactLine.objects.filter(run=run).exclude(outcome=ImpactOutcome.LEFT).order_by()
