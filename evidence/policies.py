"""Who may ask for records. Who may read them is a question of the review: `reviews.policies.may_see_record`."""

from __future__ import annotations

from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.accounts.policy import Allowed, Decision, Refused
from foundation.accounts.queries import has_role
from reviews.models import Review
from reviews.policies import RECORD_ROLES


def may_request_pack(person: User, review: Review) -> Decision:
    """Legal and auditors may ask for a record, or for a newer edition of it."""
    if any(has_role(person, role, team=review.component.product.team_id) for role in RECORD_ROLES):
        return Allowed()
    return Refused(_("Legal and auditors ask for records."))
