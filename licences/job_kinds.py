"""What the licence base does as durable work."""

from __future__ import annotations

from foundation.audit.actors import Actor
from foundation.jobs.registry import Claimed, Finish, job_kind
from foundation.jobs.schedule import every
from foundation.outbound.errors import OutboundFailed
from licences.actions.bring_text import BRING_JOB, bring_text
from licences.actions.fetch_texts import FETCH_JOB, fetch_texts
from licences.actions.watch_texts import watch_texts
from licences.models import AddressCheck


@job_kind(FETCH_JOB, max_attempts=4)
def fetch_licence_texts(job: Claimed) -> None:
    """Ask Meta's addresses for the texts; tried again later where nothing answered. A re-run imports nothing twice."""
    silent = [one for one in fetch_texts(by=Actor.system("fetch_licence_texts")) if one.unreachable]
    if silent:
        raise OutboundFailed(f"{silent[0].problem} ({len(silent)} licence texts were not fetched)")


@job_kind(BRING_JOB, max_attempts=3)
def bring_licence_text(job: Claimed) -> Finish:
    """Fetch the address that a lawyer gave. After the last silent attempt the page says so; no job is left dead."""
    check = AddressCheck.objects.select_related("version", "asked_by").get(pk=job.payload["check"])
    return bring_text(check=check, last_attempt=job.last_attempt)


@every(minutes=24 * 60, name="licences.watch_texts", offset_minutes=4 * 60)
def watch_licence_texts(job: Claimed) -> None:
    """Look once a day whether Meta publishes other words. Without a network each address is noted as unreachable."""
    watch_texts(by=Actor.system("watch_licence_texts"))
