"""What the portal itself does as durable work: checkpoints of the log, and the demo's parts that wait for texts."""

from __future__ import annotations

from django.conf import settings

from foundation.audit.checkpoint_log import write_checkpoint
from foundation.jobs.actions import GiveUp
from foundation.jobs.registry import Claimed, Finish, job_kind
from foundation.jobs.schedule import every
from foundation.keys import authority
from portal.demo import seeding


@every(minutes=24 * 60, name="portal.write_audit_checkpoint", offset_minutes=30)
def write_audit_checkpoint(job: Claimed) -> None:
    """Sign the log once a day, so that a copy kept elsewhere is never much older. A second run finds the same row."""
    write_checkpoint(key=authority.log_key())


@job_kind(seeding.TELL, max_attempts=4)
def seed_demo_reviews(job: Claimed) -> None:
    """Bring one product of the demo to its state. Every step looks first whether it was taken."""
    _only_in_a_demo()
    seeding.tell(str(job.payload["product"]))


@job_kind(seeding.DRAFT, max_attempts=4)
def seed_demo_draft(job: Claimed) -> None:
    """Start the draft of an invented version, as Rita would. What is there already is left to people."""
    _only_in_a_demo()
    seeding.prepare_next_version()


@job_kind(seeding.WAIT)
def wait_for_demo_texts(job: Claimed) -> Finish:
    """Look whether the texts are there; ask again later for those that are not."""
    _only_in_a_demo()
    return lambda: seeding.look_again(int(job.payload["look"]))


def _only_in_a_demo() -> None:
    if not settings.DEMO:
        raise GiveUp("This installation is no demo, so the demo's products are left as they are.")
