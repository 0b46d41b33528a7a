"""Erase personal values under the retention schedule. The commitments stay, so the chain stays valid."""

from __future__ import annotations

from collections.abc import Collection

from foundation.audit.actors import Actor
from foundation.audit.errors import AuditError
from foundation.audit.kinds import Kind
from foundation.audit.models import Event, PersonalValue
from foundation.audit.recorder import record


def erase_personal_values(*, actor: Actor, subject: str, events: Collection[int], fields: Collection[str]) -> Event:
    """Erase these fields of these events, value and salt, and record how many were erased and why (`subject`).

    The caller decides that the retention schedule allows it and that no hold forbids it, in the same transaction.
    """
    if not events or not fields:
        raise AuditError("Say which events and which fields to erase.")
    erased, _ = PersonalValue.objects.filter(event_id__in=events, field__in=fields).delete()
    return record(
        Kind.AUDIT_PERSONAL_ERASED,
        actor=actor,
        subject=subject,
        facts={"values": erased, "fields": sorted(fields), "first": min(events), "last": max(events)},
    )
