"""What people say on a review. Words here never touch the decision, its digests or its revision."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.accounts.actors import actor_for
from foundation.accounts.models import User
from foundation.accounts.policy import require
from foundation.audit.canonical import digest
from foundation.audit.kinds import Kind
from foundation.audit.recorder import record
from reviews.actions.locking import related_to
from reviews.errors import ReviewError
from reviews.models import CounselNote, Message, MessageKind, Review
from reviews.policies import may_see_counsel_notes, may_write

_KINDS = {
    MessageKind.QUESTION: Kind.REVIEW_QUESTION_ASKED,
    MessageKind.ANSWER: Kind.REVIEW_QUESTION_ANSWERED,
    MessageKind.REMARK: Kind.REVIEW_COMMENTED,
}


def write_message(
    *, review: Review, kind: str, text: str, by: User, check_number: int | None = None, clause: str = ""
) -> Message:
    """Ask, answer or remark on the review, a check or a clause."""
    if not text.strip():
        raise ReviewError(_("Write something first."))
    with transaction.atomic():
        require(may_write(by, review))
        message = Message.objects.create(
            review=review,
            kind=MessageKind(kind),
            author=by,
            text=text.strip(),
            check_number=check_number,
            clause=clause,
            written_at=timezone.now(),
        )
        record(
            _KINDS[MessageKind(kind)],
            actor=actor_for(by),
            subject=review.reference,
            related=related_to(review),
            facts={
                "message": message.pk,
                "check": check_number,
                "clause": clause,
                "text_digest": digest({"text": message.text}),
            },
        )
    return message


def write_counsel_note(*, review: Review, text: str, by: User, number: int | None = None) -> CounselNote:
    """Keep a note for legal roles only. It leaves no line in the log: the note is in no pack, mail, search or log."""
    if not text.strip():
        raise ReviewError(_("Write something first."))
    require(may_see_counsel_notes(by, review))
    return CounselNote.objects.create(
        review=review, number=number, author=by, text=text.strip(), written_at=timezone.now()
    )
