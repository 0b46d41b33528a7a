"""Bring the catalogue files into the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.audit.actors import Actor
from foundation.audit.canonical import digest
from foundation.audit.kinds import Kind
from foundation.audit.recorder import record
from foundation.jobs.actions import enqueue
from licences.catalogue_changes import catalogue_changes
from licences.errors import LicenceError
from licences.models import AupItemRow, LlamaVersion, ObligationRow
from licences.terms import CATALOGUE, Terms, document_of, load_catalogue

CATALOGUE_SCHEMA = "licence-desk/catalogue/1"
# Reviews registers it: which models a version was waited for by is not for this room to know.
VERSION_IMPACT_JOB = "reviews.version_impact"


@dataclass(frozen=True)
class SyncedVersion:
    """One version after the files were read; nothing changed where it was not added and `changes` is empty."""

    version: LlamaVersion
    added: bool
    changes: list[str]


def catalogue_digest(document: dict[str, Any]) -> str:
    """The digest of a catalogue file's content, with the schema inside."""
    return digest({"schema": CATALOGUE_SCHEMA, "catalogue": document})


@transaction.atomic
def sync_catalogue(*, by: Actor, folder: Path = CATALOGUE) -> list[SyncedVersion]:
    """Bring every file of the folder into the database; each added or changed version is one event.

    A version that is only in the database stays: a lawyer may have added it in the browser. Raises CatalogueError,
    which says what to write, before anything is changed.
    """
    catalogue = load_catalogue(folder)
    rows = {version.slug: version for version in LlamaVersion.objects.select_for_update(no_key=True).order_by("pk")}
    before = {slug: (version.catalogue_digest, version.catalogue) for slug, version in rows.items()}
    changed = {terms.slug for terms in catalogue if _write_version(rows, terms)}
    _put_in_order(rows.values())
    synced = []
    for terms in catalogue:
        version = rows[terms.slug]
        if terms.slug in changed:
            _write_obligations(version, terms)
            _write_aup_items(version, terms)
        added = terms.slug not in before
        old = {} if added else before[terms.slug][1]
        changes = catalogue_changes(old, version.catalogue) if terms.slug in changed and not added else []
        synced.append(SyncedVersion(version, added, changes))
    for one in synced:
        if one.added and before:  # of the first versions of all, nobody can have been waiting
            _look_for_models(one.version)
    for one in synced:
        if one.version.slug in changed:
            _record(one, before.get(one.version.slug, ("", {}))[0], by)
    return synced


def add_version(*, terms: Terms, by: Actor) -> LlamaVersion:
    """Bring one version into the database that no file of the catalogue has. Must be in a transaction."""
    rows = {version.slug: version for version in LlamaVersion.objects.select_for_update(no_key=True).order_by("pk")}
    if terms.slug in rows:
        raise LicenceError(_("%(name)s is here already.") % {"name": terms.name})
    _write_version(rows, terms)
    _put_in_order(rows.values())
    version = rows[terms.slug]
    _write_obligations(version, terms)
    _write_aup_items(version, terms)
    _look_for_models(version)
    _record(SyncedVersion(version, added=True, changes=[]), "", by)
    return version


def _look_for_models(version: LlamaVersion) -> None:
    """Products may name a model of this version already: a job looks."""
    enqueue(
        kind=VERSION_IMPACT_JOB,
        dedupe=f"{VERSION_IMPACT_JOB}:{version.pk}",
        ref=version.slug,
        payload={"version": version.pk},
    )


def _write_version(rows: dict[str, LlamaVersion], terms: Terms) -> bool:
    """Make or change the row of this version; False when it says the same already."""
    document = document_of(terms)
    sealed = catalogue_digest(document)
    version = rows.get(terms.slug)
    if version is None:
        last = max((row.position for row in rows.values()), default=0)
        version = rows[terms.slug] = LlamaVersion(slug=terms.slug, position=last + 1)
    elif version.catalogue_digest == sealed:
        return False
    version.name = terms.name
    version.released_on = date.fromisoformat(terms.date)
    version.catalogue = document
    version.catalogue_digest = sealed
    version.synced_at = timezone.now()
    version.save()
    return True


def _put_in_order(versions: Iterable[LlamaVersion]) -> None:
    """Number the versions by date. In two passes: while they move, two must never stand on one place."""
    ordered = sorted(versions, key=lambda version: (version.released_on, version.slug))
    if [version.position for version in ordered] == list(range(1, len(ordered) + 1)):
        return
    beyond = max(len(ordered), *(version.position for version in ordered))
    for start in (beyond, 0):
        for place, version in enumerate(ordered, start=start + 1):
            version.position = place
            version.save(update_fields=["position"])


def _write_obligations(version: LlamaVersion, terms: Terms) -> None:
    """Make the obligations of a version these, and no others."""
    rows = [
        ObligationRow(
            version=version,
            key=one.key,
            kind=one.kind,
            clauses=list(one.clauses),
            summary=one.summary,
            triggers=[one.trigger],
            parameters=dict(one.parameters),
            position=place,
        )
        for place, one in enumerate(terms.obligations, start=1)
    ]
    version.obligations.exclude(key__in=[row.key for row in rows]).delete()
    ObligationRow.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["version", "key"],
        update_fields=["kind", "clauses", "summary", "triggers", "parameters", "position"],
    )


def _write_aup_items(version: LlamaVersion, terms: Terms) -> None:
    """Make the policy items of a version these, and no others."""
    rows = [
        AupItemRow(
            version=version,
            item_id=one.id,
            printed_label=one.printed_label,
            subject=one.subject,
            group=one.group,
            sectors=list(one.sectors),
            position=place,
        )
        for place, one in enumerate(terms.aup_items, start=1)
    ]
    version.aup_items.exclude(item_id__in=[row.item_id for row in rows]).delete()
    AupItemRow.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["version", "item_id"],
        update_fields=["printed_label", "subject", "group", "sectors", "position"],
    )


def _record(synced: SyncedVersion, digest_before: str, by: Actor) -> None:
    record(
        Kind.CATALOGUE_CHANGED,
        actor=by,
        subject=synced.version.slug,
        facts={
            "version": synced.version.name,
            "added": synced.added,
            "changes": list(synced.changes),
            "digest": synced.version.catalogue_digest,
            "digest_before": digest_before,
        },
    )
