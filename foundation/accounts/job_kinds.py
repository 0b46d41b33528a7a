"""What accounts does as durable work."""

from __future__ import annotations

from django.utils import timezone

from foundation.accounts.actions.people import INVITATION
from foundation.accounts.invitation import mail_invitation
from foundation.accounts.models import User
from foundation.jobs.registry import Claimed, job_kind


@job_kind(INVITATION)
def send_invitation(job: Claimed) -> None:
    """Mail the link, unless the person's access has ended meanwhile. A retry may send it twice."""
    person = User.by_reference(job.ref)
    if person.may_sign_in(timezone.now()):
        mail_invitation(person)
