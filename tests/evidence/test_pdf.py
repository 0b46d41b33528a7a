"""The printed record: its fonts, its form, what it refuses to load, and what pdfsig says of its seal."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import pem
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.reader import PdfFileReader
from weasyprint.urls import FatalURLFetchingError

from evidence import pdf as pdf_module
from evidence import seal
from evidence.pdf import NothingButData, draw, page_html
from evidence.seal import NotSealed, sealed_pdf
from tests.evidence import nss
from tests.evidence.sealed import Sealed

pytestmark = pytest.mark.django_db  # only so that the pack can be made


def tool(name: str) -> str:
    """A program of poppler; without it the test is skipped, or fails where every service is required."""
    found = shutil.which(name)
    if found is None:
        said = f"{name} is not installed: apt-get install poppler-utils to run this test."
        if os.environ.get("REQUIRE_SERVICES") == "1":
            pytest.fail(said)
        pytest.skip(said)
    return found


def printed(command: Sequence[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def path(sealed: Sealed, tmp_path: Path) -> Path:
    path = tmp_path / "record.pdf"
    path.write_bytes(sealed.pdf)
    return path


@pytest.fixture
def record(sealed: Sealed) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(sealed.files["record.json"])
    return document


@pytest.fixture
def trusting_database(sealed: Sealed, tmp_path: Path) -> Path:
    """An NSS database that trusts the portal's root alone."""
    folder, root = tmp_path / "nss", tmp_path / "root.pem"
    folder.mkdir()
    root.write_bytes(sealed.root)
    done = subprocess.run([sys.executable, nss.__file__, str(folder), str(root)], capture_output=True, text=True)
    if done.returncode != 0 and os.environ.get("REQUIRE_SERVICES") != "1":
        pytest.skip(f"The NSS library could not make a database here: {done.stderr[-200:]}")
    assert done.returncode == 0, done.stderr
    return folder


def test_pdfsig_calls_the_seal_valid_the_certificate_trusted_and_the_whole_document_signed(
    path: Path, trusting_database: Path
):
    said = printed([tool("pdfsig"), "-nssdir", f"sql:{trusting_database}", str(path)])
    assert said.count("Signature #") == 1
    for expected in ("Signature is Valid.", "Certificate is Trusted.", "Total document signed", "ETSI.CAdES.detached"):
        assert expected in said


def test_pdfsig_does_not_trust_it_without_the_root(path: Path, tmp_path: Path):
    (empty := tmp_path / "empty").mkdir()
    said = printed([tool("pdfsig"), "-nssdir", f"sql:{empty}", str(path)])
    assert "Certificate is Trusted." not in said


def test_pdfsig_sees_a_changed_byte(path: Path, trusting_database: Path):
    data = bytearray(path.read_bytes())
    data[2000] ^= 1
    path.write_bytes(data)
    said = printed([tool("pdfsig"), "-nssdir", f"sql:{trusting_database}", str(path)])
    assert "Signature is Valid." not in said


def test_only_the_typefaces_of_the_house_are_in_it_and_all_are_embedded(path: Path):
    lines = printed([tool("pdffonts"), str(path)]).splitlines()[2:]
    assert len(lines) >= 4
    for line in lines:
        assert re.search(r"[A-Z]{6}\+Source-(Sans|Serif)", line), line
        assert line.split()[-5:-2] == ["yes", "yes", "yes"], line  # embedded, a subset, with a map to characters


def test_the_record_can_be_taken_out_with_poppler(sealed: Sealed, path: Path, tmp_path: Path):
    subprocess.run([tool("pdfdetach"), "-save", "1", "-o", str(tmp_path / "out.json"), str(path)], check=True)
    assert (tmp_path / "out.json").read_bytes() == sealed.files["record.json"]


def test_a_reader_finds_decision_signers_and_statement_in_its_text(path: Path, record: dict[str, Any]):
    text = " ".join(printed([tool("pdftotext"), "-layout", str(path), "-"]).split())
    for expected in (
        "Approved with conditions",
        "Norrbro B.V.",
        "Rita Reviewer",
        "Sealed by this portal’s own key; time from its clock, not independently stamped.",
        "4 of 4 expected",
        "A second line <i>not in italics</i>.",
        "Somebody may feel splashed.",
        "Principal place of business",
    ):
        assert expected in text, expected
    for signature in record["signatures"]:
        assert signature["person"]["name"] in text
    assert re.search(r"Page 1 of \d", text)


