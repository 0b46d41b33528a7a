"""What somebody with the application's connection to the database tries, past every Python rule."""

from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from foundation.audit import triggers
from foundation.audit.checkpoint_log import write_checkpoint
from foundation.audit.errors import AuditError
from foundation.audit.models import Checkpoint, Event, EventSubject
from foundation.audit.verify import verify_chain
from tests.foundation.audit.conftest import add_event
from tests.foundation.audit.test_checkpoint_notes import KEY

pytestmark = pytest.mark.django_db

COLUMNS = "seq, version, hash, prev, kind, recorded_at, occurred_at, actor_kind, actor_ref, subject, body"
ANYWHERE = [
    "UPDATE audit_event SET body = '{}' WHERE seq = 2",
    "UPDATE audit_event SET kind = 'review.rejected'",
    "UPDATE audit_event SET seq = seq + 10 WHERE seq = 3",
    "DELETE FROM audit_event",
    "DELETE FROM audit_event WHERE seq = 3",
    "UPDATE audit_eventsubject SET reference = 'REV-00099'",
    "DELETE FROM audit_eventsubject",
    "UPDATE audit_checkpoint SET root = 'x'",
    "DELETE FROM audit_checkpoint",
]
ON_SQLITE = [
    "UPDATE OR REPLACE audit_event SET seq = 1 WHERE seq = 2",
    f"INSERT OR REPLACE INTO audit_event ({COLUMNS}) SELECT seq, version, hash, prev, 'review.rejected', recorded_at,"
    " occurred_at, actor_kind, actor_ref, subject, body FROM audit_event WHERE seq = 2",
    f"INSERT OR REPLACE INTO audit_event ({COLUMNS}) SELECT 4, version, hash,"
    " (SELECT hash FROM audit_event WHERE seq = 3), kind, recorded_at, occurred_at, actor_kind, actor_ref, subject,"
    " body FROM audit_event WHERE seq = 2",
    "INSERT OR REPLACE INTO audit_eventsubject (id, event_id, reference) SELECT id, event_id, 'REV-00099'"
    " FROM audit_eventsubject",
    "INSERT OR REPLACE INTO audit_eventsubject (event_id, reference) SELECT event_id, reference"
    " FROM audit_eventsubject",
    "INSERT OR REPLACE INTO audit_checkpoint (size, root, note, created_at) SELECT size, 'x', note, created_at"
    " FROM audit_checkpoint",
    "INSERT INTO audit_event SELECT * FROM audit_event WHERE seq = 1 ON CONFLICT (seq) DO UPDATE SET body = '{}'",
]
ON_POSTGRESQL = [
    "TRUNCATE audit_event CASCADE",
    "TRUNCATE audit_eventsubject",
    "TRUNCATE audit_checkpoint",
    "SET LOCAL session_replication_role = replica; DELETE FROM audit_event",
    "SET LOCAL session_replication_role = replica; TRUNCATE audit_event CASCADE",
    "INSERT INTO audit_event SELECT * FROM audit_event WHERE seq = 1 ON CONFLICT (seq) DO UPDATE SET body = '{}'",
    "WITH gone AS (DELETE FROM audit_event WHERE seq = 3 RETURNING *) SELECT * FROM gone",
    "MERGE INTO audit_event USING (SELECT 1) AS one ON seq = 2 WHEN MATCHED THEN DELETE",
]
ATTACKS = ANYWHERE + (ON_SQLITE if connection.vendor == "sqlite" else ON_POSTGRESQL)


def run(statement: str, values: tuple[Any, ...] = ()) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def stored() -> list[list[tuple[object, ...]]]:
    return [list(model.objects.order_by("pk").values_list()) for model in (Event, EventSubject, Checkpoint)]


@pytest.mark.parametrize("statement", ATTACKS)
def test_the_database_refuses_and_keeps_every_row(statement):
    for number in range(1, 4):
        add_event(f"REV-0000{number}", related=["PRD-00001"])
    write_checkpoint(key=KEY)
    before = stored()
    connection.check_constraints()  # as after a commit: PostgreSQL would refuse TRUNCATE for another reason
    with pytest.raises(DatabaseError, match="append-only"):
        run(statement)
    assert stored() == before
    assert verify_chain(key=KEY.public_key()).ok


