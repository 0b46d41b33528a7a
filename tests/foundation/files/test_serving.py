"""A stored file leaves only as a download that no browser interprets, and leaves a line in the log."""

from __future__ import annotations

import pytest

from foundation.audit.actors import Actor
from foundation.audit.models import Event
from foundation.files import store
from foundation.files.errors import DamagedFile
from foundation.files.serving import hand_out
from foundation.files.uploads import DOCX, JPEG, MARKDOWN, PDF, PNG, TEXT, XLSX

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.BLOB_DIR = tmp_path


def handed_out(media_type: str, data: bytes = b"Granted."):
    return hand_out(store.put(data, media_type), name="PRM-00001", actor=Actor.system("tests"), subject="PRM-00001")


@pytest.mark.parametrize(
    ("stored_as", "sent_as", "extension"),
    [
        (PDF, PDF, ".pdf"),
        (PNG, PNG, ".png"),
        (JPEG, JPEG, ".jpg"),
        (TEXT, TEXT, ".txt"),
        (MARKDOWN, MARKDOWN, ".md"),
        (DOCX, DOCX, ".docx"),
        (XLSX, XLSX, ".xlsx"),
        ("text/html", "application/octet-stream", ""),
        ("image/svg+xml", "application/octet-stream", ""),
    ],
)
def test_only_types_that_the_portal_recognised_keep_their_type(stored_as, sent_as, extension):
    answer = handed_out(stored_as)
    assert answer.content == b"Granted."
    assert answer["Content-Type"] == sent_as
    assert answer["Content-Disposition"] == f'attachment; filename="PRM-00001{extension}"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"


def test_every_download_is_an_event_that_names_the_digest():
    handed_out(PDF)
    handed_out(PDF)
    events = Event.objects.filter(kind="document.downloaded", subject="PRM-00001")
    assert [event.facts["document"] for event in events] == [store.put(b"Granted.", PDF).sha256] * 2


def test_a_file_that_was_changed_on_the_disk_is_not_handed_out():
    blob = store.put(b"Granted.", PDF)
    store.path_of(blob.sha256).write_bytes(b"Granted, for ever.")
    with pytest.raises(DamagedFile, match="was changed"):
        hand_out(blob, name="PRM-00001", actor=Actor.system("tests"), subject="PRM-00001")
    assert not Event.objects.exists()
