"""What accounts does as durable work."""

from __future__ import annotations

from functools import partial

from django.utils import timezone

from foundation.accounts.actions.passwords import PASSWORD_LINK
from foundation.accounts.actions.people import INVITATION
from foundation.accounts.invitation import mail_invitation, mail_password_link
from foundation.accounts.mail import SEND_MAIL, send_sealed
from foundation.accounts.models import User
from foundation.jobs.actions import GiveUp, forget_payload
from foundation.jobs.registry import Claimed, Finish, job_kind


@job_kind(INVITATION)
def send_invitation(job: Claimed) -> None:
    """Mail the link, unless the person's access has ended meanwhile. A retry may send it twice."""
    person = User.by_reference(job.ref)
    if person.may_sign_in(timezone.now()):
        mail_invitation(person)


@job_kind(PASSWORD_LINK)
def send_password_link(job: Claimed) -> None:
    """Mail a link to choose a new password. Without a person somebody asked for an address that nobody has."""
    if not job.ref:
        return
    person = User.by_reference(job.ref)
    if person.may_sign_in(timezone.now()):
        mail_password_link(person)


@job_kind(SEND_MAIL)
def send_mail(job: Claimed) -> Finish:
    """Send a mail of the sign-in library, then erase it from the row; it is erased too when it is given up on."""
    if not job.payload:
        raise GiveUp("This mail could not be sent in time and was erased. The person has to ask for it again.")
    try:
        send_sealed(job.payload)
    except Exception:
        if job.last_attempt:
            forget_payload(job_id=job.id)
        raise
    return partial(forget_payload, job_id=job.id)
