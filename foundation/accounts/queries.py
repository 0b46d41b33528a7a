"""Who people are and what they may do. A person's memberships are read once per request and kept on the person."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Count, Model, Prefetch, Q, QuerySet
from django.utils import timezone

from foundation.accounts.company_day import company_day
from foundation.accounts.models import MachineToken, Membership, SigningProof, Team, User
from foundation.accounts.roles import ROLES_THAT_SEE_THE_COMPANY
from foundation.reads import Given, Read

Person = User | AnonymousUser
_KEPT = "_kept_memberships"


def _key(team: Team | int | None) -> int | None:
    return team.pk if isinstance(team, Team) else team


def forget_memberships(person: User) -> None:
    """Drop what is kept on this person, after a change of roles."""
    if hasattr(person, _KEPT):
        delattr(person, _KEPT)


def every_membership_of(person: User) -> list[Membership]:
    """All memberships of a person, past and future ones too, oldest first. One query per request."""
    kept: list[Membership] | None = getattr(person, _KEPT, None)  # reaches through Django's lazy request.user
    if kept is None:
        kept = list(_memberships(person.pk).select_related("team"))
        setattr(person, _KEPT, kept)
    return kept


def _memberships(person: int | Given) -> QuerySet[Membership]:
    return Membership.objects.filter(person=person).order_by("starts_on", "pk")


def _columns(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _with_person_and_team(*cells: Any) -> Membership:
    """What select_related() would make of the columns of all three."""
    own, of_person = len(_OWN), len(_OWN) + len(_OF_PERSON)
    membership = Membership.from_db(DEFAULT_DB_ALIAS, _OWN, cells[:own])
    membership.person = User.from_db(DEFAULT_DB_ALIAS, _OF_PERSON, cells[own:of_person])
    if membership.team_id is not None:
        membership.team = Team.from_db(DEFAULT_DB_ALIAS, _OF_TEAM, cells[of_person:])
    return membership


_OWN, _OF_PERSON, _OF_TEAM = _columns(Membership), _columns(User), _columns(Team)
_WITH_PERSON_AND_TEAM = Read(
    _with_person_and_team,
    lambda: _memberships(Given("person")).values_list(
        *_OWN, *(f"person__{column}" for column in _OF_PERSON), *(f"team__{column}" for column in _OF_TEAM)
    ),
)
_TEAMS = Read(lambda code, name: (code, name), lambda: Team.objects.order_by("name").values_list("code", "name"))


def person_with_memberships(key: int) -> User | None:
    """A person with their memberships already read: one query, or two for somebody who never held a role."""
    memberships = _WITH_PERSON_AND_TEAM(person=key)
    person = memberships[0].person if memberships else User.objects.filter(pk=key).first()
    if person is not None:
        setattr(person, _KEPT, memberships)
    return person


def memberships_of(user: Person, at: datetime | None = None) -> list[Membership]:
    """The memberships that hold at an instant (now, when none is given). Without access there are none."""
    instant = at or timezone.now()
    if not isinstance(user, User) or not user.may_sign_in(instant):
        return []
    day = company_day(instant)
    return [membership for membership in every_membership_of(user) if membership.holds_on(day)]


def roles_of(user: Person, at: datetime | None = None) -> frozenset[str]:
    """The roles held in any team or in the whole company."""
    return frozenset(membership.role for membership in memberships_of(user, at))


def has_role(user: Person, role: str, *, team: Team | int | None = None, at: datetime | None = None) -> bool:
    """Whether the role is held for this team (there, or for the whole company); with no team, for the whole company."""
    key = _key(team)
    return any(membership.role == role and membership.team_id in {None, key} for membership in memberships_of(user, at))


def team_ids_of(user: Person) -> set[int]:
    """The teams in which the person holds any role."""
    return {membership.team_id for membership in memberships_of(user) if membership.team_id is not None}


def sees_whole_company(user: Person) -> bool:
    """Whether a role held for the whole company shows every team's products."""
    return any(
        membership.team_id is None and membership.role in ROLES_THAT_SEE_THE_COMPANY
        for membership in memberships_of(user)
    )


def holding_on_day(at: datetime) -> Q:
    """Memberships that hold at an instant."""
    day = company_day(at)
    return Q(starts_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gt=day))


def people_with_access(at: datetime | None = None) -> QuerySet[User]:
    """People whose access has neither been ended nor run out."""
    instant = at or timezone.now()
    return User.objects.filter(Q(expires_at=None) | Q(expires_at__gt=instant), is_active=True)


def people_with_role(role: str, *, team: Team | int | None = None, at: datetime | None = None) -> QuerySet[User]:
    """People with access who hold the role for this team or the whole company; with no team, for the whole company."""
    instant = at or timezone.now()
    holding = Membership.objects.filter(holding_on_day(instant), role=role)
    in_scope = holding.filter(Q(team=None) | Q(team_id=_key(team))) if team is not None else holding.filter(team=None)
    return people_with_access(instant).filter(pk__in=in_scope.values("person_id"))


def people_list() -> QuerySet[User]:
    """Everyone, with their memberships, for the page of people. Two queries, whatever the number of people."""
    memberships = Membership.objects.select_related("team").order_by("starts_on", "pk")
    return User.objects.prefetch_related(Prefetch("memberships", queryset=memberships)).order_by("name", "pk")


def team_list(at: datetime | None = None) -> QuerySet[Team]:
    """Every team with the number of people who hold a role in it today."""
    day = company_day(at or timezone.now())
    open_now = Q(memberships__starts_on__lte=day) & (Q(memberships__ends_on=None) | Q(memberships__ends_on__gt=day))
    return Team.objects.annotate(people=Count("memberships__person", filter=open_now, distinct=True)).order_by("name")


def team_choices() -> tuple[tuple[str, str], ...]:
    """Code and name of every team, by name, for the filter of a list."""
    return tuple(_TEAMS())


def token_list() -> QuerySet[MachineToken]:
    """Every machine token, newest first, with its team and maker."""
    return MachineToken.objects.select_related("team", "created_by").order_by("-created_at", "-pk")


def open_proof(
    *, person: User, session_key: str | None, statement_digest: str, at: datetime | None = None
) -> SigningProof | None:
    """The proof that signing this statement in this visit would use up, if there is one."""
    unused = SigningProof.objects.filter(
        person=person,
        session_digest=hashlib.sha256((session_key or "").encode()).hexdigest(),
        statement_digest=statement_digest,
        consumed_at=None,
        expires_at__gt=at or timezone.now(),
    )
    return unused.order_by("pk").first()
