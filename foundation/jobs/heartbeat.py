"""Keeps the lease of a long job alive, so that nobody takes it over while its worker still works."""

from __future__ import annotations

import logging
import threading
import uuid
from datetime import timedelta
from types import TracebackType
from typing import Self

from django.db import DatabaseError, connection

from foundation.jobs.clock import moment
from foundation.jobs.models import Job

logger = logging.getLogger(__name__)


class Heartbeat:
    """Renews one lease every third of its length, from a thread with a database connection of its own.

    It stops with the process: a killed worker renews nothing, and a hung one is ended by Celery's time limit.
    """

    def __init__(self, *, job_id: int, token: uuid.UUID, lease: timedelta) -> None:
        self._job_id = job_id
        self._token = token
        self._lease = lease
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"lease of job {job_id}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        try:
            while not self._over.wait(self._lease.total_seconds() / 3):
                if not self._renew():
                    return
        finally:
            connection.close()

    def _renew(self) -> bool:
        """Extend the lease; False once another worker holds the job."""
        try:
            renewed = Job.objects.filter(pk=self._job_id, lease_token=self._token).update(
                lease_until=moment(self._lease)
            )
        except DatabaseError as error:
            # The next beat may succeed. Should none, the lease runs out and the fence keeps this run from counting.
            logger.warning("The lease of job %s could not be renewed: %s", self._job_id, error)
            connection.close()
            return True
        return bool(renewed)
