"""Teams, and the roles that people hold in them for a time."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.validators import validate_slug
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.accounts.roles import Role


class Team(models.Model):
    """A group of people who answer for the same products."""

    code = models.SlugField(_("code"), max_length=60, unique=True, validators=[validate_slug])
    name = models.CharField(_("name"), max_length=120, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A role of one person, in a team or (without a team) in the whole company.

    It holds from the start of `starts_on` until the start of `ends_on`, in the company's time zone. The end day is not
    included, so that a role can be ended at once. Rows are ended, never deleted: signatures refer to roles of the past.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=24, choices=Role.choices)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ["starts_on", "pk"]
        indexes = [models.Index(fields=["role", "team"], name="accounts_membership_by_role")]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="accounts_role_is_known"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="accounts_role_ends_after_it_starts",
                violation_error_message=_("A role cannot end before it starts."),
            ),
            models.UniqueConstraint(
                fields=["person", "role", "team"],
                condition=Q(ends_on__isnull=True, team__isnull=False),
                name="accounts_one_open_role_per_team",
                violation_error_message=_("This person already holds this role in this team."),
            ),
            models.UniqueConstraint(
                fields=["person", "role"],
                condition=Q(ends_on__isnull=True, team__isnull=True),
                name="accounts_one_open_role_in_company",
                violation_error_message=_("This person already holds this role for the whole company."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} ({self.team or _('whole company')})"

    def holds_on(self, day: date) -> bool:
        """Whether the role is held on this day."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)
