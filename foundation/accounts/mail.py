"""Mail of the sign-in library, put into a job: encrypted as long as it waits there, erased when it has gone.

It may hold a link that opens an account, and a row of work is read by more people than a mailbox.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

from django.core.mail import EmailMessage
from django.db import transaction

from foundation.jobs.actions import enqueue
from foundation.keys.box import decrypt, encrypt

SEND_MAIL = "accounts.send_mail"
_PURPOSE = "mail"


def send_later(message: EmailMessage) -> None:
    """Send the text of this mail from a job, which belongs to the caller's transaction where there is one."""
    content = {"subject": message.subject, "body": message.body, "from": message.from_email, "to": message.to}
    sealed = encrypt(json.dumps(content), purpose=_PURPOSE)
    with transaction.atomic():
        enqueue(kind=SEND_MAIL, dedupe=f"{SEND_MAIL}:{uuid.uuid4()}", payload={"sealed": sealed})


def send_sealed(payload: Mapping[str, Any]) -> None:
    """Send what `send_later` put away."""
    content = json.loads(decrypt(payload["sealed"], purpose=_PURPOSE))
    EmailMessage(content["subject"], content["body"], content["from"], content["to"]).send()
