# ruff: noqa: S608 - every name in this SQL is a constant of this module
"""Triggers that keep the log append-only, in plain SQL for each database.

They refuse what goes past Django: UPDATE, DELETE, TRUNCATE, and inserts that do not continue the chain (`INSERT OR
REPLACE` rewrites a row on SQLite without firing its update or delete triggers). Whoever owns the database can still
remove them; `missing()` and the signed checkpoints find that out. They make tampering evident, not impossible.

A migration that alters one of these tables must end with `install(schema_editor.connection)`: SQLite rebuilds the
table and drops its triggers. Only the test harness calls `remove()`, around Django's flush.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

from foundation.audit.errors import AuditError

REFUSED = "The audit log is append-only"
FIRST_PREV = "0" * 64

# Table -> how a row of it is the same as one that is there already. PostgreSQL's own constraints suffice for that.
_TABLES = {
    "audit_event": "seq = NEW.seq OR hash = NEW.hash",
    "audit_eventsubject": "id = NEW.id OR (event_id = NEW.event_id AND reference = NEW.reference)",
    "audit_checkpoint": "id = NEW.id OR size = NEW.size",
}


def install(connection: BaseDatabaseWrapper) -> None:
    """Create every trigger that is not there as it should be."""
    remove(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for name, body in _POSTGRESQL_FUNCTIONS.items():
                cursor.execute(_postgresql_function(name, body))
        for (table, name), statement in _statements(connection).items():
            cursor.execute(statement)
            if connection.vendor == "postgresql":
                # ALWAYS: session_replication_role = replica does not switch it off.
                cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def remove(connection: BaseDatabaseWrapper) -> None:
    """Remove every trigger. For the test harness around a flush, and for a migration that alters these tables."""
    with connection.cursor() as cursor:
        for table, name in _statements(connection):
            on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Name the triggers that are absent, switched off or not as they were installed."""
    wanted = _statements(connection)
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            stored = dict(cursor.fetchall())
            return [name for (_, name), statement in wanted.items() if stored.get(name) != statement]
        cursor.execute(
            "SELECT c.relname, t.tgname, p.proname, p.prosrc, pg_get_triggerdef(t.oid) FROM pg_trigger t"
            " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE c.relnamespace = current_schema()::regnamespace AND NOT t.tgisinternal AND t.tgenabled = 'A'"
        )
        there = {(table, name): (function, body, text) for table, name, function, body, text in cursor.fetchall()}
    return [
        name for (table, name), statement in wanted.items() if not _as_installed(statement, there.get((table, name)))
    ]


def _statements(connection: BaseDatabaseWrapper) -> dict[tuple[str, str], str]:
    """The CREATE TRIGGER statements of this database, by table and name."""
    if connection.vendor == "sqlite":
        return _sqlite()
    if connection.vendor == "postgresql":
        return _postgresql()
    raise AuditError(f"The audit log has no triggers for {connection.vendor}: use PostgreSQL or SQLite.")


def _sqlite() -> dict[tuple[str, str], str]:
    statements = {}
    for table, same_row in _TABLES.items():
        for verb in ("update", "delete"):
            name = f"{table}_no_{verb}"
            statements[table, name] = (
                f"CREATE TRIGGER {name} BEFORE {verb.upper()} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{REFUSED}: no {verb} of {table}'); END"
            )
        name = f"{table}_no_replace"
        statements[table, name] = (
            f"CREATE TRIGGER {name} BEFORE INSERT ON {table}"
            f" WHEN EXISTS (SELECT 1 FROM {table} WHERE {same_row})"
            f" BEGIN SELECT RAISE(ABORT, '{REFUSED}: this row is in {table} already'); END"
        )
    statements["audit_event", "audit_event_chain"] = (
        "CREATE TRIGGER audit_event_chain BEFORE INSERT ON audit_event BEGIN"
        f" SELECT RAISE(ABORT, '{REFUSED}: seq must follow the last event')"
        " WHERE NEW.seq IS NOT (SELECT COALESCE(MAX(seq), 0) + 1 FROM audit_event);"
        f" SELECT RAISE(ABORT, '{REFUSED}: prev must be the hash of the last event')"
        " WHERE NEW.prev IS NOT"
        f" COALESCE((SELECT hash FROM audit_event ORDER BY seq DESC LIMIT 1), '{FIRST_PREV}'); END"
    )
    return statements


_POSTGRESQL_FUNCTIONS = {
    "audit_refuse_change": f"BEGIN RAISE EXCEPTION '{REFUSED}: no % of %', lower(TG_OP), TG_TABLE_NAME; END",
    "audit_check_chain": (
        "DECLARE last_seq bigint; last_hash text; BEGIN"
        " SELECT seq, hash INTO last_seq, last_hash FROM audit_event ORDER BY seq DESC LIMIT 1;"
        " IF NEW.seq IS DISTINCT FROM COALESCE(last_seq, 0) + 1 THEN"
        f" RAISE EXCEPTION '{REFUSED}: seq must follow the last event'; END IF;"
        f" IF NEW.prev IS DISTINCT FROM COALESCE(last_hash, '{FIRST_PREV}') THEN"
        f" RAISE EXCEPTION '{REFUSED}: prev must be the hash of the last event'; END IF;"
        " RETURN NEW; END"
    ),
}


def _postgresql_function(name: str, body: str) -> str:
    return f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $audit${body}$audit$"


def _postgresql() -> dict[tuple[str, str], str]:
    statements = {}
    for table in _TABLES:
        name = f"{table}_no_change"
        statements[table, name] = (
            f"CREATE TRIGGER {name} BEFORE DELETE OR UPDATE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION audit_refuse_change()"
        )
        name = f"{table}_no_truncate"
        statements[table, name] = (
            f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change()"
        )
    statements["audit_event", "audit_event_chain"] = (
        "CREATE TRIGGER audit_event_chain BEFORE INSERT ON audit_event"
        " FOR EACH ROW EXECUTE FUNCTION audit_check_chain()"
    )
    return statements


def _as_installed(statement: str, found: tuple[str, str, str] | None) -> bool:
    """Compare a trigger of PostgreSQL with what we install; its catalogue writes the table with its schema."""
    if found is None:
        return False
    function, body, text = found
    table = statement.split(" ON ")[1].split()[0]
    schema_free = text.replace(f" ON {text.split(' ON ')[1].split()[0]} ", f" ON {table} ")
    schema_free = schema_free.replace(text.split("EXECUTE FUNCTION ")[1], f"{function}()")
    return schema_free == statement and _POSTGRESQL_FUNCTIONS.get(function) == body
