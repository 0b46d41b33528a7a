"""The list of digests and the zip: the same content gives the same bytes, and anything else is refused."""

from __future__ import annotations

import io
import subprocess
import zipfile
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.manifest import BadPack, build_zip, check_sums, parse_sums, read_zip, same_archive, sums_text

AT = datetime(2026, 11, 23, 9, 14, 5, tzinfo=UTC)
FILES = {"b.txt": b"two\n", "a/c.json": b"{}", "SHA256SUMS": b"", "seal.dsse.json": b"{}"}


def test_the_list_is_sorted_and_leaves_out_itself_and_the_seal_over_it():
    assert [line.split("  ")[1] for line in sums_text(FILES).splitlines()] == ["a/c.json", "b.txt"]


def test_sha256sum_itself_accepts_the_list(tmp_path: Path):
    (tmp_path / "a").mkdir()
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "SHA256SUMS").write_text(sums_text(FILES))
    done = subprocess.run(["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_it_names_files_that_are_missing_changed_or_unlisted():
    sums = parse_sums(sums_text(FILES))
    found = {name: data for name, data in FILES.items() if name != "b.txt"} | {"a/c.json": b"[]", "new.txt": b""}
    problems = check_sums(found, sums)
    assert problems == [
        "a/c.json was changed: its SHA-256 is not the one in SHA256SUMS.",
        "b.txt is listed in SHA256SUMS but is not in the pack.",
        "new.txt is in the pack but is not listed in SHA256SUMS.",
    ]


@pytest.mark.parametrize(
    "text", ["nonsense\n", f"{'0' * 64}  a", f"{'0' * 64}  a\n{'1' * 64}  a\n", f"{'0' * 64} *a\n"]
)
def test_it_refuses_a_list_that_it_would_not_have_written(text: str):
    with pytest.raises(BadPack):
        parse_sums(text)


def test_the_zip_depends_on_content_order_and_time_alone():
    elsewhere = AT.astimezone(timezone(timedelta(hours=9)))
    assert build_zip(FILES, at=AT) == build_zip(dict(FILES), at=elsewhere)
    assert build_zip(FILES, at=AT) != build_zip(FILES, at=AT + timedelta(seconds=2))


def test_other_zip_readers_open_it(tmp_path: Path):
    data = build_zip(FILES, at=AT)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == FILES
        assert archive.infolist()[0].date_time == (2026, 11, 23, 9, 14, 4)
        assert archive.infolist()[0].external_attr >> 16 == 0o100644


NAMES = st.from_regex(r"[a-z][a-z0-9._-]{0,8}(/[a-z][a-z0-9._-]{0,8}){0,2}", fullmatch=True)


@given(st.dictionaries(NAMES, st.binary(max_size=200), max_size=6))
def test_what_is_packed_is_read_back_in_its_order(files: dict[str, bytes]):
    data = build_zip(files, at=AT)
    assert list(read_zip(data).items()) == list(files.items())
    assert same_archive(data, read_zip(data), at=AT)


def test_every_changed_byte_is_found():
    data = build_zip({"a.txt": b"hello", "b.txt": b"world"}, at=AT)
    for position in range(len(data)):
        changed = bytearray(data)
        changed[position] ^= 1
        try:
            files = read_zip(bytes(changed))
        except BadPack:
            continue
        unchanged = files == {"a.txt": b"hello", "b.txt": b"world"}
        assert not (unchanged and same_archive(bytes(changed), files, at=AT)), position


def test_it_refuses_archives_that_were_packed_again_or_hold_odd_names():
    for name, method in (("a.txt", zipfile.ZIP_DEFLATED), ("../a.txt", zipfile.ZIP_STORED), ("/a", zipfile.ZIP_STORED)):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", method) as archive:
            archive.writestr(name, b"x" * 100)
        with pytest.raises(BadPack):
            read_zip(out.getvalue())
    with pytest.raises(BadPack):
        build_zip({"a\\b": b""}, at=AT)
    with pytest.raises(BadPack):
        read_zip(b"no archive at all")


def test_bytes_before_between_or_after_are_no_part_of_the_archive():
    data = build_zip(FILES, at=AT)
    for other in (b"x" + data, data + b"x"):
        try:
            files = read_zip(other)
        except BadPack:
            continue
        assert not same_archive(other, files, at=AT)
