"""The key that bin/serve makes for a machine, in DATA_DIR: made once, and found by commands run beside it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

SHORTEST = 40


class KeyNotUsable(Exception):  # noqa: N818 - reads as the sentence that it carries
    """The file is there and holds no key, or is somebody else's; the message says what to do."""


def key_file(data: Path) -> Path:
    """Where the key of this data folder is kept."""
    return data / "secret_key"


def kept_key(data: Path) -> str | None:
    """The key that was made for this data folder; None where bin/serve never made one."""
    path = key_file(data)
    try:
        key = path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise KeyNotUsable(
            f"{path} cannot be read ({error.strerror}): run this as the user that runs bin/serve, or set SECRET_KEY."
        ) from error
    if len(key) < SHORTEST:
        raise KeyNotUsable(
            f"{path} does not hold a usable key. Put the right one back from your backup; only if nothing has been"
            " signed here yet, delete the file and start again."
        )
    return key


def made_key(data: Path) -> str:
    """The same, made on the first start and readable by its owner only."""
    try:
        with os.fdopen(os.open(key_file(data), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        pass
    key = kept_key(data)
    assert key is not None
    return key
