"""Kombu's file-system transport, with whole messages only.

Kombu 5.7 writes a message into its final file, so that a worker which looks at the wrong moment reads half of it and
stops. Here a message is written beside its queue and renamed into it, and what cannot be read is dropped: the message
is a doorbell, the row is the job.
"""

from __future__ import annotations

import json
import logging
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps

logger = logging.getLogger(__name__)


class FolderChannel(filesystem.Channel):
    """A channel whose messages appear in the folder whole."""

    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:  # type: ignore[override]  # as its parent
        folder = Path(self.data_folder_out)
        name = f"{time.monotonic_ns() // 1_000_000}_{uuid.uuid4()}"
        written = folder / f"{name}.writing"
        written.write_text(dumps(payload), encoding="utf-8")
        written.rename(folder / f"{name}.{queue}.msg")

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        """The oldest message of the queue; the file is gone once its content is in hand."""
        for path in sorted(Path(self.data_folder_in).glob(f"*.{queue}.msg")):
            if path.name.partition(".")[2] != f"{queue}.msg":
                continue  # a queue whose name only ends alike
            taken = path.with_suffix(f".{uuid.uuid4()}.taken")
            try:
                path.rename(taken)  # of two workers one succeeds
            except FileNotFoundError:
                continue
            text = taken.read_text(encoding="utf-8", errors="replace")
            taken.unlink()
            try:
                return json.loads(text)
            except ValueError:
                logger.warning("A message that cannot be read was dropped; the sweeper rings again for its job.")
        raise Empty


class FolderTransport(filesystem.Transport):
    """The embedded doorbell: a folder, for one machine."""

    Channel = FolderChannel
