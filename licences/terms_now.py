"""The terms of versions as they stand beside the texts that are relied on now: with what of them may be out of date.

The words are compared by their digests, which are read along with the versions. Only where they differ are the clauses
held against each other, and only where the file that the terms were written for is stored here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple, Protocol

from django.db.models import FilteredRelation, Q

from foundation.files.errors import DamagedFile
from foundation.reads import Given, Read
from licences.behind import UP_TO_DATE, Behind, reworded
from licences.clauses import DOCUMENT_NAMES
from licences.document import matched, names_folded
from licences.models import LicenceText, LlamaVersion
from licences.outline import UnsplittableText
from licences.queries import terms_by_digest
from licences.reading import VersionHere
from licences.terms import Terms

Stored = Callable[[str, str], str | None]  # SHA-256 of a stored file by its kind and the digest of its words


class Relied(NamedTuple):
    """The text of a kind that new reviews rely on."""

    kind: str
    sha256: str
    words_digest: str


class _Text(Protocol):
    """What is asked of a text, whether it is a row or was read in another shape."""

    @property
    def kind(self) -> str: ...
    @property
    def sha256(self) -> str: ...
    @property
    def words_digest(self) -> str: ...
    @property
    def is_current(self) -> bool: ...


class _Line(NamedTuple):
    slug: str
    name: str
    digest: str
    kind: str | None
    sha256: str | None
    words: str | None


_LINES = Read(
    _Line,
    lambda: (
        LlamaVersion.objects.annotate(now=FilteredRelation("texts", condition=Q(texts__is_current=True)))
        .order_by("position", "now__kind")
        .values_list("slug", "name", "catalogue_digest", "now__kind", "now__blob_id", "now__words_digest")
    ),
)
_STORED = Read(
    str,
    lambda: (
        LicenceText.objects.filter(version__slug=Given("slug"), kind=Given("kind"), words_digest=Given("words"))
        .order_by("pk")
        .values_list("blob_id")
    ),
)


def versions_now() -> list[tuple[VersionHere, Terms]]:
    """Every version, oldest first, with its terms. One query; one more for each document with other words."""
    versions: dict[VersionHere, dict[str, Relied]] = {}
    for line in _LINES():
        relied = versions.setdefault(VersionHere(line.slug, line.name, line.digest), {})
        if line.kind and line.sha256 and line.words:
            relied[line.kind] = Relied(line.kind, line.sha256, line.words)
    terms = terms_by_digest(version.digest for version in versions)
    return [
        (version, beside(terms[version.digest], relied, _stored_of(version.slug)))
        for version, relied in versions.items()
    ]


def every_terms() -> dict[str, Terms]:
    """The terms of every version by slug, in order of release. Queries as for versions_now()."""
    return {version.slug: terms for version, terms in versions_now()}


def beside_texts(terms: Terms, texts: Iterable[_Text]) -> Terms:
    """The terms beside the texts of the version, where all of these were read. No query."""
    every = list(texts)
    relied = {one.kind: Relied(one.kind, one.sha256, one.words_digest) for one in every if one.is_current}
    return beside(terms, relied, lambda kind, words: _among(every, kind, words))


def beside_current(terms: Terms, texts: Iterable[_Text]) -> Terms:
    """The terms beside current texts of the version, where others were not read. A query where words differ."""
    relied = {one.kind: Relied(one.kind, one.sha256, one.words_digest) for one in texts}
    return beside(terms, relied, _stored_of(terms.slug))


def if_relied_on(terms: Terms, text: _Text, texts: Iterable[_Text]) -> Terms:
    """The terms as they would stand if this text of the version were relied on, the other document left aside."""
    every = list(texts)
    relied = {text.kind: Relied(text.kind, text.sha256, text.words_digest)}
    return beside(terms, relied, lambda kind, words: _among(every, kind, words))


def beside(terms: Terms, relied: Mapping[str, Relied], stored: Stored) -> Terms:
    """The terms with what of them is behind the texts that are relied on."""
    found = [_behind(terms, one, stored) for _kind, one in sorted(relied.items())]
    behind = Behind(
        tuple(clause for one in found for clause in one.clauses),
        tuple(document for one in found for document in one.documents),
    )
    return replace(terms, behind=behind) if behind else terms


def _behind(terms: Terms, relied: Relied, stored: Stored) -> Behind:
    written_for = terms.text(relied.kind).words
    if relied.words_digest == written_for:
        return UP_TO_DATE
    return _compared(terms.slug, terms.name, relied.kind, stored(relied.kind, written_for), relied.sha256)


@lru_cache(maxsize=64)
def _compared(slug: str, name: str, kind: str, old: str | None, new: str) -> Behind:
    """What differs from the file that the terms were written for; the whole document where that cannot be said."""
    document = DOCUMENT_NAMES["agreement" if kind == "agreement" else "aup"]
    if old is None:
        return Behind(documents=(document,))
    try:
        return Behind(clauses=reworded(document, matched(kind, old, new, names_folded(slug, name))))
    except (DamagedFile, UnsplittableText):
        return Behind(documents=(document,))


def _stored_of(slug: str) -> Stored:
    return lambda kind, words: next(iter(_STORED(slug=slug, kind=kind, words=words)), None)


def _among(texts: Iterable[_Text], kind: str, words: str) -> str | None:
    return next((one.sha256 for one in texts if one.kind == kind and one.words_digest == words), None)
