"""A folder of blobs and keys of their own for every test, and the cast."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management.color import no_style
from django.db import connection

from evidence.models import EvidencePack
from foundation.jobs.actions import Outcome, run
from foundation.jobs.models import Job
from foundation.keys import authority
from reviews.models import Review
from tests.evidence.builders import Cast, approved_review, make_cast
from tests.evidence.sealed import KEY_SECRET, sealed

__all__ = ["sealed"]


@pytest.fixture(autouse=True)
def own_folders(settings: Any, tmp_path_factory: pytest.TempPathFactory, evidence_keys: Path) -> None:
    settings.BLOB_DIR = tmp_path_factory.mktemp("blobs")
    settings.KEY_DIR = evidence_keys
    settings.KEY_SECRET = KEY_SECRET
    settings.COMPANY_NAME = "Norrbro Group"


@pytest.fixture(scope="session")
def evidence_keys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One authority for all tests of this folder: making it anew for each takes time and shows nothing."""
    authority.forget_loaded_keys()
    yield tmp_path_factory.mktemp("keys") / "of-evidence"
    authority.forget_loaded_keys()


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def review(cast: Cast) -> Review:
    return approved_review(cast)


@pytest.fixture
def pack(review: Review) -> EvidencePack:
    return build(review)


def build(review: Review) -> EvidencePack:
    """Run the job that the decision enqueued."""
    job = Job.objects.get(dedupe=f"evidence:{review.reference}:1")
    assert run(job.pk) is Outcome.DONE, Job.objects.get(pk=job.pk).last_error
    return EvidencePack.objects.select_related("review").get(review=review, edition=1)


@pytest.fixture(autouse=True)
def numbered_from_one(request: pytest.FixtureRequest) -> None:
    """These tests name REV-00001. PostgreSQL does not take numbers back when a test is undone, so they begin again here."""
    if request.node.get_closest_marker("django_db") and connection.vendor == "postgresql":
        request.getfixturevalue("db")
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), [Review]):
                cursor.execute(statement)
