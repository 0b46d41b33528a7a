"""Many more products, as copies of rows that the real actions left. PostgreSQL only: it writes with COPY.

A copy has keys and references of its own everywhere: in its rows, in its documents, and in its lines of the log, which
continue the chain and pass its triggers. The digests inside a signed document still are those of the original, so a
copy is good for every page and every signature, and not for an evidence pack: those are measured on originals.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models, transaction

from deployments.models import (
    Approval,
    Component,
    Declaration,
    Deployment,
    FactEdit,
    ModelSheet,
    Observation,
    Product,
    ProductEntity,
    ProductSheet,
    Rollout,
)
from evidence.models import EvidencePack
from foundation.accounts.models import SigningProof, Team, User
from foundation.audit.models import Event, EventSubject, PersonalValue
from foundation.audit.recorder import FIRST_PREV, VERSION, event_hash
from foundation.audit.references import Referenced
from foundation.jobs.models import Job
from reviews.models import Check, Condition, Message, Review, SignOff, Step

REFERENCE = re.compile(r"\b([A-Z]{3})-(\d{5,})\b")
Row = list[str]
Render = Callable[[int], str]


def to_number(templates: Sequence[Product], number: int, teams: Sequence[tuple[Team, User]]) -> None:
    """Copy the templates, all of them again and again, until there are about so many products."""
    rounds = max(0, round((number - Product.objects.count()) / len(templates)))
    if rounds:
        with transaction.atomic():
            _Copier(templates, rounds, teams).write()


def events() -> int:
    return Event.objects.count()


def rows_of(templates: Sequence[Product]) -> list[models.QuerySet[Any]]:
    """Every row that belongs to these products, table by table."""
    products = [product.pk for product in templates]
    reviews = Review.objects.filter(component__product__in=products)
    approvals = Approval.objects.filter(component__product__in=products)
    sign_offs = SignOff.objects.filter(review__in=reviews)
    return [
        Product.objects.filter(pk__in=products),
        ProductSheet.objects.filter(product__in=products),
        ProductEntity.objects.filter(product__in=products),
        Component.objects.filter(product__in=products),
        Deployment.objects.filter(product__in=products),
        ModelSheet.objects.filter(component__product__in=products),
        FactEdit.objects.filter(product__in=products),
        Declaration.objects.filter(sheet__component__product__in=products),
        reviews,
        Review.scope_entities.through.objects.filter(review__in=reviews),
        Review.scope_deployments.through.objects.filter(review__in=reviews),
        Check.objects.filter(review__in=reviews),
        Step.objects.filter(review__in=reviews),
        SigningProof.objects.filter(pk__in=sign_offs.values("proof")),
        sign_offs,
        Condition.objects.filter(review__in=reviews),
        Message.objects.filter(review__in=reviews),
        approvals,
        Approval.entities.through.objects.filter(approval__in=approvals),
        Approval.deployments.through.objects.filter(approval__in=approvals),
        Observation.objects.filter(component__product__in=products),
        Rollout.objects.filter(component__product__in=products),
        EvidencePack.objects.filter(review__in=reviews),
        Job.objects.filter(ref__in=[review.reference for review in reviews]),
    ]


class _Copier:
    """Knows, for every table, by how much the keys of one round of copies are moved."""

    def __init__(self, templates: Sequence[Product], rounds: int, teams: Sequence[tuple[Team, User]]) -> None:
        self.rounds = rounds
        self.teams = teams
        self.tables = rows_of(templates)
        self.keys: dict[type[models.Model], set[int]] = {}
        self.moves: dict[type[models.Model], tuple[int, int]] = {}
        self.prefixes: dict[str, type[models.Model]] = {}
        for rows in self.tables:
            model = rows.model
            keys = set(rows.order_by().values_list("pk", flat=True))
            last = model._default_manager.order_by("-pk").values_list("pk", flat=True).first() or 0
            first = min(keys, default=0)
            self.keys[model] = keys
            self.moves[model] = (last + 1 - first, max(keys, default=0) - first + 1)
            if issubclass(model, Referenced):
                self.prefixes[model.prefix] = model

    def moved(self, model: type[models.Model], key: int, copy: int) -> int:
        base, span = self.moves[model]
        return key + base + copy * span

    def write(self) -> None:
        for rows in self.tables:
            if self.keys[rows.model]:
                self._write_table(rows)
        self._write_log()
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), [rows.model for rows in self.tables]):
                cursor.execute(statement)

    def _write_table(self, rows: models.QuerySet[Any]) -> None:
        model = rows.model
        fields = model._meta.concrete_fields
        columns = [field.column for field in fields]
        originals = self._read(model, columns)
        writers = [[self._cell(model, field, cell, line) for field, cell in zip(fields, line, strict=True)]
                   for line in originals]  # fmt: skip
        digest = (columns.index("document"), columns.index("digest")) if model in {Declaration, SignOff} else None

        def lines() -> Iterator[str]:
            for copy in range(self.rounds):
                for cells in writers:
                    line = [cell if isinstance(cell, str) else cell(copy) for cell in cells]
                    if digest:
                        document = line[digest[0]].replace("\\\\", "\\")
                        line[digest[1]] = hashlib.sha256(document.encode()).hexdigest()
                    yield "\t".join(line)

        _copy_in(model._meta.db_table, columns, lines())

    def _read(self, model: type[models.Model], columns: Sequence[str]) -> list[Row]:
        names = ", ".join(f'"{column}"' for column in columns)
        keys = ", ".join(map(str, sorted(self.keys[model])))
        statement = f'COPY (SELECT {names} FROM "{model._meta.db_table}" WHERE id IN ({keys}) ORDER BY id) TO STDOUT'
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            text = b"".join(bytes(part) for part in copy).decode()
        return [line.split("\t") for line in text.splitlines()]

    def _cell(self, model: type[models.Model], field: models.Field[Any, Any], cell: str, line: Row) -> str | Render:
        """What stands in this cell of each copy: the same text, or what a function says."""
        if cell == "\\N":
            return cell
        target = field.remote_field.model if field.remote_field else model if field.primary_key else None
        if target in self.keys and int(cell) in self.keys[target]:
            key = int(cell)
            return lambda copy: str(self.moved(target, key, copy))
        if model is Product and field.name == "name":
            return lambda copy: f"{cell} {copy + 1}"
        if model is Product and field.name in {"team", "owner"}:
            place = ("team", "owner").index(field.name)
            return lambda copy: str(self.teams[(copy + len(line)) % len(self.teams)][place].pk)
        if model is SigningProof and field.name == "code":
            return lambda copy: str(uuid.uuid4())
        if model is Job and field.name == "payload":
            review = int(re.search(r'"review": ?(\d+)', cell)[1])  # type: ignore[index]
            return lambda copy: cell.replace(str(review), str(self.moved(Review, review, copy)), 1)
        return self.text(cell)

    def text(self, text: str) -> str | Render:
        """The text with the references of the copy in it."""
        parts: list[str | Render] = []
        end = 0
        for found in REFERENCE.finditer(text):
            model, key = self.prefixes.get(found[1]), int(found[2])
            if model is None or key not in self.keys[model]:
                continue
            parts += [text[end : found.start()], self._reference(found[1], model, key)]
            end = found.end()
        if not parts:
            return text
        parts.append(text[end:])
        return lambda copy: "".join(part if isinstance(part, str) else part(copy) for part in parts)

    def _reference(self, prefix: str, model: type[models.Model], key: int) -> Render:
        return lambda copy: f"{prefix}-{self.moved(model, key, copy):05d}"

    def _write_log(self) -> None:
        """The events about the originals, told again of every copy, as the chain goes on."""
        references = [
            row.reference
            for rows in self.tables
            if issubclass(rows.model, Referenced)
            for row in rows.model._default_manager.filter(pk__in=self.keys[rows.model])
        ]
        concerned = EventSubject.objects.filter(reference__in=references).values("event")
        originals = list(Event.objects.filter(pk__in=concerned).order_by("seq"))
        about = [list(event.subjects.order_by("pk").values_list("reference", flat=True)) for event in originals]
        personal = [list(event.personal_values.values_list("field", "salt", "value")) for event in originals]
        last = Event.objects.order_by("-seq").values_list("seq", "hash").first() or (0, FIRST_PREV)
        bodies = [self.text(event.body) for event in originals]
        subjects = [self.text(event.subject) for event in originals]

        def event_lines() -> Iterator[str]:
            seq, prev = last
            for copy in range(self.rounds):
                for event, written, subject in zip(originals, bodies, subjects, strict=True):
                    body = written if isinstance(written, str) else written(copy)
                    seq, before = seq + 1, prev
                    prev = event_hash(VERSION, before, seq, body)
                    yield "\t".join(
                        [
                            str(seq), str(VERSION), prev, before, event.kind, event.recorded_at.isoformat(),
                            event.occurred_at.isoformat(), event.actor_kind, event.actor_ref,
                            subject if isinstance(subject, str) else subject(copy), _escaped(body),
                        ]
                    )  # fmt: skip

        def subject_lines() -> Iterator[str]:
            rendered = [[self.text(reference) for reference in references] for references in about]
            seq = last[0]
            for copy in range(self.rounds):
                for references in rendered:
                    seq += 1
                    for one in references:
                        yield f"{seq}\t{one if isinstance(one, str) else one(copy)}"

        def personal_lines() -> Iterator[str]:
            seq = last[0]
            for _ in range(self.rounds):
                for values in personal:
                    seq += 1
                    for field, salt, value in values:
                        yield f"{seq}\t{field}\t{salt}\t{_escaped(value)}"

        columns = [
            "seq", "version", "hash", "prev", "kind", "recorded_at", "occurred_at", "actor_kind", "actor_ref",
            "subject", "body",
        ]  # fmt: skip
        _copy_in(Event._meta.db_table, columns, event_lines())
        _copy_in(EventSubject._meta.db_table, ["event_id", "reference"], subject_lines())
        _copy_in(PersonalValue._meta.db_table, ["event_id", "field", "salt", "value"], personal_lines())


def _copy_in(table: str, columns: Sequence[str], lines: Iterable[str]) -> None:
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
        waiting: list[str] = []
        for line in lines:
            waiting.append(line)
            if len(waiting) == 500:
                copy.write("\n".join(waiting) + "\n")
                waiting.clear()
        if waiting:
            copy.write("\n".join(waiting) + "\n")


def _escaped(text: str) -> str:
    """Text as COPY reads it."""
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
