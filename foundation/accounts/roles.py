"""The roles that a membership can give. One person may hold several; what they may sign is a review's own question."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person may do. Each role counts for one team or, with no team, for the whole company."""

    PRODUCT_OWNER = "product_owner", _("Product owner")
    LEGAL_REVIEWER = "legal_reviewer", _("Legal reviewer")
    LEGAL_APPROVER = "legal_approver", _("Legal approver")
    ATTRIBUTION_OWNER = "attribution_owner", _("Attribution owner")
    RISK_OWNER = "risk_owner", _("Risk owner")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


LEGAL_ROLES = frozenset({Role.LEGAL_REVIEWER.value, Role.LEGAL_APPROVER.value})

# Held for the whole company, one of these shows every product. A product owner sees only their own teams' products.
ROLES_THAT_SEE_THE_COMPANY = frozenset(role.value for role in Role if role is not Role.PRODUCT_OWNER)
