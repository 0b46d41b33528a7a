"""Reads that busy pages make again and again: Django writes their SQL once per process, not once per request.

A queryset is compiled anew each time it runs, and for a read with a few joins that takes longer than the answer. A read
here always has the same shape: nothing but the values that are given differs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, F, Func, QuerySet
from django.db.models.expressions import Expression
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row")
Value = int | str | datetime | list[int]


class Given(Expression):
    """The place in a filter where a value comes when the read is made: `filter(product=Given("product"))`."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)


class Among(Func):
    """A filter on a list of keys, however long: `filter(Among("product", "products"))`."""

    output_field = BooleanField()

    def __init__(self, column: str, name: str) -> None:
        super().__init__(F(column))
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:  # type: ignore[override]
        column, parameters = compiler.compile(self.source_expressions[0])
        listed = "= ANY(%s)" if connection.vendor == "postgresql" else "IN (SELECT value FROM json_each(%s))"
        return f"{column} {listed}", (*parameters, Given(self.name))


@dataclass(frozen=True)
class _Compiled:
    sql: str
    parameters: Sequence[Any]  # a Given stands where its value comes
    converters: Sequence[tuple[int, list[Callable[..., Any]], Any]]  # by column; SQLite for one has no instants

    def converted(self, rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
        for row in rows:
            cells = list(row)
            for position, functions, expression in self.converters:
                for function in functions:
                    cells[position] = function(cells[position], expression, connection)
            yield cells


def _sent(value: Value) -> Any:
    """A value as the database takes it: SQLite knows neither lists nor instants."""
    if connection.vendor == "postgresql":
        return value
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return json.dumps(value) if isinstance(value, list) else value


class Read(Generic[Row]):
    """A queryset of `values_list()`, with the class whose fields are its columns in their order."""

    def __init__(self, row: Callable[..., Row], queryset: Callable[[], QuerySet[Any, Any]]) -> None:
        self._row = row
        self._queryset = queryset
        self._compiled: dict[str, _Compiled] = {}  # by the kind of database

    def __call__(self, **given: Value) -> list[Row]:
        """The rows for these values. One query."""
        compiled = self._compiled.get(connection.vendor) or self._compile()
        parameters = [_sent(given[one.name]) if isinstance(one, Given) else one for one in compiled.parameters]
        with connection.cursor() as cursor:
            cursor.execute(compiled.sql, parameters)
            rows: Iterable[Sequence[Any]] = cursor.fetchall()
        if compiled.converters:
            rows = compiled.converted(rows)
        return [self._row(*row) for row in rows]

    def _compile(self) -> _Compiled:
        compiler = self._queryset().query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        columns = [expression for expression, _sql, _alias in compiler.select]
        converters = compiler.get_converters(columns)
        compiled = self._compiled[connection.vendor] = _Compiled(
            sql,
            tuple(parameters),
            [(position, functions, expression) for position, (functions, expression) in converters.items()],
        )
        return compiled
