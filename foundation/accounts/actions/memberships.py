"""Teams, and the roles that people hold in them."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.accounts.actions.administrators import require_another_administrator
from foundation.accounts.actors import By, actor_of
from foundation.accounts.company_day import company_day
from foundation.accounts.errors import AccountError
from foundation.accounts.models import Membership, Team, User
from foundation.accounts.policies import may_change_accounts
from foundation.accounts.policy import require
from foundation.accounts.queries import forget_memberships
from foundation.accounts.roles import Role
from foundation.audit.kinds import Kind
from foundation.audit.recorder import record


def create_team(*, by: By, name: str, code: str) -> Team:
    """Make a team; its code stands in addresses and records and never changes."""
    require(may_change_accounts(by))
    name, code = name.strip(), code.strip().lower()
    if not name:
        raise AccountError(_("Write the name of the team."))
    try:
        validate_slug(code)
    except ValidationError as error:
        raise AccountError(_("Write the code with small letters, digits and hyphens, like customer-care.")) from error
    with transaction.atomic():
        if Team.objects.filter(Q(name=name) | Q(code=code)).exists():
            raise AccountError(_("A team with this name or code is already here."))
        team = Team.objects.create(name=name, code=code)
        record(Kind.TEAM_CREATED, actor=actor_of(by), subject=f"team:{code}", facts={"name": name})
    return team


def grant_role(
    *,
    by: By,
    person: User,
    role: str,
    team: Team | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Membership:
    """Give a role for a team, or with no team for the whole company, from a day (today) until another (open)."""
    require(may_change_accounts(by))
    if role not in Role.values:
        raise AccountError(_("Choose one of the roles in the list."))
    first = starts_on or company_day(timezone.now())
    if ends_on is not None and ends_on <= first:
        raise AccountError(_("A role must end after it starts: choose a later last day."))
    with transaction.atomic():
        locked = User.objects.select_for_update(no_key=True).get(pk=person.pk)
        until = Q() if ends_on is None else Q(starts_on__lt=ends_on)
        overlapping = Membership.objects.filter(
            until, Q(ends_on=None) | Q(ends_on__gt=first), person=locked, role=role, team=team
        )
        if overlapping.exists():
            raise AccountError(_("This person already holds this role there at that time."))
        membership = Membership.objects.create(person=locked, role=role, team=team, starts_on=first, ends_on=ends_on)
        record(
            Kind.MEMBERSHIP_GRANTED,
            actor=actor_of(by),
            subject=locked.reference,
            related=[f"team:{team.code}"] if team else [],
            facts={
                "role": role,
                "team": team.code if team else None,
                "starts_on": first.isoformat(),
                "ends_on": ends_on.isoformat() if ends_on else None,
            },
        )
    forget_memberships(person)
    return membership


def end_role(*, by: By, membership: Membership, ends_on: date | None = None) -> Membership:
    """End a role from the start of a day on: today, so at once, when none is given."""
    require(may_change_accounts(by))
    today = company_day(timezone.now())
    last = ends_on or today
    with transaction.atomic():
        if membership.role == Role.ADMINISTRATOR and membership.team_id is None:
            require_another_administrator(without=membership.person)
        locked = (
            Membership.objects.select_for_update(of=("self",), no_key=True)
            .select_related("team", "person")
            .get(pk=membership.pk)
        )
        if locked.ends_on is not None and locked.ends_on <= today:
            raise AccountError(_("This role has already ended."))
        last = max(last, locked.starts_on)  # a role that has not begun ends before its first day
        if last < today:
            raise AccountError(_("A role cannot end in the past: what was done in it stays done."))
        locked.ends_on = last
        locked.save(update_fields=["ends_on"])
        record(
            Kind.MEMBERSHIP_ENDED,
            actor=actor_of(by),
            subject=locked.person.reference,
            related=[f"team:{locked.team.code}"] if locked.team else [],
            facts={
                "role": locked.role,
                "team": locked.team.code if locked.team else None,
                "ends_on": last.isoformat(),
            },
        )
    membership.ends_on = last
    forget_memberships(membership.person)
    return locked
