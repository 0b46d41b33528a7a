"""The only writer of the log. Call `record()` last in the action's transaction and take no lock after it."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from django.db import connection, models
from django.utils import timezone

from foundation.audit.actors import Actor, ActorKind
from foundation.audit.canonical import JSON, canonical, digest
from foundation.audit.context import current_request
from foundation.audit.errors import AuditError
from foundation.audit.forbidden import refuse_unsafe_facts
from foundation.audit.kinds import Kind
from foundation.audit.models import REFERENCE_LENGTH, Event, EventSubject, PersonalValue

SCHEMA = "licence-desk/audit-event"
VERSION = 1  # inside the hash and the document; old events keep theirs and are never rewritten
FIRST_PREV = "0" * 64  # what the first event names as its predecessor
LARGEST_BODY = 64 * 1024
ADVISORY_LOCK = 0x4C44_4155_4449_5401  # "LDAUDIT" and a 1: the number is arbitrary but must never change

_FIELD = re.compile(r"[a-z][a-z0-9_]{0,59}")


def record(
    kind: Kind | str,
    *,
    actor: Actor,
    subject: str,
    related: Iterable[str] = (),
    facts: Mapping[str, JSON] | None = None,
    personal: Mapping[str, str] | None = None,
    at: datetime | None = None,
) -> Event:
    """Append one event to the log, chained to the one before, in the caller's transaction.

    `subject` and `related` are references such as REV-00147. `facts` are hashed as they are, so they hold no personal
    data and no secret; `personal` values (names, e-mail, addresses) are hashed as salted commitments and stored apart.
    `at` is when it took effect, if that is not now; when it was recorded is always the portal's clock.
    """
    if not connection.in_atomic_block:
        raise AuditError(
            "record() belongs inside transaction.atomic(), so that change and event commit together or not at all."
        )
    registered = _registered(kind)
    facts = facts or {}
    refuse_unsafe_facts(facts)
    subject, actor_ref = _reference(subject), _reference(actor.ref)
    others = sorted({_reference(reference) for reference in related} - {subject})
    request = current_request()
    values = _personal_values(actor, personal or {})
    salts = {field: secrets.token_hex(32) for field in values}
    recorded_at = timezone.now().astimezone(UTC)
    occurred_at = _utc(at) if at else recorded_at
    body = canonical(
        {
            "schema": SCHEMA,
            "version": VERSION,
            "kind": registered.value,
            "recorded_at": instant(recorded_at),
            "occurred_at": instant(occurred_at),
            "actor": {"kind": actor.kind.value, "ref": actor_ref},
            "subject": subject,
            "related": others,
            "request": request.request_id if request else None,
            "facts": facts,
            "personal": {field: commitment(field, salts[field], value) for field, value in values.items()},
        }
    )
    if len(body.encode("utf-8")) > LARGEST_BODY:
        raise AuditError(
            f"The event is larger than {LARGEST_BODY // 1024} KiB: store the content and record its digest."
        )

    _wait_for_turn()
    seq, prev = _next_place()
    event = Event(
        seq=seq,
        version=VERSION,
        hash=event_hash(VERSION, prev, seq, body),
        prev=prev,
        kind=registered.value,
        recorded_at=recorded_at,
        occurred_at=occurred_at,
        actor_kind=actor.kind.value,
        actor_ref=actor_ref,
        subject=subject,
        body=body,
    )
    # The models refuse to save themselves: this module alone goes past that.
    models.Model.save(event, force_insert=True)
    subjects: models.QuerySet[EventSubject] = models.QuerySet(EventSubject)
    subjects.bulk_create(EventSubject(event=event, reference=reference) for reference in [subject, *others])
    PersonalValue.objects.bulk_create(
        PersonalValue(event=event, field=field, salt=salts[field], value=value) for field, value in values.items()
    )
    return event


def event_hash(version: int, prev: str, seq: int, body: str) -> str:
    """SHA-256 over version (1 byte), previous hash (32 bytes), seq (8 bytes, big endian) and the canonical JSON."""
    head = version.to_bytes(1, "big") + bytes.fromhex(prev) + seq.to_bytes(8, "big")
    return hashlib.sha256(head + body.encode("utf-8")).hexdigest()


def commitment(field: str, salt: str, value: str) -> str:
    """Commit to a personal value: the digest of field, salt and value. Without the salt it says nothing."""
    return digest({"field": field, "salt": salt, "value": value})


def instant(moment: datetime) -> str:
    """Write an instant in UTC with microseconds, as it stands in every hashed event."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _registered(kind: Kind | str) -> Kind:
    try:
        return Kind(kind)
    except ValueError as error:
        raise AuditError(f"{kind!r} is not a kind of event: add it to foundation/audit/kinds.py.") from error


def _reference(reference: str) -> str:
    plain = str(reference)
    if not plain or len(plain) > REFERENCE_LENGTH or not plain.isprintable() or plain != plain.strip():
        raise AuditError(
            f"{reference!r} is not a reference: use one such as REV-00147, at most {REFERENCE_LENGTH} characters."
        )
    if "@" in plain:
        raise AuditError("A reference holds no e-mail address: it is hashed as it is, and could never be erased.")
    return plain


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise AuditError("`at` needs a time zone: pass an aware datetime.")
    return moment.astimezone(UTC)


def _personal_values(actor: Actor, personal: Mapping[str, str]) -> dict[str, str]:
    """Gather what must not stand in the hashed body in clear: the actor's name, address and user agent, and more."""
    values = {} if actor.kind == ActorKind.SYSTEM else {"actor_name": actor.name}
    if request := current_request():
        values |= {"address": request.address, "user_agent": request.user_agent}
    for field, value in personal.items():
        if field in {"actor_name", "address", "user_agent"} or not _FIELD.fullmatch(field):
            raise AuditError(
                f"{field!r} cannot name a personal value: use small letters, digits and _, and none that record() sets."
            )
        if not isinstance(value, str):
            raise AuditError(f"The personal value {field} is not text: pass it as text.")
        values[field] = value
    refuse_unsafe_facts(dict.fromkeys(values, ""), personal=True)
    # NUL cannot be stored by PostgreSQL; half a surrogate pair cannot be hashed. Both only come from odd clients.
    clean = {
        field: value.replace("\0", "").encode("utf-8", "replace").decode("utf-8") for field, value in values.items()
    }
    return {field: value for field, value in clean.items() if value}


def _wait_for_turn() -> None:
    """Let one transaction at a time append. SQLite's IMMEDIATE transaction already holds the write lock."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK])


def _next_place() -> tuple[int, str]:
    last = Event.objects.order_by("-seq").values_list("seq", "hash").first()
    return (last[0] + 1, last[1]) if last else (1, FIRST_PREV)
