"""Who may see and ask for records."""

from __future__ import annotations

from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.accounts.policy import Allowed, Decision, Refused
from foundation.accounts.queries import has_role
from foundation.accounts.roles import LEGAL_ROLES, Role
from reviews.models import Review

READING_ROLES = frozenset({Role.AUDITOR.value, *LEGAL_ROLES})


def may_see_records(person: User, review: Review) -> Decision:
    """Auditors and legal, for the team or the whole company, and the owner of the product."""
    product = review.component.product
    if product.owner_id == person.pk or any(has_role(person, role, team=product.team_id) for role in READING_ROLES):
        return Allowed()
    return Refused(
        _("Records are for auditors, legal and the owner of the product. Ask %(owner)s, who owns %(product)s.")
        % {"owner": product.owner.name, "product": product.name}
    )


def may_request_pack(person: User, review: Review) -> Decision:
    """Legal and auditors may ask for a record, or for a newer edition of it."""
    if any(has_role(person, role, team=review.component.product.team_id) for role in READING_ROLES):
        return Allowed()
    return Refused(_("Legal and auditors ask for records."))
