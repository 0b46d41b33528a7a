"""Build the evidence pack of a review here and now, without waiting for a worker."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evidence.actions import request_pack
from evidence.errors import EvidenceError
from evidence.models import EvidencePack
from evidence.queries import latest_job
from foundation.audit.actors import Actor
from foundation.jobs.actions import retry_dead, run
from foundation.jobs.models import Job
from reviews.models import Review


class Command(BaseCommand):
    help = "Build the evidence pack of a decided review, or the next edition when something has happened since."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("review", help="its reference, like REV-00001")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = Actor.system("build_evidence")
        try:
            review = Review.by_reference(options["review"])
            job = latest_job(review)
            if job is None or job.state == Job.State.DONE:
                job = request_pack(review=review, by=actor)
            elif job.state == Job.State.DEAD:
                job = retry_dead(job=job, actor=actor)
        except Review.DoesNotExist as error:
            raise CommandError(f"There is no review {options['review']}.") from error
        except EvidenceError as error:
            raise CommandError(str(error)) from error
        outcome = run(job.pk)
        pack = EvidencePack.objects.filter(review=review).order_by("-edition").first()
        if pack is None or outcome != "done":
            job.refresh_from_db()
            raise CommandError(f"The pack was not built ({outcome}). {job.last_error}".strip())
        self.stdout.write(f"{pack.reference}: edition {pack.edition} of {review.reference}, SHA-256 {pack.archive_id}")
