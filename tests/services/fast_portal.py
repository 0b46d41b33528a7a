"""The portal's own Celery application with one slow job kind and a sweep every second, for the kill tests."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from celery.signals import worker_init

from portal import celery
from portal.celery import app

app.conf.beat_schedule["sweep"]["schedule"] = 1.0
app.conf.beat_schedule["sweep"]["options"]["expires"] = 1.0
app.conf.beat_max_loop_interval = 1
celery.STALLED_AFTER = timedelta(seconds=6)


@worker_init.connect
def add_slow_work(**_: Any) -> None:
    """Registered when the worker has loaded the apps; each run leaves a file, each completed run an event."""
    from foundation.audit.actors import Actor
    from foundation.audit.kinds import Kind
    from foundation.audit.recorder import record
    from foundation.jobs import actions
    from foundation.jobs.registry import Claimed, Finish, job_kind

    actions.RING_AGAIN_AFTER = timedelta(seconds=1)

    @job_kind("tests.slow_work", lease=timedelta(seconds=2), max_attempts=20)
    def slow_work(job: Claimed) -> Finish:
        (Path(os.environ["DATA_DIR"]) / f"run-{job.id}-{job.attempt}").touch()
        time.sleep(0.5)

        def finish() -> None:
            record(Kind.JOB_RETRIED, actor=Actor.system("test"), subject=job.ref)

        return finish
