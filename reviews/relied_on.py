"""The permissions that a review's findings rest on, and until when an approval can rest on them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from deployments.models import LegalEntity, Permission

# A finding that rests on a permission names it in its explanation: that is what people read and judge.
_NAMED = re.compile(rf"\b{Permission.prefix}-\d{{1,18}}\b")


def first_to_end(findings: Iterable[Mapping[str, Any]], licensee: LegalEntity) -> Permission | None:
    """Of the licensee's permissions that findings rest on, the one whose last day comes first.

    None where none has a last day: a permission that no finding uses limits nothing. One query, and none where no
    finding names a permission.
    """
    named = {Permission.key_of(found) for one in findings for found in _NAMED.findall(one["explanation"])}
    if not named:
        return None
    dated = Permission.objects.filter(pk__in=named, entity=licensee, expires_on__isnull=False)
    return dated.order_by("expires_on", "pk").first()


def last_day(findings: Iterable[Mapping[str, Any]], licensee: LegalEntity) -> date | None:
    """The last day on which everything that the findings rest on is held; None where nothing ends."""
    first = first_to_end(findings, licensee)
    return first.expires_on if first else None
