"""A read gives the rows of its queryset, whatever it is asked for, and leaves no cell as the database kept it."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.db.models.query import QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from foundation.accounts.models import Membership, Team, User
from foundation.jobs.models import Job
from foundation.reads import Among, Given, Read
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


class Held(NamedTuple):
    role: str
    team: str | None
    since: object


def memberships() -> QuerySet:
    return (
        Membership.objects.filter(person=Given("person"))
        .order_by("role", "pk")
        .values_list("role", "team__name", "starts_on")
    )


def rows_of(person: User) -> list:
    return list(memberships_of(person).values_list("role", "team__name", "starts_on"))


def memberships_of(person: User) -> QuerySet:
    return Membership.objects.filter(person=person).order_by("role", "pk")


def test_it_gives_each_person_the_rows_that_their_queryset_gives(cast):
    read = Read(Held, memberships)
    people = list(User.objects.all())
    assert len(people) > 3
    for person in [*people, *reversed(people)]:
        assert read(person=person.pk) == [Held(*row) for row in rows_of(person)]


def test_nobody_has_no_rows(cast):
    assert Read(Held, memberships)(person=0) == []


def test_instants_yes_and_no_and_json_come_as_python_has_them(cast):
    now = timezone.now()
    made = Job.objects.create(
        kind="test.read",
        dedupe="one",
        payload={"deep": [1, {"two": None}]},
        ref="REV-00001",
        run_after=now,
        created_at=now,
    )
    columns = ("pk", "payload", "run_after", "lease_until")
    read = Read(lambda *cells: cells, lambda: Job.objects.filter(ref=Given("ref")).values_list(*columns))
    assert read(ref="REV-00001") == list(Job.objects.filter(pk=made.pk).values_list(*columns))
    assert read(ref="REV-00001")[0][1:3] == (made.payload, now)
    people = Read(lambda *cells: cells, lambda: User.objects.filter(pk=Given("key")).values_list("is_active"))
    assert people(key=cast.olive.pk) == [(True,)]
    assert people(key=cast.olive.pk)[0][0] is True


def test_what_is_given_is_never_part_of_the_statement(cast):
    read = Read(lambda *cells: cells, lambda: Team.objects.filter(name=Given("name")).values_list("pk"))
    cruel = "x' OR '1'='1"
    assert read(name=cruel) == []
    team = Team.objects.create(code="cruel", name=cruel)
    assert read(name=cruel) == [(team.pk,)]


def test_a_limit_and_two_values_keep_their_places(cast):
    role = Membership.objects.earliest("pk")
    read = Read(
        lambda key: key,
        lambda: Membership.objects.filter(role=Given("role"), person=Given("person")).values_list("pk")[:1],
    )
    assert read(person=role.person_id, role=role.role) == [role.pk]
    assert read(person=role.person_id, role="no such role") == []


def test_a_value_that_is_missing_is_an_error_and_no_empty_answer(cast):
    with pytest.raises(KeyError):
        Read(Held, memberships)()


def test_it_takes_one_query_and_builds_its_queryset_once(cast):
    built = []

    def queryset() -> QuerySet:
        built.append(1)
        return memberships()

    read = Read(Held, queryset)
    with CaptureQueriesContext(connection) as captured:
        read(person=cast.olive.pk)
        read(person=cast.rita.pk)
    assert (len(captured), len(built)) == (2, 1)


@pytest.mark.parametrize("number", [0, 1, 3, 2000])
def test_a_list_of_keys_finds_exactly_those_rows(cast, number):
    read = Read(lambda key: key, lambda: User.objects.filter(Among("pk", "keys")).order_by("pk").values_list("pk"))
    keys = [*User.objects.order_by("pk").values_list("pk", flat=True)[:number], *range(90_000, 90_000 + number - 3)]
    assert read(keys=keys) == list(User.objects.filter(pk__in=keys).order_by("pk").values_list("pk", flat=True))


def test_a_list_of_keys_reaches_through_a_join(cast):
    read = Read(
        lambda name: name,
        lambda: (
            User.objects.filter(Among("memberships__team", "teams")).order_by("name").values_list("name").distinct()
        ),
    )
    expected = User.objects.filter(memberships__team=cast.team).distinct().order_by("name")
    assert read(teams=[cast.team.pk]) == [person.name for person in expected] != []


def test_postgresql_plans_a_read_once_for_the_connection(cast):
    if connection.vendor != "postgresql":
        pytest.skip("Only PostgreSQL keeps plans on the connection.")
    read = Read(Held, memberships)
    for _ in range(4):
        read(person=cast.olive.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM pg_prepared_statements WHERE statement LIKE '%team__name%'")
        assert cursor.fetchone()[0] == 1


def test_an_instant_that_is_given_is_compared_to_the_microsecond(cast):
    now = timezone.now()
    people = User.objects.order_by("pk")
    first, second = people[:2]
    people.filter(pk=first.pk).update(date_joined=now)
    people.filter(pk=second.pk).update(date_joined=now + timedelta(microseconds=1))
    read = Read(
        lambda key: key,
        lambda: (
            User.objects.filter(Among("pk", "keys"), date_joined__lte=Given("until")).order_by("pk").values_list("pk")
        ),
    )
    keys = [first.pk, second.pk]
    assert read(keys=keys, until=now) == [first.pk]
    assert read(keys=keys, until=now + timedelta(microseconds=1)) == keys
    elsewhere = (now + timedelta(microseconds=1)).astimezone(ZoneInfo("Asia/Tokyo"))
    assert read(keys=keys, until=elsewhere) == keys
