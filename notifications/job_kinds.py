"""What notifications does as durable work."""

from __future__ import annotations

from django.utils import timezone

from foundation.jobs.registry import Claimed, job_kind
from foundation.jobs.schedule import every
from notifications.actions import SEND_MAIL, read_log, remind
from notifications.mail import send


@every(minutes=1, name="notifications.read_log")
def read_new_events(job: Claimed) -> None:
    """Notices follow the log within a minute or so."""
    read_log()


@every(minutes=60, name="notifications.remind")
def remind_of_what_waits(job: Claimed) -> None:
    """Every hour, because a due day begins at midnight of the company, not of the portal."""
    remind(timezone.now())


@job_kind(SEND_MAIL)
def send_mail(job: Claimed) -> None:
    """One mail of one notice."""
    send(int(job.payload["notice"]))
