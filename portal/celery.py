"""The Celery application: one engine, with Redis or, embedded, with files as its doorbell."""

from __future__ import annotations

import gc
import importlib
import os
from datetime import timedelta
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_init, worker_ready

from foundation.jobs.doorbell import SWEEP_TASK

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

SWEEP_EVERY = 20.0  # seconds: the longest that a lost message or a due retry waits
SOFT_LIMIT = 14 * 60  # seconds: a hung job hears of it, fails, and is retried
HARD_LIMIT = 15 * 60  # seconds: its process is killed, its lease runs out, and the sweeper brings it back
STALLED_AFTER = timedelta(minutes=2)
NEEDED_LATER = ("weasyprint", "pyhanko.sign.signers", "cryptography.x509")

app = Celery("licence-desk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["foundation.jobs"])
app.conf.update(
    task_serializer="json",
    accept_content=["json"],
    task_time_limit=HARD_LIMIT,
    task_soft_time_limit=SOFT_LIMIT,
    worker_max_tasks_per_child=200,
    worker_max_memory_per_child=500_000,  # kilobytes; a PDF of many thousand rows must not stay resident for ever
    worker_soft_shutdown_timeout=20.0,
    # Ticks are idempotent by time slot, so the scheduler keeps its memory in the process and no file can go stale.
    beat_scheduler="celery.beat:Scheduler",
    beat_schedule={
        "sweep": {
            "task": SWEEP_TASK,
            "schedule": SWEEP_EVERY,
            "options": {"expires": SWEEP_EVERY, "ignore_result": True},
        }
    },
)


@setup_logging.connect
def keep_django_logging(**_: Any) -> None:
    """Leave logging as Django's settings configure it; connecting here keeps Celery from replacing it."""


@worker_init.connect
def import_before_forking(**_: Any) -> None:
    """Load what jobs need once, in the parent, and keep it out of every later garbage collection."""
    for module in NEEDED_LATER:
        importlib.import_module(module)
    gc.collect()
    gc.freeze()


@worker_ready.connect
def sweep_at_start(**_: Any) -> None:
    """Do not wait for the scheduler: what was left when the last worker stopped is due now."""
    app.send_task(SWEEP_TASK, ignore_result=True, retry=False)


@worker_ready.connect
def watch_for_a_stall(**_: Any) -> None:
    """End this worker when work is due and nobody is at it; the supervisor or the container engine starts another."""
    from foundation.jobs import watchdog  # models are loaded only once Django is set up

    watchdog.start(stalled_after=STALLED_AFTER)
