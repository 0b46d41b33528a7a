"""Take in a licence text: keep its bytes, say what is known of it, and split it into clauses."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.accounts.actors import actor_for
from foundation.accounts.models import User
from foundation.accounts.policy import require
from foundation.audit.actors import Actor
from foundation.audit.kinds import Kind
from foundation.audit.recorder import record
from foundation.files import store
from foundation.files.uploads import TEXT
from licences import clauses
from licences.errors import LicenceError, TextOfAnother
from licences.known_texts import Knowledge, knowledge_of, known_elsewhere, shorten
from licences.models import Clause, LicenceText, LlamaVersion, TextKind, TextMatch, TextStanding
from licences.normalise import UnreadableText, words_digest
from licences.outline import UnsplittableText
from licences.policies import may_decide_texts
from licences.queries import terms_for

LARGEST_TEXT = 1024 * 1024  # the largest official file has 12 kB


def add_text(
    *, version: LlamaVersion, kind: TextKind, data: bytes, filename: str, source: str, by: User
) -> LicenceText:
    """Take in a text that a lawyer uploads. What is new in it stays apart until a lawyer accepts it."""
    require(may_decide_texts(by))
    return import_text(
        version=version, kind=kind, data=data, source=source, imported_by=actor_for(by), filename=filename
    )


def import_text(
    *,
    version: LlamaVersion,
    kind: TextKind,
    data: bytes,
    source: str,
    imported_by: Actor,
    filename: str = "",
    keep_of_another: bool = False,
) -> LicenceText:
    """Store one document of one version. The same bytes again change nothing, unless more is known of them by now.

    A copy that Meta is known to have published is accepted, and the catalogue's first copy becomes the current one
    unless a lawyer chose another. Any other text stays apart: nothing unread is relied on (design, rule 2).

    What Meta is known to have published for another version came to the wrong place: TextOfAnother names the right one.
    `keep_of_another` keeps it apart all the same, for what stands at an address of this version is for legal to know.
    """
    kind = TextKind(kind)
    words = _readable_words(data)
    parts, unsplittable = _split(data, kind)
    with transaction.atomic():
        version = LlamaVersion.objects.select_for_update(no_key=True).get(pk=version.pk)
        sha256 = hashlib.sha256(data).hexdigest()
        known = _knowledge(version, kind, sha256, words, keep_of_another=keep_of_another)
        label = shorten(_label(known, unsplittable))
        text = LicenceText.objects.filter(version=version, kind=kind, blob_id=sha256).first()
        if text and (text.decided_at or (text.match, text.label) == (known.match, label)):
            return text
        was_current = text is not None and text.is_current
        other = LicenceText.objects.filter(version=version, kind=kind, is_current=True).exclude(blob_id=sha256).first()
        standing, becomes_current = _standing(known, bool(unsplittable), other)
        if becomes_current and other:
            other.is_current = False
            other.save(update_fields=["is_current"])
        if text is None:
            text = LicenceText(version=version, kind=kind, blob=store.put(data, TEXT), words_digest=words)
            text.imported_at = timezone.now()
            text.imported_by = imported_by.ref
            text.source = known.source or source[:300]
        text.match = known.match
        text.label = label
        text.commit = known.commit
        text.text_date = known.text_date
        text.standing = standing
        text.is_current = becomes_current or (was_current and standing == TextStanding.ACCEPTED)
        new = text.pk is None
        text.save()
        if new:
            _store_clauses(text, parts)
        record(
            Kind.LICENCE_TEXT_IMPORTED,
            actor=imported_by,
            subject=version.slug,
            facts={
                "document": text.kind,
                "sha256": sha256,
                "words": words,
                "match": text.match,
                "label": text.label,
                "standing": text.standing,
                "current": text.is_current,
                "clauses": len(parts),
                "source": source[:300],
                "filename": filename[:150],
            },
        )
    return text


def _knowledge(version: LlamaVersion, kind: TextKind, sha256: str, words: str, *, keep_of_another: bool) -> Knowledge:
    known = knowledge_of(terms_for(version), kind, sha256, words)
    if known.match != TextMatch.DIFFERENT:
        return known
    others = LlamaVersion.objects.exclude(pk=version.pk)
    other = known_elsewhere(kind, sha256, words, [terms_for(one) for one in others])
    if other is None:
        return known
    if not keep_of_another and not LicenceText.objects.filter(version=version, kind=kind, blob_id=sha256).exists():
        raise TextOfAnother(_of_another(kind) % {"other": other.name, "version": version.name})
    return replace(known, label=f"Meta's {kind.label.lower()} of {other.name}, not of {version.name}")


def _label(known: Knowledge, unsplittable: str) -> str:
    """What is known, as the beginning of a sentence: whoever shows it writes the full stop."""
    if not unsplittable:
        return known.label
    return f"{known.label}; cannot be split into clauses: {unsplittable.rstrip('.')}"


def _of_another(kind: TextKind) -> str:
    if kind == TextKind.AGREEMENT:
        return _("This is Meta's agreement of %(other)s, not of %(version)s: add it there.")
    return _("This is Meta's acceptable use policy of %(other)s, not of %(version)s: add it there.")


def _readable_words(data: bytes) -> str:
    if len(data) > LARGEST_TEXT:
        raise LicenceError(
            _("The file has more than 1 MB, so it is no licence text. Add the plain text or Markdown file.")
        )
    try:
        words = words_digest(data)
    except UnreadableText as error:
        raise LicenceError(str(error)) from error
    if not data.strip():
        raise LicenceError(_("The file is empty. Download it again and add it then."))
    return words


def _split(data: bytes, kind: TextKind) -> tuple[list[clauses.Clause], str]:
    """The clauses, or the sentence that says why there are none."""
    try:
        return clauses.split(data, "agreement" if kind == TextKind.AGREEMENT else "aup"), ""
    except UnsplittableText as error:
        return [], str(error)


def _standing(known: Knowledge, unsplittable: bool, other: LicenceText | None) -> tuple[TextStanding, bool]:
    """Where the text stands from now, and whether new reviews rely on it instead of the other, current one."""
    chosen_by_a_lawyer = other is not None and other.decided_at is not None
    if unsplittable:
        return TextStanding.CANDIDATE, False
    if known.match == TextMatch.REPOSITORY_COPY:
        return TextStanding.ACCEPTED, known.primary and not chosen_by_a_lawyer
    if known.match == TextMatch.SAME_WORDS and known.primary and other is None:
        return TextStanding.ACCEPTED, True
    return TextStanding.CANDIDATE, False


def _store_clauses(text: LicenceText, parts: list[clauses.Clause]) -> None:
    Clause.objects.bulk_create(
        Clause(
            text=text,
            clause_id=part.id,
            printed_label=part.printed_label,
            heading=part.heading,
            body=part.text,
            depth=part.depth,
            parent_id_text=part.parent or "",
            position=part.position,
            digest=part.digest,
        )
        for part in parts
    )
