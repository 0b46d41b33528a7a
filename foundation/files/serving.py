"""Hand a stored file to somebody who may have it: as a download that no browser interprets, with a line in the log."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.http import HttpResponse

from foundation.audit.actors import Actor
from foundation.audit.kinds import Kind
from foundation.audit.recorder import record
from foundation.files import store
from foundation.files.models import Blob
from foundation.files.uploads import TYPES


def hand_out(blob: Blob, *, name: str, actor: Actor, subject: str, related: Iterable[str] = ()) -> HttpResponse:
    """The file as an attachment called `name`; the caller has asked the policy of the object that it belongs to.

    A file that was changed on the disk is refused with FileError. The event is there before the first byte leaves.
    """
    data = store.read(blob.sha256)
    known = TYPES.get(blob.media_type)
    with transaction.atomic():
        record(Kind.DOCUMENT_DOWNLOADED, actor=actor, subject=subject, related=related, facts={"document": blob.sha256})
    answer = HttpResponse(data, content_type=known.media_type if known else "application/octet-stream")
    extension = known.extensions[0] if known else ""
    answer["Content-Disposition"] = f'attachment; filename="{name}{extension}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
