"""A worker killed in the middle of a PDF: every evidence pack appears all the same, each once, and each verifies."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest
from django.conf import settings

from evidence.models import EvidencePack
from evidence.verify import verify_file
from foundation.audit.models import Event
from foundation.files import store
from foundation.jobs import actions
from foundation.jobs.models import Job
from foundation.keys.authority import root_certificate_pem
from tests import journeys
from tests.services.processes import celery_command, database_url, own_children, started, wait_until
from tests.services.test_worker_kill import FOLDER_WORKER, SUPERVISED
from tests.surface.world import another

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

BUILD = "evidence.build_pack"


def building() -> int:
    return Job.objects.filter(kind=BUILD, state="running").count()


def built() -> int:
    return EvidencePack.objects.count()


def test_every_pack_appears_once_though_the_worker_is_killed_while_it_builds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "ring", lambda job_id, expires=None: False)  # the broker was told nothing
    first = journeys.approved()
    for name in ("Second", "Third"):
        journeys.approved(journeys.declared(another(first, name)))
    assert Job.objects.filter(kind=BUILD, state="queued").count() == 3
    root_certificate_pem()  # the keys are there before the workers are
    env = {**os.environ, "DATABASE_URL": database_url(), "DATA_DIR": str(settings.DATA_DIR), "REDIS_URL": ""}
    worker = [sys.executable, "-c", SUPERVISED, *celery_command(*FOLDER_WORKER)]
    with (
        started(celery_command("beat", "--pidfile="), env=env, log=tmp_path / "beat.log"),
        started(worker, env=env, log=tmp_path / "worker.log") as supervisor,
    ):
        wait_until(building, seconds=60, what="a pack to be under construction")
        for process in own_children(supervisor.pid):
            os.kill(process, signal.SIGKILL)
        assert built() < 3, "the kill came too late to show anything"
        wait_until(lambda: built() == 3, seconds=150, what="every pack")
    assert Job.objects.filter(kind=BUILD, attempts__gt=1).exists(), "the kill hit no pack that was being built"
    assert EvidencePack.objects.values("review", "edition").distinct().count() == 3
    assert Event.objects.filter(kind="evidence.built").count() == 3
    for pack in EvidencePack.objects.all():
        report = verify_file(store.read(pack.archive_id), root=root_certificate_pem().encode())
        assert report.sound, report.problems
