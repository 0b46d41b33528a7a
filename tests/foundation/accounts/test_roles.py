"""Which roles hold for whom, where and when."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from foundation.accounts.actions import create_team, deactivate_person, end_role, grant_role
from foundation.accounts.errors import AccountError
from foundation.accounts.models import Membership, Team, User
from foundation.accounts.policy import NotAllowed
from foundation.accounts.queries import (
    has_role,
    memberships_of,
    people_with_role,
    roles_of,
    sees_whole_company,
    team_ids_of,
    team_list,
)
from foundation.accounts.roles import Role
from foundation.audit.actors import Actor
from foundation.audit.queries import events_for
from tests.foundation.accounts.conftest import SYSTEM, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def care() -> Team:
    return create_team(by=SYSTEM, name="Customer care", code="care")


@pytest.fixture
def search() -> Team:
    return create_team(by=SYSTEM, name="Search", code="search")


def test_a_new_person_holds_no_role(olive: User) -> None:
    assert roles_of(olive) == frozenset()
    assert not sees_whole_company(olive)


def test_a_team_role_counts_in_that_team_only(olive: User, care: Team, search: Team) -> None:
    grant_role(by=SYSTEM, person=olive, role=Role.PRODUCT_OWNER, team=care)
    assert has_role(olive, Role.PRODUCT_OWNER, team=care)
    assert has_role(olive, "product_owner", team=care.pk)
    assert not has_role(olive, Role.PRODUCT_OWNER, team=search)
    assert not has_role(olive, Role.PRODUCT_OWNER)
    assert team_ids_of(olive) == {care.pk}
    assert roles_of(olive) == {"product_owner"}


def test_a_company_role_counts_in_every_team(rita: User, care: Team) -> None:
    assert has_role(rita, Role.LEGAL_REVIEWER)
    assert has_role(rita, Role.LEGAL_REVIEWER, team=care)
    assert team_ids_of(rita) == set()


def test_roles_combine(olive: User, care: Team) -> None:
    grant_role(by=SYSTEM, person=olive, role=Role.PRODUCT_OWNER, team=care)
    grant_role(by=SYSTEM, person=olive, role=Role.RISK_OWNER)
    assert roles_of(olive) == {"product_owner", "risk_owner"}


@pytest.mark.parametrize("role", Role.values)
def test_every_company_role_but_product_owner_sees_the_whole_company(olive: User, role: str) -> None:
    grant_role(by=SYSTEM, person=olive, role=role)
    assert sees_whole_company(olive) is (role != "product_owner")


@pytest.mark.parametrize("role", Role.values)
def test_no_team_role_sees_the_whole_company(olive: User, care: Team, role: str) -> None:
    grant_role(by=SYSTEM, person=olive, role=role, team=care)
    assert not sees_whole_company(olive)


def test_a_role_holds_from_its_first_day_until_the_day_it_ends(olive: User) -> None:
    grant_role(by=SYSTEM, person=olive, role=Role.AUDITOR, starts_on=date(2027, 3, 1), ends_on=date(2027, 3, 31))
    # Amsterdam keeps UTC+1 until 28 March 2027, then UTC+2.
    moments = {
        datetime(2027, 2, 28, 22, 59, tzinfo=UTC): False,
        datetime(2027, 2, 28, 23, 0, tzinfo=UTC): True,
        datetime(2027, 3, 30, 21, 59, tzinfo=UTC): True,
        datetime(2027, 3, 30, 22, 0, tzinfo=UTC): False,
    }
    assert {at: has_role(olive, Role.AUDITOR, at=at) for at in moments} == moments
    assert {at: people_with_role(Role.AUDITOR, at=at).exists() for at in moments} == moments


def test_a_role_that_is_ended_stops_at_once(anders: User, rita: User) -> None:
    (membership,) = memberships_of(rita)
    end_role(by=anders, membership=membership)
    assert roles_of(User.objects.get(pk=rita.pk)) == frozenset()
    assert Membership.objects.get(pk=membership.pk).ends_on is not None


def test_a_role_that_has_ended_cannot_end_again(anders: User, rita: User) -> None:
    (membership,) = memberships_of(rita)
    end_role(by=anders, membership=membership)
    with pytest.raises(AccountError, match="already ended"):
        end_role(by=anders, membership=membership)


def test_a_role_cannot_end_in_the_past(anders: User, rita: User) -> None:
    (membership,) = memberships_of(rita)
    with time_machine.travel(timezone.now() + timedelta(days=10)), pytest.raises(AccountError, match="in the past"):
        end_role(by=anders, membership=membership, ends_on=membership.starts_on)


def test_the_same_role_cannot_be_held_twice_at_a_time(rita: User) -> None:
    with pytest.raises(AccountError, match="already holds"):
        grant_role(by=SYSTEM, person=rita, role=Role.LEGAL_REVIEWER)


def test_a_role_can_follow_itself(olive: User) -> None:
    first = date(2027, 1, 1)
    grant_role(by=SYSTEM, person=olive, role=Role.AUDITOR, starts_on=first, ends_on=date(2027, 2, 1))
    grant_role(by=SYSTEM, person=olive, role=Role.AUDITOR, starts_on=date(2027, 2, 1), ends_on=date(2027, 3, 1))
    with pytest.raises(AccountError, match="already holds"):
        grant_role(by=SYSTEM, person=olive, role=Role.AUDITOR, starts_on=date(2026, 12, 1))


def test_the_database_refuses_a_second_open_role(rita: User, care: Team) -> None:
    for team in (None, care):
        row = {"person": rita, "role": "auditor", "team": team, "starts_on": date(2027, 1, 1)}
        Membership.objects.create(**row)
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.create(**row)


def test_the_database_refuses_a_role_that_ends_before_it_starts(rita: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(person=rita, role="auditor", starts_on=date(2027, 1, 2), ends_on=date(2027, 1, 1))


def test_expired_and_deactivated_people_hold_no_role(anders: User, carl: User) -> None:
    grant_role(by=SYSTEM, person=carl, role=Role.LEGAL_REVIEWER)
    assert has_role(carl, Role.LEGAL_REVIEWER)
    later = timezone.now() + timedelta(days=31)
    assert not has_role(carl, Role.LEGAL_REVIEWER, at=later)
    assert not people_with_role(Role.LEGAL_REVIEWER, at=later).exists()
    deactivate_person(by=anders, person=carl)
    again = User.objects.get(pk=carl.pk)
    assert memberships_of(again) == []
    assert not people_with_role(Role.LEGAL_REVIEWER).exists()


def test_people_with_a_role_for_a_team_include_those_of_the_company(
    olive: User, rita: User, care: Team, search: Team
) -> None:
    grant_role(by=SYSTEM, person=olive, role=Role.LEGAL_REVIEWER, team=care)
    assert set(people_with_role(Role.LEGAL_REVIEWER, team=care)) == {olive, rita}
    assert set(people_with_role(Role.LEGAL_REVIEWER, team=search)) == {rita}
    assert set(people_with_role(Role.LEGAL_REVIEWER)) == {rita}


def test_a_visitor_holds_no_role() -> None:
    assert roles_of(AnonymousUser()) == frozenset()
    assert not has_role(AnonymousUser(), Role.ADMINISTRATOR)


def test_memberships_are_read_once_per_person(rita: User, care: Team) -> None:
    fresh = User.objects.get(pk=rita.pk)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        roles_of(fresh)
        has_role(fresh, Role.LEGAL_REVIEWER, team=care)
        sees_whole_company(fresh)
        team_ids_of(fresh)
    assert len(queries) == 1


def test_only_administrators_of_the_company_grant_roles(anders: User, olive: User, care: Team) -> None:
    grant_role(by=anders, person=olive, role=Role.ADMINISTRATOR, team=care)
    with pytest.raises(NotAllowed, match="administrator"):
        grant_role(by=olive, person=olive, role=Role.LEGAL_APPROVER)
    with pytest.raises(NotAllowed, match="signed in"):
        grant_role(by=Actor.machine("TOK-00001", "pipeline"), person=olive, role=Role.LEGAL_APPROVER)
    assert roles_of(olive) == {"administrator"}


def test_the_last_administrator_stays(anders: User) -> None:
    (membership,) = memberships_of(anders)
    with pytest.raises(AccountError, match="last administrator"):
        end_role(by=anders, membership=membership)
    with pytest.raises(AccountError, match="last administrator"):
        deactivate_person(by=SYSTEM, person=anders)


def test_an_administrator_may_leave_once_there_is_another(anders: User, olive: User) -> None:
    grant_role(by=anders, person=olive, role=Role.ADMINISTRATOR)
    (membership,) = memberships_of(anders)
    end_role(by=anders, membership=membership)
    assert set(people_with_role(Role.ADMINISTRATOR)) == {olive}


def test_an_unknown_role_is_refused(olive: User) -> None:
    with pytest.raises(AccountError, match="roles in the list"):
        grant_role(by=SYSTEM, person=olive, role="emperor")


def test_granting_and_ending_are_in_the_log(anders: User, olive: User, care: Team) -> None:
    membership = grant_role(by=anders, person=olive, role=Role.PRODUCT_OWNER, team=care)
    end_role(by=anders, membership=membership)
    events = {event.kind: event for event in events_for("team:care")}
    assert sorted(events) == ["membership.ended", "membership.granted", "team.created"]
    for kind in ("membership.ended", "membership.granted"):
        event = events[kind]
        assert (event.subject, event.facts["role"], event.facts["team"]) == (olive.reference, "product_owner", "care")


def test_nobody_who_holds_a_role_can_be_deleted(rita: User, care: Team) -> None:
    grant_role(by=SYSTEM, person=rita, role=Role.AUDITOR, team=care)
    for row in (rita, care):
        with pytest.raises(ProtectedError):
            row.delete()


def test_a_team_needs_a_code_and_a_name_of_its_own(care: Team) -> None:
    for name, code in (("Customer care", "other"), ("Other", "care"), ("", "x"), ("Spaces", "a b")):
        with pytest.raises(AccountError):
            create_team(by=SYSTEM, name=name, code=code)


def test_the_list_of_teams_counts_people_and_not_roles(olive: User, rita: User, care: Team, search: Team) -> None:
    grant_role(by=SYSTEM, person=olive, role=Role.PRODUCT_OWNER, team=care)
    grant_role(by=SYSTEM, person=olive, role=Role.AUDITOR, team=care)
    grant_role(by=SYSTEM, person=rita, role=Role.AUDITOR, team=care, starts_on=date(2999, 1, 1))
    assert {team.code: vars(team)["people"] for team in team_list()} == {"care": 1, "search": 0}


def test_one_address_is_one_person_whatever_its_letter_case(olive: User) -> None:
    with pytest.raises(AccountError, match="already here"):
        make_person("OLIVE Again")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=olive.pk).update(email="Olive@example.com")


def test_an_external_person_needs_an_end(olive: User) -> None:
    with pytest.raises(AccountError, match="when the access"):
        make_person("Carl Counsel", kind="external_counsel")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=olive.pk).update(kind="external_auditor")


def test_a_reference_is_made_from_the_key(olive: User) -> None:
    assert olive.reference == f"USR-{olive.pk:05d}"
    assert User.by_reference(olive.reference) == olive
