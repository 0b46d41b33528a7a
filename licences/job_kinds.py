"""What the licence base does as durable work."""

from __future__ import annotations

from foundation.audit.actors import Actor
from foundation.jobs.registry import Claimed, job_kind
from foundation.outbound.errors import OutboundFailed
from licences.actions.fetch_texts import FETCH_JOB, fetch_texts


@job_kind(FETCH_JOB, max_attempts=4)
def fetch_licence_texts(job: Claimed) -> None:
    """Ask Meta's addresses for the texts; tried again later where nothing answered. A re-run imports nothing twice."""
    silent = [one for one in fetch_texts(by=Actor.system("fetch_licence_texts")) if one.unreachable]
    if silent:
        raise OutboundFailed(f"{silent[0].problem} ({len(silent)} licence texts were not fetched)")
