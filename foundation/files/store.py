"""Where blobs are kept: BLOB_DIR/ab/cd/<sha256>, written once and never changed.

A file is on the disk before its row is in the database. If the transaction rolls back, the file stays without a row:
it harms nobody, and the next upload of the same bytes uses it.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from foundation.files.errors import DamagedFile, FileError
from foundation.files.models import Blob

_SHA256 = re.compile(r"[0-9a-f]{64}")
_PIECE = 1024 * 1024


def put(data: bytes, media_type: str) -> Blob:
    """Store these bytes and return their blob; storing the same bytes again changes nothing.

    The first media type stays: bytes that arrive under two types are served under the first.
    """
    digest = hashlib.sha256(data).hexdigest()
    path = path_of(digest)
    if not _holds(path, data):
        _write(path, data)
    blob, _ = Blob.objects.get_or_create(sha256=digest, defaults={"size": len(data), "media_type": media_type})
    return blob


def read(sha256: str) -> bytes:
    """Return the bytes of a blob after checking that they are the ones that were stored."""
    path = path_of(sha256)
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise DamagedFile(f"The stored file {sha256} is missing: restore {path} from the backup.") from error
    except OSError as error:
        raise DamagedFile(f"The stored file {sha256} cannot be read ({error.strerror}): check {path}.") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise DamagedFile(f"The stored file {sha256} was changed: restore {path} from the backup.")
    return data


def path_of(sha256: str) -> Path:
    """Where the bytes of a blob are."""
    if not _SHA256.fullmatch(sha256):
        raise FileError(f"{sha256!r} is not a SHA-256 in small hexadecimal digits.")
    return Path(settings.BLOB_DIR) / sha256[:2] / sha256[2:4] / sha256


def verify_all() -> Iterator[DamagedFile]:
    """Check every blob, in little memory, and yield what is wrong with each that is missing or changed."""
    for sha256, size in Blob.objects.order_by("sha256").values_list("sha256", "size").iterator(chunk_size=500):
        path = path_of(sha256)
        try:
            found, length = _digest(path)
        except OSError as error:
            yield DamagedFile(f"The stored file {sha256} cannot be read ({error.strerror}): restore {path}.")
            continue
        if found != sha256:
            yield DamagedFile(f"The stored file {sha256} was changed: restore {path} from the backup.")
        elif length != size:
            yield DamagedFile(f"The stored file {sha256} has {length} bytes, but its row says {size}: find out why.")


def _holds(path: Path, data: bytes) -> bool:
    """Whether exactly these bytes are there already. A damaged file is written again: its bytes are at hand."""
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except FileNotFoundError:
        return False


def _write(path: Path, data: bytes) -> None:
    """Write aside, make it durable, then rename: nobody ever sees half a file under its name."""
    _make_folders(path.parent)
    aside = path.parent / f".{secrets.token_hex(8)}.part"
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
        _sync_folder(path.parent)
    finally:
        aside.unlink(missing_ok=True)


def _make_folders(folder: Path) -> None:
    """Make the folders of a blob, each durable in the one above it."""
    missing = [one for one in (folder, *folder.parents) if not one.is_dir()]
    for one in reversed(missing):
        one.mkdir(mode=0o700, exist_ok=True)
        _sync_folder(one.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _digest(path: Path) -> tuple[str, int]:
    digest, length = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
            length += len(piece)
    return digest.hexdigest(), length
