"""Whether the stored licence texts are still those that were imported."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from foundation.files import store
from foundation.files.errors import DamagedFile
from licences import clauses
from licences.models import Clause, LicenceText
from licences.normalise import UnreadableText, words_digest
from licences.outline import UnsplittableText


@dataclass(frozen=True)
class TextProblem:
    """One text that is not what was imported."""

    version: str  # Llama 3.1
    document: str  # LICENSE, AUP
    sha256: str
    sentence: str


def verify_texts() -> list[TextProblem]:
    """Read every text anew: its bytes, its words and each clause must have the digests that were stored."""
    problems = []
    for text in LicenceText.objects.select_related("version").prefetch_related("clauses"):
        why = _what_is_wrong(text)
        if why:
            sentence = _("%(version)s %(document)s, file %(sha256)s: %(why)s") % {
                "version": text.version.name,
                "document": text.document,
                "sha256": text.sha256,
                "why": why,
            }
            problems.append(TextProblem(text.version.name, text.document, text.sha256, sentence))
    return problems


def _what_is_wrong(text: LicenceText) -> str:
    try:
        data = store.read(text.sha256)
    except DamagedFile as error:
        return str(error)
    try:
        words = words_digest(data)
    except UnreadableText as error:
        return str(error)
    if words != text.words_digest:
        return _("the digest of its words is not the one that was stored. Find out who changed the row.")
    stored = [_stored(clause) for clause in text.clauses.all()]
    if stored != _cut_from(data, text):
        return _("its clauses are not those of the file. Find out who changed them, and import the file again.")
    return ""


def _stored(clause: Clause) -> tuple[str, ...]:
    return clause.clause_id, clause.printed_label, clause.heading, clause.body, clause.digest


def _cut_from(data: bytes, text: LicenceText) -> list[tuple[str, ...]]:
    """What the file splits into today; nothing where it cannot be split, as when it was imported."""
    try:
        parts = clauses.split(data, "agreement" if text.document == "LICENSE" else "aup")
    except UnsplittableText:
        return []
    return [(part.id, part.printed_label, part.heading, part.text, part.digest) for part in parts]
