"""The outside of a pack: its list of digests, and a zip whose bytes depend on nothing but its content. Pure.

The zip is written by hand, stored and not compressed, because the verifier writes it again from what it read and
compares every byte: that finds a change in a header, a comment or a gap, which no digest of a member covers. A
library's zip changes with its release, and a compressor's output with its version.
"""

from __future__ import annotations

import hashlib
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime

SUMS = "SHA256SUMS"
SEAL = "seal.dsse.json"
SUMS_TYPE = "application/vnd.licence-desk.sha256sums"  # the payload type of the envelope over the list
OUTSIDE_THE_SUMS = frozenset({SUMS, SEAL})  # the list cannot hold its own digest, nor that of the seal over it

LARGEST_PACK = 256 * 1024 * 1024
MOST_FILES = 200
REGULAR_FILE = 0o100644 << 16
UNIX = 3
VERSION_NEEDED = 20  # PKWARE APPNOTE 4.4.3: enough for stored members
EARLIEST_YEAR = 1980  # DOS time begins here

UNREADABLE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    EOFError,
    ValueError,
    OSError,
    NotImplementedError,
)

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*){0,3}")
_SUM = re.compile(r"([0-9a-f]{64})  ([^\n]+)")


class BadPack(ValueError):  # noqa: N818 - reads as a sentence where it is caught
    """This is not a pack as the portal writes it; the message says what is wrong."""


def sha256(data: bytes) -> str:
    """The digest that a person gets from sha256sum."""
    return hashlib.sha256(data).hexdigest()


def sums_text(files: Mapping[str, bytes]) -> str:
    """The list that `sha256sum -c` reads, sorted by name."""
    return "".join(f"{sha256(files[name])}  {name}\n" for name in sorted(files) if name not in OUTSIDE_THE_SUMS)


def parse_sums(text: str) -> dict[str, str]:
    """Digest by name. Anything that this module would not have written is refused."""
    found: dict[str, str] = {}
    for number, line in enumerate(text.split("\n")[:-1], start=1):
        match = _SUM.fullmatch(line)
        if match is None:
            raise BadPack(f"Line {number} of {SUMS} is not a digest, two blanks and a file name.")
        if match[2] in found:
            raise BadPack(f"{SUMS} names {match[2]} twice.")
        found[match[2]] = match[1]
    if not text.endswith("\n"):
        raise BadPack(f"{SUMS} does not end with a line end: it was cut.")
    return found


def check_sums(files: Mapping[str, bytes], sums: Mapping[str, str]) -> list[str]:
    """One sentence for each file that is missing, unlisted or changed."""
    problems = []
    for name, expected in sorted(sums.items()):
        if name not in files:
            problems.append(f"{name} is listed in {SUMS} but is not in the pack.")
        elif sha256(files[name]) != expected:
            problems.append(f"{name} was changed: its SHA-256 is not the one in {SUMS}.")
    unlisted = sorted(set(files) - set(sums) - OUTSIDE_THE_SUMS)
    problems += [f"{name} is in the pack but is not listed in {SUMS}." for name in unlisted]
    return problems


def build_zip(files: Mapping[str, bytes], *, at: datetime) -> bytes:
    """A zip of stored members in the order given, all with the time `at` in UTC (PKWARE APPNOTE 4.3)."""
    stamp = _dos_time(at)
    out, directory = io.BytesIO(), io.BytesIO()
    for name, data in files.items():
        if not _NAME.fullmatch(name):
            raise BadPack(f"{name!r} cannot be the name of a file in a pack.")
        encoded = name.encode("ascii")
        common = struct.pack(
            "<HHHIIIIHH", VERSION_NEEDED, 0, 0, stamp, zlib.crc32(data), len(data), len(data), len(encoded), 0
        )
        made_by = struct.pack("<H", UNIX << 8 | VERSION_NEEDED)
        rest = struct.pack("<HHHII", 0, 0, 0, REGULAR_FILE, out.tell())
        directory.write(b"PK\x01\x02" + made_by + common + rest + encoded)
        out.write(b"PK\x03\x04" + common + encoded + data)
    where, length = out.tell(), directory.tell()
    out.write(directory.getvalue())
    out.write(struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, len(files), len(files), length, where, 0))
    if out.tell() > LARGEST_PACK:
        raise BadPack(f"A pack holds at most {LARGEST_PACK // 2**20} MiB.")
    return out.getvalue()


def read_zip(data: bytes) -> dict[str, bytes]:
    """The members of a pack in their order. Compressed, doubled, oddly named or too many members are refused."""
    if len(data) > LARGEST_PACK:
        raise BadPack(f"The file is larger than {LARGEST_PACK // 2**20} MiB, so it is not a pack.")
    files: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > MOST_FILES:
                raise BadPack(f"The file holds more than {MOST_FILES} members, so it is not a pack.")
            for member in members:
                if not _NAME.fullmatch(member.filename) or member.filename in files:
                    raise BadPack(f"The pack holds the name {member.filename!r}, which the portal would not write.")
                if member.compress_type != zipfile.ZIP_STORED or member.flag_bits:
                    raise BadPack(f"{member.filename} is not stored plainly: the archive was written again.")
                files[member.filename] = archive.read(member)
    except BadPack:
        raise
    except UNREADABLE as error:
        raise BadPack(f"The archive is damaged: {error}.") from error
    return files


def same_archive(data: bytes, files: Mapping[str, bytes], *, at: datetime) -> bool:
    """Whether `data` is exactly the archive that the portal writes for these files."""
    try:
        return build_zip(files, at=at) == data
    except BadPack:
        return False


def _dos_time(at: datetime) -> int:
    moment = at.astimezone(UTC)
    if moment.year < EARLIEST_YEAR:
        raise BadPack(f"A zip cannot hold a time before {EARLIEST_YEAR}.")
    day = (moment.year - EARLIEST_YEAR) << 9 | moment.month << 5 | moment.day
    return day << 16 | moment.hour << 11 | moment.minute << 5 | moment.second // 2
