"""What is wrong with a file, with a sentence that says what to do."""

from __future__ import annotations


class FileError(Exception):
    """A stored file cannot be used; the message says what to do."""


class DamagedFile(FileError):  # noqa: N818 - reads as a sentence where it is caught
    """A stored file is missing or no longer has the digest that it is known by."""


class UploadRefused(FileError):  # noqa: N818 - reads as a sentence where it is caught
    """An upload is not accepted; the message tells the person why and what to do."""
