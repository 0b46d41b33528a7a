"""The durable work of evidence: building a pack."""

from __future__ import annotations

from datetime import timedelta

from evidence.actions import BUILD, build_pack
from evidence.errors import EvidenceError
from foundation.jobs.actions import GiveUp
from foundation.jobs.registry import Claimed, Finish, job_kind


@job_kind(BUILD, lease=timedelta(seconds=30), max_attempts=6)  # renewed while it works; a killed worker costs 30 s
def build(job: Claimed) -> Finish | None:
    """Build the edition that the payload names. A contradiction in the rows is not tried again: a person must look."""
    payload = job.payload
    try:
        return build_pack(review_id=payload["review"], edition=payload["edition"], through=payload.get("through"))
    except EvidenceError as error:
        raise GiveUp(str(error)) from error
