"""The documents whose digests the signatures cover, as they were when the last one was given.

A signature holds only digests. The rows behind answers, positions and plan no longer change once a review is decided;
an entity may be renamed, a sighting added, a condition set by the approval itself. So each part is made again as of
the last signature and kept only where it has the signed digest; a part that cannot be made again is stated as null.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from deployments.models import Approval
from evidence.errors import RecordDisagrees
from foundation.audit.canonical import JSON, digest
from reviews.examined import documents_of_parts, read_parts
from reviews.models import Review, SignOff

# Rows that nothing changes after a decision: a difference here is a contradiction, and no passing of time.
FIXED = frozenset({"answers", "positions", "plan"})


def parts_section(review: Review, approval: Approval | None, sign_offs: Iterable[SignOff]) -> dict[str, JSON]:
    """Each covered part by name, with the exact document that has the signed digest."""
    last_round = [sign_off for sign_off in sign_offs if sign_off.round == review.round]
    covered: dict[str, str] = {}
    for sign_off in last_round:
        covered |= json.loads(sign_off.document).get("covers", {})
    if not covered:
        return {}
    made = documents_of_parts(read_parts(review))
    parts: dict[str, JSON] = {}
    for name in sorted(set(covered) & set(made)):
        candidates = [made[name], *_as_signed(name, made[name], approval, last_round)]
        found = next((one for one in candidates if digest(one) == covered[name]), None)
        if found is None and name in FIXED:
            raise RecordDisagrees(
                _("The %(part)s of %(review)s are not those that were signed.")
                % {"part": name, "review": review.reference}
            )
        parts[name] = found
    return parts


def _as_signed(name: str, document: Any, approval: Approval | None, sign_offs: list[SignOff]) -> list[JSON]:
    """Earlier forms of a part that has moved on since it was signed."""
    if name == "scope" and approval is not None:
        return [approval.scope]
    if name == "conditions" and sign_offs:
        return [_without_later_conditions(document, sign_offs)]
    if name == "duties":
        return [_without_sightings(document)]
    return []


def _without_later_conditions(document: Mapping[str, Any], sign_offs: list[SignOff]) -> JSON:
    """The conditions that stood before the last signature: that signature turns unseen duties into further ones."""
    review = sign_offs[-1].review
    decided = max(sign_off.signed_at for sign_off in sign_offs)
    stood = {one.reference for one in review.conditions.filter(created_at__lt=decided)}
    return {**document, "conditions": [one for one in document["conditions"] if one["reference"] in stood]}


def _without_sightings(document: Mapping[str, Any]) -> JSON:
    """The duties as they stood when nothing had been seen yet: the most frequent change is the first sighting."""
    return {**document, "duties": [{**one, "seen_on": "", "address": ""} for one in document["duties"]]}
