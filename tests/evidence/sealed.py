"""One pack for all tests that only read it: made once, in a transaction that is rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from evidence.manifest import read_zip
from evidence.pack import make_pack
from foundation.keys import authority
from tests.evidence.builders import approved_review, make_cast

KEY_SECRET = "a secret of these tests"


@dataclass(frozen=True)
class Sealed:
    """The bytes of a pack and the root that its portal gives to auditors."""

    archive: bytes
    root: bytes

    @property
    def files(self) -> dict[str, bytes]:
        return read_zip(self.archive)

    @property
    def pdf_name(self) -> str:
        return next(name for name in self.files if name.endswith(".pdf"))

    @property
    def pdf(self) -> bytes:
        return self.files[self.pdf_name]


@pytest.fixture(scope="session")
def sealed(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory, evidence_keys: Path
) -> Iterator[Sealed]:
    """A sound pack of an approved review."""
    places = {"BLOB_DIR": tmp_path_factory.mktemp("blobs"), "KEY_DIR": evidence_keys, "KEY_SECRET": KEY_SECRET}
    with django_db_blocker.unblock(), override_settings(**places, COMPANY_NAME="Norrbro Group"):
        with transaction.atomic():
            made = make_pack(approved_review(make_cast()), edition=1)
            transaction.set_rollback(True)
        root = authority.root_certificate_pem().encode()
    yield Sealed(made.archive, root)
