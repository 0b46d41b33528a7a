"""What the portal itself does as durable work: the parts of the demo that wait for licence texts."""

from __future__ import annotations

from django.conf import settings

from foundation.jobs.actions import GiveUp
from foundation.jobs.registry import Claimed, Finish, job_kind
from portal.demo import seeding


@job_kind(seeding.TELL, max_attempts=4)
def seed_demo_reviews(job: Claimed) -> None:
    """Bring one product of the demo to its state. Every step looks first whether it was taken."""
    _only_in_a_demo()
    seeding.tell(str(job.payload["product"]))


@job_kind(seeding.WAIT)
def wait_for_demo_texts(job: Claimed) -> Finish:
    """Look whether the texts are there; ask again later for those that are not."""
    _only_in_a_demo()
    return lambda: seeding.look_again(int(job.payload["look"]))


def _only_in_a_demo() -> None:
    if not settings.DEMO:
        raise GiveUp("This installation is no demo, so the demo's products are left as they are.")
