import io
import zipfile

import pytest

from foundation.files import store
from foundation.files.errors import UploadRefused
from foundation.files.models import Blob
from foundation.files.uploads import (
    DOCUMENTS,
    DOCX,
    JPEG,
    MARKDOWN,
    PDF,
    PNG,
    TEXT,
    TYPES,
    XLSX,
    accept_upload,
    store_upload,
)

PDF_BYTES = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def office(*names: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return content.getvalue()


DOCX_BYTES = office("[Content_Types].xml", "word/document.xml")
GOOD = [
    ("grant.pdf", PDF_BYTES, PDF),
    ("GRANT.PDF", PDF_BYTES, PDF),
    ("shot.png", b"\x89PNG\r\n\x1a\n....", PNG),
    ("shot.jpeg", b"\xff\xd8\xff\xe0....", JPEG),
    ("LICENSE", b"An agreement of our own.\n", TEXT),
    ("terms.txt", "\ufeffZoë's terms\r\n".encode(), TEXT),
    ("terms.md", b"# Terms\n", MARKDOWN),
    ("letter.docx", DOCX_BYTES, DOCX),
    ("sheet.xlsx", office("[Content_Types].xml", "xl/workbook.xml"), XLSX),
]
BAD = [
    ("grant.pdf", b"MZ\x90\x00"),
    ("grant.pdf", b"GIF89a;" + PDF_BYTES),  # a PDF that begins as something else
    ("grant.pdf", b"%PDF-1.7\ncut"),
    ("shot.png", b"\xff\xd8\xff\xe0...."),
    ("shot.jpg", b"<svg onload=alert(1)>"),
    ("terms.txt", b"\x00\x01\x02"),
    ("terms.txt", b"caf\xe9"),
    ("terms.txt", b"  <!DOCTYPE html><script>alert(1)</script>"),
    ("terms.md", b"<html>"),
    ("LICENSE", PDF_BYTES),
    ("letter.docx", office("word/document.xml")),
    ("letter.docx", office("[Content_Types].xml", "xl/workbook.xml")),
    ("letter.docx", office("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")),
    ("letter.docx", DOCX_BYTES[:60]),
    ("letter.docx", b"not a zip"),
]


@pytest.mark.parametrize(("name", "data", "media_type"), GOOD)
def test_a_file_that_is_what_its_name_says_is_accepted_as_it_came(name, data, media_type):
    upload = accept_upload(name, data, allowed=TYPES, max_bytes=10_000)
    assert (upload.name, upload.data, upload.media_type) == (name, data, media_type)


@pytest.mark.parametrize(("name", "data"), BAD)
def test_content_that_is_not_what_its_name_says_is_refused(name, data):
    with pytest.raises(UploadRefused, match="not what its name says"):
        accept_upload(name, data, allowed=TYPES, max_bytes=10_000)


@pytest.mark.parametrize("name", ["page.html", "run.exe", "grant.pdf.exe", "drawing.svg", "macro.docm"])
def test_a_type_that_is_not_accepted_is_refused_with_those_that_are(name):
    with pytest.raises(UploadRefused, match=r"Upload one of: \.docx, \.jpeg, \.jpg, \.md, \.pdf, \.png, \.text, \.txt"):
        accept_upload(name, PDF_BYTES, allowed=DOCUMENTS, max_bytes=10_000)


def test_a_type_that_is_accepted_elsewhere_is_refused_here():
    with pytest.raises(UploadRefused, match="Upload one of"):
        accept_upload("figures.xlsx", b"PK\x03\x04", allowed=DOCUMENTS, max_bytes=10_000)


def test_an_empty_file_and_one_that_is_too_large_are_refused():
    with pytest.raises(UploadRefused, match="is empty"):
        accept_upload("terms.txt", b"", allowed=DOCUMENTS, max_bytes=10)
    assert accept_upload("terms.txt", b"x" * 10, allowed=DOCUMENTS, max_bytes=10)
    with pytest.raises(UploadRefused, match="larger than 1 KB"):
        accept_upload("terms.txt", b"x" * 11, allowed=DOCUMENTS, max_bytes=10)
    with pytest.raises(UploadRefused, match="larger than 2 MB"):
        accept_upload("terms.txt", b"x" * (2 * 1024 * 1024 + 1), allowed=DOCUMENTS, max_bytes=2 * 1024 * 1024)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/terms.txt", "terms.txt"),
        ("C:\\Users\\rita\\terms.txt", "terms.txt"),
        ('te"rms\r\nX: y.txt', "te rms X y.txt"),
        ("terms\u202etxt.txt", "terms txt.txt"),
        ("/", "upload"),
        (". .txt", "upload.txt"),
        ("x" * 300 + ".txt", "x" * 146 + ".txt"),
    ],
)
def test_a_name_that_misleads_is_made_harmless(given, kept):
    assert accept_upload(given, b"text", allowed=DOCUMENTS, max_bytes=10_000).name == kept


@pytest.mark.django_db
def test_an_accepted_upload_is_stored_and_a_refused_one_is_not(settings, tmp_path):
    settings.BLOB_DIR = tmp_path
    blob = store_upload("grant.pdf", PDF_BYTES)
    assert (blob.media_type, store.read(blob.sha256)) == (PDF, PDF_BYTES)
    with pytest.raises(UploadRefused):
        store_upload("grant.pdf", b"MZ")
    assert Blob.objects.count() == 1