def test_it_is_marked_as_archivable_and_accessible(sealed: Sealed, record: dict[str, Any]):
    reader = PdfFileReader(io.BytesIO(sealed.pdf))
    root = reader.root
    metadata = root["/Metadata"].data.decode()
    assert re.search(r'pdfaid:part(="3"|>3<)', metadata)
    assert re.search(r'pdfaid:conformance(="A"|>A<)', metadata)
    assert re.search(r'pdfuaid:part(="1"|>1<)', metadata)
    assert metadata.count("<rdf:RDF") == 1
    assert "PDF/UA identification schema" in metadata
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]) == "en-gb"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert len(root["/AF"]) == 1, "each attachment is named once"
    attached = root["/AF"][0].get_object() if hasattr(root["/AF"][0], "get_object") else root["/AF"][0]
    assert str(attached["/AFRelationship"]) == "/Data"
    title = f"{record['review']}: Claims assistant on Llama 3.1"
    assert str(reader.trailer["/Info"]["/Title"]) == title


def test_the_seal_is_tagged_for_readers_that_are_read_aloud(sealed: Sealed):
    signature = PdfFileReader(io.BytesIO(sealed.pdf)).embedded_signatures[0]
    assert str(signature.sig_field["/TU"]) == "Seal of the portal"
    assert str(signature.sig_object["/SubFilter"]) == "/ETSI.CAdES.detached"


def test_each_seal_has_a_certificate_of_its_own_that_lives_ten_years_and_names_no_address(sealed: Sealed):
    signature = PdfFileReader(io.BytesIO(sealed.pdf)).embedded_signatures[0]
    certificate = signature.signer_cert
    assert certificate.subject.native["user_id"].endswith("/1")
    years = (certificate.not_valid_after - certificate.not_valid_before).days / 365.25
    assert 9.9 < years < 10.1
    for carried in signature.signed_data["certificates"]:
        assert not carried.chosen.crl_distribution_points
        assert not carried.chosen.ocsp_urls
    root = asn1_x509.Certificate.load(pem.unarmor(sealed.root)[2])
    assert certificate.issuer != root.subject, "the root signs the issuing authority only"


def test_the_seal_is_added_after_the_pages_and_changes_nothing_before_it(record: dict[str, Any], sealed: Sealed):
    record_json = sealed.files["record.json"]
    drawn = draw(record, record_json)
    assert drawn == draw(record, record_json)
    assert sealed.pdf.startswith(drawn), "the seal is added after the pages; nothing before it changes"


def test_people_s_words_are_escaped(record: dict[str, Any]):
    evil = "<img src=x onerror=alert(1)> </td></table> & \"quotes\" <a href='https://example.org'>x</a>"
    record["answers"][0]["reasoning"] = evil
    record["decision"]["product"]["name"] = evil
    page = page_html(record, b"{}")
    assert "<img" not in page
    assert "<a href" not in page
    assert "&lt;img src=x" in page


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "https://example.org/x.png", "http://127.0.0.1/", "ftp://x/"]
)
def test_a_record_that_wants_to_load_something_is_not_drawn(
    address: str, record: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    with pytest.raises(FatalURLFetchingError, match="loads nothing from elsewhere"):
        NothingButData().fetch(address)
    monkeypatch.setattr(pdf_module, "page_html", lambda *_: f'<html lang="en"><body><img src="{address}" alt="x">')
    with pytest.raises(FatalURLFetchingError):
        draw(record, b"{}")


def test_there_is_no_pdf_when_the_seal_does_not_verify(
    record: dict[str, Any], sealed: Sealed, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(seal, "_signed", lambda drawn, *_: drawn)
    with pytest.raises(NotSealed, match="0 signatures"):
        sealed_pdf(record, sealed.files["record.json"])


def test_a_long_word_can_break_so_that_nothing_runs_off_the_page(record: dict[str, Any]):
    page = page_html(record, b"{}")
    assert "x" * 28 + "<wbr>" in page
    assert not re.search(r"\bx{60}", page)
