"""A command that is run by hand beside bin/serve uses the key that bin/serve made."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from portal.secret_key import made_key
from portal.serve import REPOSITORY

NOT_GIVEN = {"SECRET_KEY", "KEY_SECRET", "PRODUCTION", "DATABASE_URL", "REDIS_URL"}
PRINT_KEY = "from django.conf import settings; print(settings.SECRET_KEY, settings.KEY_SECRET)"


def run(data: Path, **given: str) -> subprocess.CompletedProcess[str]:
    """What the settings hold in another process."""
    env = {name: value for name, value in os.environ.items() if name not in NOT_GIVEN}
    env |= {"DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "portal.settings", **given}
    return subprocess.run(
        [sys.executable, "-c", PRINT_KEY], env=env, cwd=REPOSITORY, check=False, capture_output=True, text=True
    )


def test_the_key_that_was_made_is_found_without_a_word(tmp_path: Path) -> None:
    key = made_key(tmp_path)
    assert run(tmp_path).stdout.split() == [key, key]


def test_a_key_that_is_given_wins(tmp_path: Path) -> None:
    made_key(tmp_path)
    assert run(tmp_path, SECRET_KEY="given").stdout.split() == ["given", "given"]


def test_without_either_the_key_is_the_one_that_production_refuses(tmp_path: Path) -> None:
    assert "for-this-machine-only" in run(tmp_path).stdout
    assert "needs a SECRET_KEY of its own" in run(tmp_path, PRODUCTION="true").stderr


def test_a_damaged_key_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("short", encoding="utf-8")
    assert "does not hold a usable key" in run(tmp_path).stderr


def test_a_key_that_cannot_be_read_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "secret_key").mkdir()
    assert "as the user that runs bin/serve" in run(tmp_path).stderr
