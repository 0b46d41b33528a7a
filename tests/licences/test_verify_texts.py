"""A changed byte of a stored text is found, and named."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from foundation.files.store import path_of
from licences.actions import import_text
from licences.models import Clause, LicenceText, LlamaVersion, TextKind
from licences.verify import verify_texts
from tests.licences.conftest import SYSTEM
from tests.licences.texts import AGREEMENT, AUP

pytestmark = pytest.mark.django_db


@pytest.fixture
def texts(llama_9: LlamaVersion) -> tuple[LicenceText, LicenceText]:
    """Agreement and policy of Llama 9."""
    agreement, policy = (
        import_text(version=llama_9, kind=kind, data=words.encode(), source="the river", imported_by=SYSTEM)
        for kind, words in ((TextKind.AGREEMENT, AGREEMENT), (TextKind.AUP, AUP))
    )
    return agreement, policy


def change_a_byte(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[40] ^= 1
    path.chmod(0o600)
    path.write_bytes(bytes(data))


def test_untouched_texts_verify(texts: tuple[LicenceText, LicenceText]) -> None:
    assert verify_texts() == []


def test_a_changed_byte_is_found_and_the_text_is_named(texts: tuple[LicenceText, LicenceText]) -> None:
    _agreement, policy = texts
    change_a_byte(path_of(policy.sha256))
    (problem,) = verify_texts()
    assert (problem.version, problem.document, problem.sha256) == ("Llama 9", "AUP", policy.sha256)
    assert problem.sentence.startswith(f"Llama 9 AUP, file {policy.sha256}: The stored file")


def test_a_missing_file_is_found(texts: tuple[LicenceText, LicenceText]) -> None:
    agreement, _policy = texts
    path_of(agreement.sha256).unlink()
    (problem,) = verify_texts()
    assert "is missing" in problem.sentence


def test_words_changed_in_the_database_are_found(texts: tuple[LicenceText, LicenceText]) -> None:
    agreement, _policy = texts
    Clause.objects.filter(text=agreement, clause_id="2").update(body="Herons need not ask.")
    (problem,) = verify_texts()
    assert (problem.document, "its clauses are not those of the file" in problem.sentence) == ("LICENSE", True)


def test_a_changed_digest_of_words_is_found(texts: tuple[LicenceText, LicenceText]) -> None:
    agreement, _policy = texts
    LicenceText.objects.filter(pk=agreement.pk).update(words_digest="0" * 64)
    (problem,) = verify_texts()
    assert "digest of its words" in problem.sentence


def test_the_command_names_the_text_and_fails(texts: tuple[LicenceText, LicenceText]) -> None:
    agreement, _policy = texts
    out, err = StringIO(), StringIO()
    call_command("verify_licence_texts", stdout=out)
    assert out.getvalue() == "All 2 licence texts are those that were imported.\n"
    change_a_byte(path_of(agreement.sha256))
    with pytest.raises(SystemExit) as ended:
        call_command("verify_licence_texts", stderr=err)
    assert ended.value.code == 1
    assert f"Llama 9 LICENSE, file {agreement.sha256}" in err.getvalue()
