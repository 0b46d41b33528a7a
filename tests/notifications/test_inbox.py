"""The inbox: what waits for a person, and what has become news."""

from __future__ import annotations

import pytest

from notifications.actions import read_log
from tests import journeys

pytestmark = pytest.mark.django_db


def test_what_is_done_no_longer_waits_for_anybody(client):
    journey = journeys.signing()
    read_log()
    client.force_login(journey.cast.leo)
    assert "Waits for you" in client.get("/notices/").content.decode()
    journeys.sign(journey, "approver", journey.cast.leo)
    page = client.get("/notices/").content.decode()
    assert "Your signature is next" in page
    assert "Waits for you" not in page
