"""Ends a worker that lives but no longer works, so that whoever supervises it starts a new one.

Seen with Celery 5.7: after all pool processes were killed at once the worker kept receiving messages and ran none, and
after a restart of Redis some workers never resumed. The table knows: work is due and nobody is at it.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from datetime import timedelta

from django.db import DatabaseError, connection
from django.utils import timezone

from foundation.jobs import queries

logger = logging.getLogger(__name__)

EXIT_CODE = 70  # EX_SOFTWARE of sysexits.h


def _end_process() -> None:
    os._exit(EXIT_CODE)  # not sys.exit: that would end this thread alone; the pool dies with its parent


def start(*, stalled_after: timedelta, give_up: Callable[[], None] = _end_process) -> threading.Event:
    """Watch from a thread; `give_up` once work has waited so long with nobody at any. Setting the event stops it.

    The first look comes after that same time: what waited before this worker came is not held against it.
    """
    over = threading.Event()

    def watch() -> None:
        pause = stalled_after
        while not over.wait(pause.total_seconds()):
            pause = stalled_after / 4
            try:
                waited = queries.stalled_for(now=timezone.now())
            except DatabaseError as error:
                logger.warning("The database did not answer the watchdog: %s", error)
                continue
            finally:
                connection.close()
            if waited > stalled_after:
                logger.error("Work has been due for %s and nobody is at it: this worker ends.", waited)
                give_up()
                return

    threading.Thread(target=watch, name="jobs watchdog", daemon=True).start()
    return over
