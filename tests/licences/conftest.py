"""What the tests of the licence base share: a place for files, an invented catalogue, and the official texts."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from foundation.audit.actors import Actor
from licences.actions import import_folder, sync_catalogue
from licences.models import LlamaVersion
from licences.normalise import words_digest
from licences.terms import CATALOGUE, load_terms
from tests.licences.texts import AGREEMENT, AUP

SYSTEM = Actor.system("tests")


def invented_catalogue(folder: Path) -> Path:
    """A catalogue with one version, Llama 9, whose known texts are those of our own invention."""
    known = load_terms(CATALOGUE / "llama-4.toml")
    words = (CATALOGUE / "llama-4.toml").read_text(encoding="utf-8")
    for kind, text in (("agreement", AGREEMENT), ("aup", AUP)):
        data = text.encode()
        words = words.replace(known.text(kind).sha256, hashlib.sha256(data).hexdigest())
        words = words.replace(known.text(kind).words, words_digest(data))
    words = words.replace('slug = "llama-4"', 'slug = "llama-9"').replace('name = "Llama 4"', 'name = "Llama 9"')
    folder.mkdir(exist_ok=True)
    (folder / "llama-9.toml").write_text(words, encoding="utf-8")
    return folder


@pytest.fixture
def file_store(settings: object, tmp_path: Path) -> Path:
    """Stored files go to a folder of this test."""
    settings.BLOB_DIR = tmp_path / "blobs"  # type: ignore[attr-defined]
    return tmp_path / "blobs"


@pytest.fixture
def llama_9(db: None, file_store: Path, tmp_path: Path) -> LlamaVersion:
    """An invented version, whose first copies are the invented texts; no text is imported yet."""
    sync_catalogue(by=SYSTEM, folder=invented_catalogue(tmp_path / "catalogue"))
    return LlamaVersion.objects.get(slug="llama-9")


@pytest.fixture
def catalogue(db: None, file_store: Path) -> list[LlamaVersion]:
    """The versions of the real catalogue, oldest first."""
    return [one.version for one in sync_catalogue(by=SYSTEM)]


@pytest.fixture
def official_base(catalogue: list[LlamaVersion], official_texts: Path) -> list[LlamaVersion]:
    """The real catalogue with every official text imported."""
    import_folder(folder=official_texts, imported_by=SYSTEM)
    return catalogue
