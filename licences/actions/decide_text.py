"""A lawyer decides on a text that was kept apart."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.accounts.actors import actor_for
from foundation.accounts.models import User
from foundation.accounts.policy import require
from foundation.audit.kinds import Kind
from foundation.audit.recorder import record
from foundation.jobs.actions import enqueue
from licences.errors import LicenceError
from licences.models import LicenceText, LlamaVersion, TextStanding
from licences.policies import may_decide_texts

# Reviews registers it: which approvals relied on the words before is not for this room to know.
IMPACT_JOB = "reviews.impact_run"


def accept_text(*, text: LicenceText, by: User, note: str) -> LicenceText:
    """New reviews rely on this text from now; approvals that rest on another one keep naming theirs."""
    require(may_decide_texts(by))
    note = _reason(note)
    with transaction.atomic():
        text = _lock(text)
        if text.is_current:
            raise LicenceError(_("This text is the current one already. There is nothing to accept."))
        if not text.clauses.exists():
            raise LicenceError(
                _("This text has no clauses, so no check could cite it. Add a copy whose numbering can be read.")
            )
        replaced = LicenceText.objects.filter(version=text.version, kind=text.kind, is_current=True).first()
        if replaced:
            replaced.is_current = False
            replaced.save(update_fields=["is_current"])
        _decide(text, TextStanding.ACCEPTED, by, note)
        if replaced and replaced.words_digest != text.words_digest:
            enqueue(
                kind=IMPACT_JOB,
                dedupe=f"{IMPACT_JOB}:{text.pk}:{text.decided_at:%Y-%m-%dT%H:%M:%S.%f}",
                ref=text.version.slug,
                payload={"text": text.pk, "replaced": replaced.pk},
            )
        _record(Kind.LICENCE_TEXT_ACCEPTED, text, by, replaced)
    return text


def refuse_text(*, text: LicenceText, by: User, note: str) -> LicenceText:
    """This text is not relied on. It stays in the base, with the reason."""
    require(may_decide_texts(by))
    note = _reason(note)
    with transaction.atomic():
        text = _lock(text)
        if text.standing != TextStanding.CANDIDATE:
            raise LicenceError(
                _("This text is no longer waiting for a decision. Reload the page to see what it is now.")
            )
        _decide(text, TextStanding.REFUSED, by, note)
        _record(Kind.LICENCE_TEXT_REFUSED, text, by, None)
    return text


def _reason(note: str) -> str:
    if not note.strip():
        raise LicenceError(_("Say in a sentence why, for those who read the record later."))
    return note.strip()


def _lock(text: LicenceText) -> LicenceText:
    """The row as it is now. The version is locked first, as in every import, so that one text at most is current."""
    LlamaVersion.objects.select_for_update(no_key=True).get(pk=text.version_id)
    return LicenceText.objects.select_related("version").get(pk=text.pk)


def _decide(text: LicenceText, standing: TextStanding, by: User, note: str) -> None:
    text.standing = standing
    text.is_current = standing == TextStanding.ACCEPTED
    text.decided_by = by
    text.decided_at = timezone.now()
    text.decision_note = note
    text.save()


def _record(kind: Kind, text: LicenceText, by: User, replaced: LicenceText | None) -> None:
    record(
        kind,
        actor=actor_for(by),
        subject=text.version.slug,
        facts={
            "document": text.kind,
            "sha256": text.sha256,
            "words": text.words_digest,
            "match": text.match,
            "current": text.is_current,
            "replaced_sha256": replaced.sha256 if replaced else "",
            "reason": text.decision_note,
        },
    )
