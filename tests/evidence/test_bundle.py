"""A zip of zips leaves in pieces: memory does not grow with it."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from evidence.bundle import PIECE, zip_of_zips

AT = datetime(2026, 11, 23, 9, 14, 5, tzinfo=UTC)


def test_what_leaves_in_pieces_is_one_zip(tmp_path: Path):
    (tmp_path / "a").write_bytes(b"a" * (3 * PIECE + 7))
    (tmp_path / "b").write_bytes(b"")
    data = b"".join(zip_of_zips([("a.zip", tmp_path / "a", AT), ("b.zip", tmp_path / "b", AT)]))
    with zipfile.ZipFile(io.BytesIO(data)) as bundle:
        assert bundle.testzip() is None
        assert bundle.read("a.zip") == b"a" * (3 * PIECE + 7)
        assert bundle.read("b.zip") == b""


def test_memory_stays_small_however_much_is_sent(tmp_path: Path):
    big = tmp_path / "big"
    with big.open("wb") as file:
        for _ in range(64):
            file.write(b"x" * 1024 * 1024)
    tracemalloc.start()
    sent = sum(len(piece) for piece in zip_of_zips((f"{number}.zip", big, AT) for number in range(2)))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sent > 128 * 1024 * 1024
    assert peak < 8 * 1024 * 1024
