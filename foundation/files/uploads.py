"""Check what a person uploads before it is stored: size, name, and that the content is what the name says."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.utils.translation import gettext

from foundation.files import store
from foundation.files.errors import UploadRefused
from foundation.files.models import Blob

LONGEST_NAME = 150
LARGEST_UPLOAD = 10 * 1024 * 1024
MOST_MEMBERS = 5000  # of an office document; more is an attack or a mistake


@dataclass(frozen=True, slots=True)
class Upload:
    """An accepted upload: a safe name, the bytes as they came, and the media type that the content really has."""

    name: str
    data: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class FileType:
    """A type of file that the portal can recognise."""

    media_type: str
    extensions: tuple[str, ...]
    is_one: Callable[[bytes], bool]


def _starts(*magic: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.startswith(magic)


def _is_text(data: bytes) -> bool:
    """UTF-8 without control characters, and nothing that a browser could take for a page."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    if any(ord(character) < 32 and character not in "\t\n\r\f" for character in text):
        return False
    return not text.lstrip().lower().startswith(("<!doctype", "<html", "<script", "<svg", "<?xml", "%pdf"))


def _is_office(folder: str) -> Callable[[bytes], bool]:
    """An Office Open XML document (ECMA-376) with this main folder and no macros."""

    def check(data: bytes) -> bool:
        if not data.startswith(b"PK\x03\x04"):
            return False
        try:
            names = zipfile.ZipFile(io.BytesIO(data)).namelist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
            return False
        return (
            len(names) <= MOST_MEMBERS
            and "[Content_Types].xml" in names
            and any(name.startswith(folder) for name in names)
            and not any("vbaproject" in name.lower() for name in names)
        )

    return check


PDF, PNG, JPEG, TEXT, MARKDOWN = "application/pdf", "image/png", "image/jpeg", "text/plain", "text/markdown"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCUMENTS = frozenset({PDF, PNG, JPEG, DOCX, TEXT, MARKDOWN})

TYPES = {
    one.media_type: one
    for one in (
        FileType(PDF, (".pdf",), lambda data: data.startswith(b"%PDF-") and b"%%EOF" in data[-2048:]),
        FileType(PNG, (".png",), _starts(b"\x89PNG\r\n\x1a\n")),
        FileType(JPEG, (".jpg", ".jpeg"), _starts(b"\xff\xd8\xff")),
        FileType(TEXT, (".txt", ".text", ""), _is_text),
        FileType(MARKDOWN, (".md",), _is_text),
        FileType(DOCX, (".docx",), _is_office("word/")),
        FileType(XLSX, (".xlsx",), _is_office("xl/")),
    )
}


def accept_upload(name: str, data: bytes, *, allowed: Collection[str], max_bytes: int) -> Upload:
    """Accept an upload of one of the `allowed` media types, or refuse it with a sentence for the person.

    The bytes are kept as they came, because a grant or a signed letter is evidence. What serves them later sends them
    as an attachment with `nosniff`.
    """
    name = _safe_name(name)
    if not data:
        raise UploadRefused(gettext("%(name)s is empty. Choose the file again.") % {"name": name})
    if len(data) > max_bytes:
        raise UploadRefused(
            gettext("%(name)s is larger than %(limit)s. Upload a smaller file.")
            % {"name": name, "limit": _readable(max_bytes)}
        )
    extension = PurePosixPath(name).suffix.lower()
    types = [TYPES[media_type] for media_type in sorted(allowed)]
    named = [one for one in types if extension in one.extensions]
    if not named:
        known = ", ".join(sorted(extension for one in types for extension in one.extensions if extension))
        raise UploadRefused(
            gettext("%(name)s is not a type that is accepted here. Upload one of: %(types)s.")
            % {"name": name, "types": known}
        )
    for one in named:
        if one.is_one(data):
            return Upload(name, data, one.media_type)
    raise UploadRefused(
        gettext("The content of %(name)s is not what its name says. Save it again in the right format and upload that.")
        % {"name": name}
    )


def store_upload(
    name: str, data: bytes, *, allowed: Collection[str] = DOCUMENTS, max_bytes: int = LARGEST_UPLOAD
) -> Blob:
    """Accept an upload and store it, where the name that the person gave is not kept."""
    upload = accept_upload(name, data, allowed=allowed, max_bytes=max_bytes)
    return store.put(upload.data, upload.media_type)


def _safe_name(name: str) -> str:
    """The last part of the name without characters that mislead a reader or break a header."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    printable = " ".join("".join(c if c.isprintable() and c not in '"<>:|?*' else " " for c in last).split())
    stem, extension = PurePosixPath(printable).stem, PurePosixPath(printable).suffix[:12]
    if not stem.strip(" ."):
        return f"upload{extension}"
    return stem[: LONGEST_NAME - len(extension)] + extension


def _readable(size: int) -> str:
    return f"{size // (1024 * 1024)} MB" if size >= 1024 * 1024 else f"{max(size // 1024, 1)} KB"
