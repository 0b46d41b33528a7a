"""What reviews does as durable work."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from foundation.jobs.registry import Claimed, job_kind
from foundation.jobs.schedule import every
from licences.actions.decide_text import IMPACT_JOB
from licences.actions.sync_catalogue import VERSION_IMPACT_JOB
from licences.models import LicenceText, LlamaVersion
from reviews.actions.impact_of_text import run_impact_of_text
from reviews.actions.impact_of_version import run_impact_of_version
from reviews.actions.trigger_reviews import open_triggered_reviews


@every(minutes=60, name="reviews.open_triggered")
def open_what_is_called_for(job: Claimed) -> None:
    """Every hour: facts of entities and licence texts change without anybody touching the product."""
    open_triggered_reviews(timezone.now())


@job_kind(IMPACT_JOB, lease=timedelta(minutes=20))
def look_at_what_a_text_touches(job: Claimed) -> None:
    """After a text with other words was accepted. A run that was cut off goes on where it stood."""
    texts = LicenceText.objects.select_related("version").in_bulk([job.payload["text"], job.payload["replaced"]])
    run_impact_of_text(text=texts[job.payload["text"]], replaced=texts[job.payload["replaced"]])


@job_kind(VERSION_IMPACT_JOB, lease=timedelta(minutes=20))
def look_at_what_a_version_touches(job: Claimed) -> None:
    """After a version was added, by a file or in the browser. A run that was cut off goes on where it stood."""
    run_impact_of_version(version=LlamaVersion.objects.get(pk=job.payload["version"]))
