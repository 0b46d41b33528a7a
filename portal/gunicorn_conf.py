"""How gunicorn serves the portal. bin/serve and the container both use this file."""

from __future__ import annotations

import gc
import os
from typing import Any

from django.apps import apps
from django.urls import get_resolver

from portal.supervisor import die_with_parent

preload_app = True
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = 4
worker_class = "gthread"
timeout = 60
graceful_timeout = 20
keepalive = 5
max_requests = 5000  # a slow leak of a library never becomes an outage
max_requests_jitter = 500
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108, PTH112 - heartbeats never wait for a disk
accesslog = None
errorlog = "-"
loglevel = "warning"
control_socket_disable = True


def when_ready(server: Any) -> None:
    """Load every page's code now, and keep it out of later collections: long pauses go, forked pages stay shared."""
    if apps.ready:
        _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()


def post_fork(server: Any, worker: Any) -> None:
    """A worker never outlives its master, not even by SIGKILL."""
    die_with_parent(server.pid)
