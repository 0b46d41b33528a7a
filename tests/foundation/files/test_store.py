import hashlib
import os
import stat
import threading

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as property_settings
from hypothesis import strategies as st

from foundation.files import store
from foundation.files.errors import DamagedFile, FileError
from foundation.files.models import Blob

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.BLOB_DIR = tmp_path / "blobs"


def test_what_was_stored_is_read_back_under_its_digest():
    blob = store.put(b"the grant of Meta", "text/plain")
    assert blob.sha256 == hashlib.sha256(b"the grant of Meta").hexdigest()
    assert (blob.size, blob.media_type) == (17, "text/plain")
    assert store.read(blob.sha256) == b"the grant of Meta"
    path = store.path_of(blob.sha256)
    assert path.parts[-3:] == (blob.sha256[:2], blob.sha256[2:4], blob.sha256)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@given(data=st.binary(max_size=200))
@property_settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_come_back_as_they_were(data):
    assert store.read(store.put(data, "application/octet-stream").sha256) == data


def test_storing_the_same_bytes_twice_keeps_one_file_and_the_first_type():
    first = store.put(b"same", "text/plain")
    inode = store.path_of(first.sha256).stat().st_ino
    second = store.put(b"same", "text/html")
    assert second == first
    assert second.media_type == "text/plain"
    assert store.path_of(first.sha256).stat().st_ino == inode
    assert Blob.objects.count() == 1


def test_nothing_but_whole_files_is_left_in_the_folder(settings, monkeypatch):
    def full_disk(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="No space"):
        store.put(b"lost", "text/plain")
    monkeypatch.undo()
    assert [path for path in settings.BLOB_DIR.rglob("*") if path.is_file()] == []
    assert Blob.objects.count() == 0


def test_a_file_whose_transaction_rolled_back_is_used_by_the_next_upload():
    with pytest.raises(RuntimeError), transaction.atomic():
        store.put(b"rolled back", "text/plain")
        raise RuntimeError
    assert Blob.objects.count() == 0
    assert store.read(store.put(b"rolled back", "text/plain").sha256) == b"rolled back"


def test_a_changed_file_is_named_when_it_is_read():
    blob = store.put(b"the original", "text/plain")
    store.path_of(blob.sha256).write_bytes(b"the forgery.")
    with pytest.raises(DamagedFile, match=f"{blob.sha256} was changed"):
        store.read(blob.sha256)


def test_a_missing_file_is_named_when_it_is_read():
    blob = store.put(b"the original", "text/plain")
    store.path_of(blob.sha256).unlink()
    with pytest.raises(DamagedFile, match=f"{blob.sha256} is missing"):
        store.read(blob.sha256)


def test_uploading_the_same_bytes_again_heals_a_damaged_file():
    blob = store.put(b"the original", "text/plain")
    store.path_of(blob.sha256).write_bytes(b"the forgery.")
    store.put(b"the original", "text/plain")
    assert store.read(blob.sha256) == b"the original"


def test_checking_everything_names_each_bad_file_and_no_good_one():
    good, changed, missing, resized = (store.put(text, "text/plain") for text in (b"good", b"one", b"two", b"three"))
    assert list(store.verify_all()) == []
    store.path_of(changed.sha256).write_bytes(b"other")
    store.path_of(missing.sha256).unlink()
    Blob.objects.filter(pk=resized.pk).update(size=99)
    found = " ".join(str(problem) for problem in store.verify_all())
    for blob, says in ((changed, "was changed"), (missing, "cannot be read"), (resized, "has 5 bytes")):
        assert f"{blob.sha256} {says}" in found
    assert good.sha256 not in found


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_what_is_not_a_digest_names_no_path(name):
    with pytest.raises(FileError, match="not a SHA-256"):
        store.read(name)


@pytest.mark.django_db(transaction=True)
def test_eight_uploads_of_the_same_bytes_at_once_make_one_blob():
    together, results, errors = threading.Barrier(8), [], []

    def upload() -> None:
        try:
            together.wait()
            with transaction.atomic():
                results.append(store.put(b"x" * 100_000, "text/plain").sha256)
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=upload) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert errors == []
    assert len(results) == 8
    assert len(set(results)) == Blob.objects.count() == 1
    assert store.read(results[0]) == b"x" * 100_000
