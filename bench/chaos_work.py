"""The portal's own Celery application with one job kind of the bench: a fake rendering that leaves a file and evidence.

Sweeps and leases are short here, so that what a killed worker held comes back within seconds instead of minutes.
"""

from __future__ import annotations

import random
import time
from datetime import timedelta
from typing import Any

from celery.signals import worker_init

from portal import celery
from portal.celery import app

KIND = "bench.render"
SWEEP_EVERY = 1.0
LEASE = timedelta(seconds=3)

app.conf.beat_schedule["sweep"]["schedule"] = SWEEP_EVERY
app.conf.beat_schedule["sweep"]["options"]["expires"] = SWEEP_EVERY
app.conf.beat_max_loop_interval = 1
celery.STALLED_AFTER = timedelta(seconds=6)


def content(ref: str) -> bytes:
    """What the file of this job has to hold, whoever renders it and however often."""
    return f"evidence of {ref}\n".encode() * 500


def register() -> None:
    """Make the kind known to this process, once the apps are loaded."""
    from foundation.audit.actors import Actor
    from foundation.audit.kinds import Kind
    from foundation.audit.recorder import record
    from foundation.files import store
    from foundation.jobs import actions
    from foundation.jobs.registry import Claimed, Finish, job_kind

    actions.RING_AGAIN_AFTER = timedelta(seconds=SWEEP_EVERY)

    @job_kind(KIND, lease=LEASE, max_attempts=50)
    def render(job: Claimed) -> Finish:
        """0.05 to 0.25 s of work, then a file; the evidence is the event that completes the job."""
        time.sleep(random.Random(job.ref).uniform(0.05, 0.25))
        blob = store.put(content(job.ref), "text/plain")

        def finish() -> None:
            record(Kind.EVIDENCE_BUILT, actor=Actor.system("bench"), subject=job.ref, facts={"sha256": blob.sha256})

        return finish


@worker_init.connect
def register_in_worker(**_: Any) -> None:
    register()