@pytest.mark.parametrize(
    ("seq", "prev"), [(5, "head"), (2, "head"), (3, "first"), (3, "0" * 64), (1, "0" * 64), (0, "head"), (-1, "head")]
)
def test_the_database_refuses_an_event_that_does_not_continue_the_chain(seq, prev):
    first, second = add_event(), add_event()
    prev = {"head": second.hash, "first": first.hash}.get(prev, prev)
    now = timezone.now()
    row = (seq, 1, "f" * 64, prev, "review.opened", now, now, "system", "x", "REV-00001", "{}")
    with pytest.raises(DatabaseError, match="append-only"):
        run(f"INSERT INTO audit_event ({COLUMNS}) VALUES ({', '.join(['%s'] * len(row))})", row)
    assert Event.objects.count() == 2


def test_no_hidden_row_number_of_sqlite_can_replace_an_earlier_event():
    if connection.vendor != "sqlite":
        pytest.skip("Only SQLite has hidden row numbers.")
    for _ in range(3):
        add_event()
    before = stored()
    run(
        f"INSERT OR REPLACE INTO audit_event (rowid, {COLUMNS}) SELECT 1, 4, version, 'new', hash, kind, recorded_at,"
        " occurred_at, actor_kind, actor_ref, subject, body FROM audit_event WHERE seq = 3"
    )
    assert stored()[0][:3] == before[0]
    assert verify_chain().broken_at == 4


def test_the_models_refuse_to_write_themselves_and_say_what_to_call():
    event = add_event()
    event.kind = "review.rejected"
    for attempt in (
        event.save,
        event.delete,
        Event.objects.all().delete,
        Event(seq=9).save,
        lambda: Event.objects.create(seq=9),
        lambda: Event.objects.bulk_create([Event(seq=9)]),
        lambda: Event.objects.update(kind="x"),
        lambda: Event.objects.bulk_update([event], ["kind"]),
        lambda: Event.objects.get_or_create(seq=9),
        lambda: EventSubject.objects.create(event=event, reference="x"),
        lambda: event.subjects.create(reference="x"),
        lambda: event.subjects.all().delete(),
        lambda: Checkpoint.objects.create(size=9),
    ):
        with pytest.raises(AuditError, match=r"record\(\)"):
            attempt()


def test_every_trigger_is_in_place_after_migrating():
    assert triggers.missing(connection) == []


@pytest.mark.parametrize("number", range(len(triggers._statements(connection))))
def test_a_dropped_trigger_is_named_by_the_check_and_by_verification(number):
    table, name = list(triggers._statements(connection))[number]
    run(f"DROP TRIGGER {name}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))
    assert triggers.missing(connection) == [name]
    assert [error.id for error in run_checks(tags=["database"], databases=["default"])] == ["audit.E001"]
    verification = verify_chain()
    assert not verification.ok
    assert name in verification.sentence
    call_command("protect_audit", verbosity=0)
    assert triggers.missing(connection) == []
    assert Event.objects.get().facts == {"triggers": [name]}


def test_a_trigger_with_another_body_counts_as_missing():
    if connection.vendor == "sqlite":
        run("DROP TRIGGER audit_event_no_update")
        run("CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event BEGIN SELECT 1; END")
        assert triggers.missing(connection) == ["audit_event_no_update"]
    else:
        run(
            "CREATE OR REPLACE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
            " $$BEGIN RETURN NULL; END$$"
        )
        assert len(triggers.missing(connection)) == 6


def test_a_trigger_that_is_switched_off_or_weakened_counts_as_missing():
    if connection.vendor != "postgresql":
        pytest.skip("Only PostgreSQL can switch a trigger off without dropping it.")
    run("ALTER TABLE audit_event DISABLE TRIGGER audit_event_no_change")
    run("ALTER TABLE audit_eventsubject ENABLE TRIGGER audit_eventsubject_no_change")
    assert set(triggers.missing(connection)) == {"audit_event_no_change", "audit_eventsubject_no_change"}
