"""Verify the whole log: every hash, link, column and commitment, every checkpoint, and every remembered hash.

It reads the log in pages, so a million events need no more memory than a thousand, and stops at the first line that is
broken. It calls none of the recorder's code for building a line: it hashes what is stored, by the written format.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection
from django.db.models import Exists, OuterRef

from foundation.audit import merkle, triggers
from foundation.audit.canonical import canonical, digest
from foundation.audit.checkpoint import BadCheckpoint, SignedRoot, verify_checkpoint
from foundation.audit.checkpoint_log import log_public_key
from foundation.audit.errors import AuditError
from foundation.audit.log_tree import BLOCK
from foundation.audit.models import Checkpoint, Event, EventSubject, PersonalValue, Subtree

_PAGE = 2000
_KNOWN_VERSIONS = frozenset({1})
_SCHEMA = "licence-desk/audit-event"


@dataclass(frozen=True, slots=True)
class Verification:
    """What was verified, and the first thing that is wrong, if any."""

    events: int
    head: str  # hash of the last good event
    root: str  # Merkle root over the good events
    checkpoints: int
    broken_at: int | None = None  # seq of the first broken line; None when nothing is, or when no line is to blame
    problem: str = ""

    @property
    def ok(self) -> bool:
        return not self.problem

    @property
    def sentence(self) -> str:
        """The outcome for a person."""
        if self.ok:
            return (
                f"The log is intact: {self.events} events, {self.checkpoints} checkpoints,"
                f" head {self.head}, root {self.root}."
            )
        place = f"Broken at event {self.broken_at}: " if self.broken_at is not None else ""
        return f"{place}{self.problem}"


class _Broken(Exception):  # noqa: N818 - never leaves this module
    def __init__(self, seq: int | None, problem: str) -> None:
        super().__init__(problem)
        self.seq = seq


def verify_chain(
    progress: Callable[[int], None] | None = None,
    *,
    outside: Iterable[str] = (),
    key: Ed25519PublicKey | None = None,
) -> Verification:
    """Verify the log of this database.

    `outside` are checkpoints that were kept somewhere else: only they show a log that was cut and signed again. `key`
    is the public key of the log from outside; without it the portal's own is used. `progress` hears how far it is.
    """
    checker = _Checker()
    try:
        checker.expect(outside, key)
        for page in _pages():
            checker.check(page)
            if progress:
                progress(checker.frontier.size)
        checker.finish()
        if absent := triggers.missing(connection):
            raise _Broken(
                None,
                f"These triggers are missing or changed: {', '.join(absent)}."
                " Events could be changed past the portal: find out who did it, then run manage.py protect_audit.",
            )
    except _Broken as broken:
        return checker.result(broken.seq, str(broken))
    return checker.result(None, "")


class _Checker:
    """Follows the chain line by line."""

    def __init__(self) -> None:
        self.head = "0" * 64
        self.frontier = merkle.Frontier()
        self.checked_checkpoints = 0
        self.roots: dict[int, list[tuple[str, bytes]]] = defaultdict(list)
        self.block = merkle.Frontier()
        self.remembered = dict(Subtree.objects.values_list("number", "root"))
        self.misremembered: list[int] = []

    def result(self, broken_at: int | None, problem: str) -> Verification:
        return Verification(
            events=self.frontier.size,
            head=self.head,
            root=self.frontier.root().hex(),
            checkpoints=self.checked_checkpoints,
            broken_at=broken_at,
            problem=problem,
        )

    def expect(self, outside: Iterable[str], key: Ed25519PublicKey | None) -> None:
        """Check the signature of every checkpoint, and remember the root that each one says."""
        stored = list(Checkpoint.objects.order_by("size").values_list("size", "root", "note"))
        notes = [(f"the stored checkpoint of size {size}", size, root, note) for size, root, note in stored]
        given = [("the checkpoint from outside", None, None, note) for note in outside]
        if not notes and not given:
            return
        try:
            key = key or log_public_key()
        except AuditError as error:
            raise _Broken(None, f"The signatures of checkpoints cannot be verified. {error}") from error
        for name, size, root, note in [*given, *notes]:
            said = self._signed(name, note, key)
            if size is not None and (said.size != size or said.root.hex() != root):
                raise _Broken(None, f"The columns of {name} differ from its signed text.")
            self.roots[said.size].append((name, said.root))
        self._compare_roots()

    def check(self, page: list[Event]) -> None:
        """Check one page of lines, with the rows that belong to them."""
        first, last = page[0].seq, page[-1].seq
        subjects: dict[int, set[str]] = defaultdict(set)
        rows = EventSubject.objects.filter(event_id__gte=first, event_id__lte=last)
        for event_id, reference in rows.values_list("event_id", "reference"):
            subjects[event_id].add(reference)
        values: dict[int, list[PersonalValue]] = defaultdict(list)
        for value in PersonalValue.objects.filter(event_id__gte=first, event_id__lte=last):
            values[value.event_id].append(value)
        for event in page:
            self._check_line(event)
            document = self._check_columns(event, subjects[event.seq])
            self._check_commitments(event, document, values[event.seq])
            self._grow(merkle.leaf_hash(bytes.fromhex(event.hash)))
            self.head = event.hash
            self._compare_roots()

    def finish(self) -> None:
        """Every checkpoint must have been reached: one that was not speaks of events that are gone."""
        if self.roots:
            size = max(self.roots)
            name = self.roots[size][0][0]
            raise _Broken(
                self.frontier.size + 1,
                f"{name} covers {size} events, but the log ends after {self.frontier.size}: its tail was cut off.",
            )
        gone = ~Exists(Event.objects.filter(seq=OuterRef("event_id")))
        orphans = [
            rows.filter(gone, event_id__gt=self.frontier.size) for rows in (EventSubject.objects, PersonalValue.objects)
        ]
        if any(rows.exists() for rows in orphans):
            raise _Broken(self.frontier.size + 1, "Rows of an event are there, but the event is gone: it was removed.")
        self._judge_what_was_remembered()

    def _grow(self, leaf: bytes) -> None:
        """Add a line to the tree, and compare the root of every full block with the one remembered."""
        self.frontier.append(leaf)
        self.block.append(leaf)
        if self.block.size == BLOCK:
            number = self.frontier.size // BLOCK - 1
            root = self.block.root().hex()
            if self.remembered.pop(number, root) != root:
                self.misremembered.append(number)
            self.block = merkle.Frontier()

    def _judge_what_was_remembered(self) -> None:
        """Last of all, because only now it is known what the checkpoints say."""
        if self.remembered:
            number = max(self.remembered)
            raise _Broken(
                self.frontier.size + 1,
                f"audit_subtree remembers a hash of {(number + 1) * BLOCK} events, but the log ends after"
                f" {self.frontier.size}: its tail was cut off.",
            )
        if self.misremembered:
            number = self.misremembered[0]
            raise _Broken(
                (number + 1) * BLOCK,
                f"the hash that row {number} of audit_subtree remembers of the {BLOCK} events up to here is not theirs:"
                " that row was changed, or they were rewritten. Verify with a checkpoint that was kept elsewhere; if"
                " it fits, delete the row: it is made again.",
            )

    def _check_line(self, event: Event) -> None:
        expected = self.frontier.size + 1
        if event.seq != expected:
            raise _Broken(expected, f"the event is missing (the next one is {event.seq}).")
        if event.version not in _KNOWN_VERSIONS:
            raise _Broken(event.seq, f"its format {event.version} is unknown to this release.")
        if event.prev != self.head:
            raise _Broken(event.seq, "its prev is not the hash of the event before it.")
        if not isinstance(event.body, str):  # SQLite stores what it is given, whatever the column says
            raise _Broken(event.seq, "its body is not text.")
        head = bytes([event.version]) + bytes.fromhex(event.prev) + event.seq.to_bytes(8, "big")
        if hashlib.sha256(head + event.body.encode("utf-8")).hexdigest() != event.hash:
            raise _Broken(event.seq, "its hash does not fit its content: one of them was changed.")

    def _check_columns(self, event: Event, references: set[str]) -> dict[str, object]:
        """The searchable columns must say what the hashed body says, or a page would show something else."""
        try:
            document = json.loads(event.body)
            if canonical(document) != event.body:
                raise _Broken(event.seq, "its body is not canonical JSON.")
            said = {
                "schema": (document["schema"], _SCHEMA),
                "version": (document["version"], event.version),
                "kind": (document["kind"], event.kind),
                "recorded_at": (document["recorded_at"], _instant(event.recorded_at)),
                "occurred_at": (document["occurred_at"], _instant(event.occurred_at)),
                "actor_kind": (document["actor"]["kind"], event.actor_kind),
                "actor_ref": (document["actor"]["ref"], event.actor_ref),
                "subject": (document["subject"], event.subject),
                "references": ({document["subject"], *document["related"]}, references),
            }
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise _Broken(event.seq, "its body is not an event of this log.") from error
        for column, (hashed, shown) in said.items():
            if hashed != shown:
                raise _Broken(event.seq, f"its {column} column says {shown!r}, but the hashed body says {hashed!r}.")
        return dict(document)

    def _check_commitments(self, event: Event, document: dict[str, object], values: list[PersonalValue]) -> None:
        """A personal value may be erased, but one that is there must be the one that was committed to."""
        commitments = document.get("personal")
        for value in values:
            expected = commitments.get(value.field) if isinstance(commitments, dict) else None
            if expected != digest({"field": value.field, "salt": value.salt, "value": value.value}):
                raise _Broken(event.seq, f"its personal value {value.field} does not fit the commitment to it.")

    def _signed(self, name: str, note: str, key: Ed25519PublicKey) -> SignedRoot:
        try:
            return verify_checkpoint(note, key)
        except BadCheckpoint as error:
            raise _Broken(None, f"This is wrong with {name}: {error}") from error

    def _compare_roots(self) -> None:
        """Compare the root so far with the checkpoints of exactly this size."""
        for name, root in self.roots.pop(self.frontier.size, []):
            if root != self.frontier.root():
                raise _Broken(
                    self.frontier.size,
                    f"{name} has another root for the first {self.frontier.size} events: the log was rewritten.",
                )
            self.checked_checkpoints += 1


def _pages() -> Iterable[list[Event]]:
    """The log in pages by key, which needs no long transaction and little memory."""
    last = -(2**63)  # a row that somebody put before the first event must be seen too
    while page := _page_after(last):
        yield page
        last = page[-1].seq


def _page_after(last: int) -> list[Event]:
    try:
        return list(Event.objects.filter(seq__gt=last).order_by("seq")[:_PAGE])
    except ValueError as error:  # SQLite gives back a date that is none
        raise _Broken(max(last, 0) + 1, f"an event from here on cannot be read: {error}") from error


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
