"""What can be found: every clause of the current texts, every obligation and policy item in our words. Kept in memory.

The base has about a thousand passages and changes a few times a year, so they are read once for each state of it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from foundation.files.errors import DamagedFile
from licences.clauses import APPENDED_AUP
from licences.document import split_text
from licences.models import AupItemRow, Clause, LicenceText, LlamaVersion, ObligationRow
from licences.normalise import straighten
from licences.outline import UnsplittableText
from licences.search.definitions import terms_in
from licences.search.slips import Words
from licences.words import OBLIGATION_TITLES

Kind = Literal["clause", "obligation", "item"]

# Of an obligation's parameters, those that somebody may search for word by word, such as the display.
SEARCHED_PARAMETERS = ("text", "prefix", "mark", "excluded")

# How else the pages call a kind of obligation, beside its title.
ALSO_CALLED = {
    "mau": "MAU threshold, users test",
    "mau-exception": "integrated end user products",
    "notice": "attribution notice, Notice line",
    "display": "attribution, display duty",
    "name-prefix": "name duty, model names",
    "eu-multimodal": "EU paragraph",
    "marks": "marks",
}

# 3.1 is one word: PostgreSQL reads it as a number, and SQLite as a phrase of two.
WORD = re.compile(r"\d+\.\d+|[^\W_]+(?:['’][^\W_]+)?")


@dataclass(frozen=True)
class Passage:
    """One thing that can be found, with the clause under which it is shown."""

    kind: Kind
    key: int  # of its row
    version: int  # position in the order of release
    slug: str
    name: str
    citation: str  # LICENSE 1.b.i
    heading: str
    text: str
    printed_heading: str = ""  # as the file prints it, for showing; heading and text are for finding
    printed_text: str = ""
    duty: str = ""  # of an obligation: its kind

    @property
    def searched(self) -> str:
        """The words that are searched."""
        return f"{self.heading} {self.text}"


@dataclass(frozen=True, eq=False)  # one object for each state: what is kept for it is found by identity
class Base:
    """All passages of one state of the licence base, with their words, their citations and the terms they define."""

    passages: tuple[Passage, ...]
    words: Words
    citations: frozenset[str]
    terms: Mapping[str, tuple[str, ...]]  # in small letters, with the clauses that define it


def typed_words(text: str) -> list[str]:
    """The words of a text, of any script; an accent that is typed apart belongs to its letter."""
    return [found.replace("’", "'") for found in WORD.findall(unicodedata.normalize("NFC", text))]


def words_of(text: str) -> list[str]:
    """The words of a text in small letters."""
    return [word.lower() for word in typed_words(text)]


def base_now() -> Base:
    """The passages as they are now. Two queries while nothing changed."""
    texts = LicenceText.objects.filter(is_current=True).order_by("pk").values_list("pk", "blob_id")
    catalogue = LlamaVersion.objects.order_by("pk").values_list("pk", "catalogue_digest")
    return _read(tuple(texts), tuple(catalogue))


@lru_cache(maxsize=2)
def _read(current: tuple[tuple[int, str], ...], catalogue: tuple[tuple[int, str], ...]) -> Base:
    """The passages of these texts, by key and SHA-256, under these versions, by key and digest of their terms."""
    texts = tuple(key for key, _sha256 in current)
    versions = {
        key: (position, slug, name)
        for key, position, slug, name in LlamaVersion.objects.values_list("pk", "position", "slug", "name")
    }
    passages = [*_clauses(texts, versions), *_obligations(versions), *_items(versions)]
    return Base(
        tuple(passages), _words(passages), frozenset(one.citation for one in passages), _terms_defined(passages)
    )


def _words(passages: Iterable[Passage]) -> Words:
    often, pairs = Counter[str](), set[tuple[str, str]]()
    for one in passages:
        words = words_of(one.searched)
        often.update(words)
        pairs.update(pairwise(words))
    return Words(often, pairs)


def _terms_defined(passages: Iterable[Passage]) -> dict[str, tuple[str, ...]]:
    """Each term that a clause defines, with the clauses: a clause of its own before one that says it on the way."""
    found: dict[str, dict[str, None]] = {}
    for one in passages:
        if one.kind == "clause":
            for term in terms_in(one.text):
                found.setdefault(" ".join(words_of(term)), {})[one.citation] = None
    return {term: tuple(sorted(there, key=lambda one: "definition." not in one)) for term, there in found.items()}


Versions = dict[int, tuple[int, str, str]]


def _clauses(texts: tuple[int, ...], versions: Versions) -> list[Passage]:
    rows = Clause.objects.filter(text__in=texts).order_by("text__version__position", "text__kind", "position")
    printed = _printed(texts)
    # The policy that Llama 3 appends to its agreement is found once, as the policy.
    rows = rows.exclude(clause_id__startswith=f"{APPENDED_AUP}.")
    return [
        Passage(
            "clause",
            key,
            *versions[version],
            f"{document(kind)} {clause_id}",
            heading,
            body,
            *printed.get((text, clause_id, heading, body), (heading, body)),
        )
        for key, text, version, kind, clause_id, heading, body in rows.values_list(
            "pk", "text", "text__version", "text__kind", "clause_id", "heading", "body"
        )
    ]


def _printed(texts: tuple[int, ...]) -> dict[tuple[int, str, str, str], tuple[str, str]]:
    """Heading and text of each clause as its file prints them, by text, clause and the words that are stored of it.

    A file that cannot be read or split any more has none: what is found is then shown as it is searched.
    """
    printed = {}
    for text in LicenceText.objects.filter(pk__in=texts):
        try:
            parts = split_text(text)
        except (DamagedFile, UnsplittableText):
            continue
        for part in parts:
            stored = (straighten(part.printed_heading), straighten(part.printed_text))
            printed[(text.pk, part.id, *stored)] = (part.printed_heading, part.printed_text)
    return printed


def _obligations(versions: Versions) -> list[Passage]:
    rows = ObligationRow.objects.order_by("version__position", "position")
    return [
        Passage(
            "obligation",
            key,
            *versions[version],
            clauses[0],
            names_of_duty(kind),
            f"{summary} {_values(parameters)}".strip(),
            duty=kind,
        )
        for key, version, clauses, kind, summary, parameters in rows.values_list(
            "pk", "version", "clauses", "kind", "summary", "parameters"
        )
        if clauses
    ]


def names_of_duty(kind: str) -> str:
    """What the pages call a kind of obligation, and the kind itself; an obligation is found by these too."""
    title = str(OBLIGATION_TITLES.get(kind, ""))
    return " ".join(name for name in (title, kind.replace("-", " "), ALSO_CALLED.get(kind, "")) if name)


def _items(versions: Versions) -> list[Passage]:
    rows = AupItemRow.objects.order_by("version__position", "position")
    return [
        Passage("item", key, *versions[version], f"AUP {item_id}", "", subject)
        for key, version, item_id, subject in rows.values_list("pk", "version", "item_id", "subject")
    ]


def document(kind: str) -> str:
    """How citations name a document."""
    return "LICENSE" if kind == "agreement" else "AUP"


def _values(parameters: Mapping[str, str]) -> str:
    return " ".join(str(parameters[name]) for name in SEARCHED_PARAMETERS if parameters.get(name))
