"""Several packs in one download: a zip of zips, written as it leaves, so that memory does not grow with it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

PIECE = 256 * 1024


class _Sink(io.RawIOBase):
    """Keeps what the zip writer wrote until it is taken. It cannot be sought, so nothing waits for corrections."""

    def __init__(self) -> None:
        super().__init__()
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]
        self._written += piece
        return len(piece)

    def take(self) -> bytes:
        taken = bytes(self._written)
        self._written.clear()
        return taken


def zip_of_zips(members: Iterable[tuple[str, Path, datetime]]) -> Iterator[bytes]:
    """The bytes of a zip with these files, one piece after the other. Stored: packs do not shrink further."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as bundle:
        for name, path, at in members:
            entry = zipfile.ZipInfo(name, at.timetuple()[:6])
            entry.external_attr = 0o100644 << 16
            with path.open("rb") as source, bundle.open(entry, "w") as target:
                while piece := source.read(PIECE):
                    target.write(piece)
                    yield sink.take()
            yield sink.take()
    yield sink.take()
