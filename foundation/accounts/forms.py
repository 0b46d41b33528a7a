"""What people enter about people, roles, teams and tokens. The rules are the actions'; forms read and show."""

from __future__ import annotations

import uuid
import zoneinfo
from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.accounts.company_day import end_of_day
from foundation.accounts.models import Kind, Team
from foundation.accounts.models.people import company_time_zone
from foundation.accounts.roles import Role
from foundation.accounts.scopes import Scope

TOKEN_DAYS = 180


def last_day(day: Any) -> datetime | None:
    """The instant at which a last day ends for the company, in UTC; None where none was given."""
    return end_of_day(day).astimezone(UTC) if day is not None else None


def time_zones() -> list[tuple[str, str]]:
    """Every IANA time zone, once."""
    return [(name, name.replace("_", " ")) for name in sorted(zoneinfo.available_timezones()) if name != "localtime"]


def in_half_a_year() -> Any:
    """The last day that a new token is offered."""
    return (timezone.now() + timedelta(days=TOKEN_DAYS)).date()


class DayInput(forms.DateInput):
    """The browser's own day picker; it posts ISO dates."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class InviteForm(forms.Form):
    """Invite a person; roles are granted afterwards."""

    name = forms.CharField(label=_("Name"), max_length=200, help_text=_("As it should stand under their signatures."))
    email = forms.EmailField(label=_("E-mail address"), max_length=254, help_text=_("They sign in with it."))
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices, initial=Kind.EMPLOYEE)
    organisation = forms.CharField(label=_("Organisation"), max_length=200, required=False)
    job_title = forms.CharField(label=_("Job title"), max_length=200, required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones, initial=company_time_zone)
    last_day = forms.DateField(
        label=_("Last day of access"),
        required=False,
        widget=DayInput(),
        help_text=_("Needed for external people. Access ends at the end of this day."),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the last day of external people next to its field."""
        cleaned: dict[str, Any] = super().clean() or {}
        external = cleaned.get("kind") not in {None, Kind.EMPLOYEE.value}
        if external and not cleaned.get("last_day") and "last_day" not in self.errors:
            self.add_error("last_day", _("Say when the access of an external person ends."))
        return cleaned


class AccessForm(forms.Form):
    """Give a person access again."""

    last_day = forms.DateField(label=_("Last day of access"), required=False, widget=DayInput())


class GrantRoleForm(forms.Form):
    """Give a role, for a team or the whole company."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    team = forms.ModelChoiceField(
        label=_("For"), queryset=Team.objects.all(), required=False, empty_label=_("The whole company")
    )
    starts_on = forms.DateField(
        label=_("From"), required=False, widget=DayInput(), help_text=_("Today, if left empty.")
    )
    ends_on = forms.DateField(
        label=_("Until"),
        required=False,
        widget=DayInput(),
        help_text=_("The first day without the role. May be empty."),
    )


class TeamForm(forms.Form):
    """Make a team."""

    name = forms.CharField(label=_("Name"), max_length=120)
    code = forms.CharField(
        label=_("Code"), max_length=60, help_text=_("Small letters, digits and hyphens. It never changes.")
    )


class TokenForm(forms.Form):
    """Issue a machine token."""

    # One form makes one token: a page that is loaded again sends the same code again.
    code = forms.UUIDField(
        initial=uuid.uuid4,
        widget=forms.HiddenInput,
        error_messages={"required": _("Open this page again: a part of the form is missing.")},
    )
    name = forms.CharField(
        label=_("What will use it"), max_length=120, help_text=_("Like: deploy pipeline of the care team.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=[Scope.GATE_CHECK],
    )
    team = forms.ModelChoiceField(
        label=_("For the products of"), queryset=Team.objects.all(), required=False, empty_label=_("The whole company")
    )
    last_day = forms.DateField(
        label=_("Last day"), widget=DayInput(), initial=in_half_a_year, help_text=_("At most a year from today.")
    )


class MyDetailsForm(forms.Form):
    """Change one's own details."""

    name = forms.CharField(label=_("Name"), max_length=200, help_text=_("Earlier signatures keep the earlier name."))
    job_title = forms.CharField(label=_("Job title"), max_length=200, required=False)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=time_zones, help_text=_("Times are shown in it. Due dates end in the company's.")
    )
