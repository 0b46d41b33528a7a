"""What a worker does, for browser tests."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection

from foundation.jobs.actions import run_all_due
from notifications.actions import read_log

T = TypeVar("T")


def in_a_thread(work: Callable[[], T]) -> T:
    """In a thread of its own: Playwright keeps an event loop in the test's thread, and PDF signatures start one."""

    def and_close() -> T:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as worker:
        return worker.submit(and_close).result()


def work_in_the_background() -> None:
    """Jobs, then notices, then the mails of the notices."""

    def work() -> None:
        run_all_due()
        read_log()
        run_all_due()

    in_a_thread(work)
