"""Which passages hold the words, best first: by PostgreSQL's full text search, or by SQLite's (FTS5) beside it."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db import connection
from django.db.models import Case, F, QuerySet, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from licences.models import AupItemRow, Clause, ObligationRow
from licences.search.passages import SEARCHED_PARAMETERS, Base, Kind, Passage, names_of_duty
from licences.search.spelling import Meant
from licences.words import OBLIGATION_TITLES

Ranked = list[tuple[Passage, float]]
"""Passages with their rank: more is better, and zero is none."""


def ranked(base: Base, words: Sequence[Meant], *, every: bool) -> Ranked:
    """The passages that hold every word, or any of them."""
    asked = [one.words for one in words if one.words]
    if not asked or (every and len(asked) < len(words)):
        return []
    found = _ON[connection.vendor](base, asked, every)
    return sorted(found, key=lambda one: (-one[1], -one[0].version))


# --- PostgreSQL -----------------------------------------------------------------------------------------------
def _on_postgresql(base: Base, asked: Sequence[Sequence[str]], every: bool) -> Ranked:
    query = SearchQuery(_tsquery(asked, every), search_type="raw", config="english")
    ranks: dict[tuple[Kind, int], float] = {}
    for kind, rows, vector in _searched():
        found = rows.annotate(vector=vector).filter(vector=query).annotate(rank=SearchRank(F("vector"), query))
        ranks |= {(kind, key): rank for key, rank in found.values_list("pk", "rank")}
    return [(one, rank) for one in base.passages if (rank := ranks.get((one.kind, one.key))) is not None]


def _searched() -> list[tuple[Kind, QuerySet[Any], Combinable]]:
    """The rows of each kind with the words that are searched: those of Passage.searched."""
    values = [Coalesce(KT(f"parameters__{name}"), Value("", output_field=TextField())) for name in SEARCHED_PARAMETERS]
    return [
        ("clause", Clause.objects.filter(text__is_current=True), _vector("heading", weight="A") + _vector("body")),
        ("obligation", ObligationRow.objects.all(), _vector(_duty_names(), weight="A") + _vector("summary", *values)),
        ("item", AupItemRow.objects.all(), _vector("subject")),
    ]


def _duty_names() -> Case:
    """The names of a kind of obligation, which no column holds."""
    names = [When(kind=kind, then=Value(names_of_duty(kind))) for kind in OBLIGATION_TITLES]
    return Case(*names, default=Value(""), output_field=TextField())


def _vector(*expressions: Any, weight: str = "B") -> SearchVector:
    return SearchVector(*expressions, config="english", weight=weight)


def _tsquery(asked: Sequence[Sequence[str]], every: bool) -> str:
    """Words as words_of() finds them hold no operator of a query; in quotes, several are one phrase."""
    groups = ["(" + " | ".join(_quoted(word, "'") for word in words) + ")" for words in asked]
    return (" & " if every else " | ").join(groups)


# --- SQLite ---------------------------------------------------------------------------------------------------
_ONE_AT_A_TIME = threading.Lock()
_FTS5 = "SELECT rowid, -bm25(passages, 2.0, 1.0) FROM passages WHERE passages MATCH ?"  # a heading counts twice


def _on_sqlite(base: Base, asked: Sequence[Sequence[str]], every: bool) -> Ranked:
    groups = ["(" + " OR ".join(_quoted(word, '"') for word in words) + ")" for words in asked]
    query = (" AND " if every else " OR ").join(groups)
    with _ONE_AT_A_TIME:
        rows = _index(base).execute(_FTS5, [query])
        return [(base.passages[place], max(rank, 1e-9)) for place, rank in rows.fetchall()]


@lru_cache(maxsize=2)
def _index(base: Base) -> sqlite3.Connection:
    """An index in memory, made once for each state of the base: a thousand passages take some twenty milliseconds."""
    index = sqlite3.connect(":memory:", check_same_thread=False)
    index.execute("CREATE VIRTUAL TABLE passages USING fts5(heading, text, tokenize = 'porter unicode61')")
    index.executemany(
        "INSERT INTO passages (rowid, heading, text) VALUES (?, ?, ?)",
        [(place, one.heading, one.text) for place, one in enumerate(base.passages)],
    )
    return index


def _quoted(word: str, quote: str) -> str:
    return quote + word.replace(quote, quote * 2) + quote


_ON: dict[str, Callable[[Base, Sequence[Sequence[str]], bool], Ranked]] = {
    "postgresql": _on_postgresql,
    "sqlite": _on_sqlite,
}
