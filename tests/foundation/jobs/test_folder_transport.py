"""The embedded doorbell hands over whole messages, once, and survives a broken one."""

from __future__ import annotations

from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection

from foundation.jobs.folder_transport import FolderChannel


@pytest.fixture
def channel(tmp_path: Path) -> FolderChannel:
    options = {"data_folder_in": str(tmp_path), "data_folder_out": str(tmp_path), "control_folder": str(tmp_path / "c")}
    transport = "foundation.jobs.folder_transport:FolderTransport"
    found = Connection("filesystem://localhost/", transport=transport, transport_options=options).channel()
    assert isinstance(found, FolderChannel)
    return found


def test_messages_come_back_in_order_and_once(channel: FolderChannel, tmp_path: Path) -> None:
    for number in range(3):
        channel._put("celery", {"n": number})
    channel._put("other.celery", {"n": "of another queue"})
    assert sorted(channel._get("celery")["n"] for _ in range(3)) == [0, 1, 2]
    with pytest.raises(Empty):
        channel._get("celery")
    assert [path.name.partition(".")[2] for path in tmp_path.iterdir()] == ["other.celery.msg"]


@pytest.mark.parametrize("broken", ["", '{"body": "half', "\xff\xfe"])
def test_a_message_that_cannot_be_read_is_dropped_and_the_next_one_comes(
    channel: FolderChannel, tmp_path: Path, broken: str
) -> None:
    (tmp_path / "0_broken.celery.msg").write_text(broken, encoding="latin-1")
    channel._put("celery", {"n": 1})
    assert channel._get("celery") == {"n": 1}
    assert list(tmp_path.iterdir()) == []


def test_a_message_that_is_still_being_written_is_not_seen(channel: FolderChannel, tmp_path: Path) -> None:
    (tmp_path / "0_half.writing").write_text('{"bo', encoding="utf-8")
    with pytest.raises(Empty):
        channel._get("celery")
