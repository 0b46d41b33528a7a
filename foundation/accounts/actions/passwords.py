"""Ask for a link to choose a new password, as anybody may who knows an address."""

from __future__ import annotations

import uuid

from django.db import transaction

from foundation.accounts.models import User
from foundation.jobs.actions import enqueue

PASSWORD_LINK = "accounts.send_password_link"  # noqa: S105 - the name of a job


def ask_for_password_link(*, email: str) -> None:
    """Enqueue the mail. An address that nobody has costs the same work, so that the time of the answer tells nothing.

    The row names the person and holds no link: the job makes it. Of a stranger it holds nothing at all.
    """
    person = User.objects.filter(email=email.strip().lower()).first()
    with transaction.atomic():
        enqueue(
            kind=PASSWORD_LINK,
            dedupe=f"{PASSWORD_LINK}:{uuid.uuid4()}",
            ref=person.reference if person else "",
        )
