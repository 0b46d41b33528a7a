"""Draws the record as PDF/A-3a with PDF/UA-1 marks. The same record gives the same bytes, on every machine and run.

What is drawn here is not sealed yet and is no record: only `evidence.seal.sealed_pdf` hands a PDF out.
"""

from __future__ import annotations

import hashlib
import re
import warnings
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import pydyf
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from evidence.fonts import font_files
from evidence.pages import printed

VARIANT = "pdf/a-3a"
ATTACHED_NAME = "record.json"
STYLE = Path(__file__).with_name("record.css")

# PDF/UA-1 beside PDF/A-3a: WeasyPrint makes one variant at a time, so the mark and the schema that declares it (ISO
# 19005-3, 6.6.2.3) go into the metadata here.
UA_METADATA = b"""<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="" pdfuaid:part="1"/>
<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#" rdf:about=""><pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource"><pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI><pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema><pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:category>internal</pdfaProperty:category><pdfaProperty:description>PDF/UA version identifier</pdfaProperty:description><pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType></rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""  # noqa: E501


def pdf_name(record: Mapping[str, Any]) -> str:
    """The file name of the PDF of this record."""
    return f"review-{record['review']}.pdf"


def draw(record: Mapping[str, Any], record_json: bytes) -> bytes:
    """The pages of the record with record.json attached; times and identifier come from the record alone."""
    sha256 = hashlib.sha256(record_json)
    as_of = datetime.fromisoformat(str(record["as_of"]).replace("Z", "+00:00")).astimezone(UTC)
    attached = Attachment(
        string=record_json,
        name=ATTACHED_NAME,
        description="Machine-readable record of the review",
        relationship="Data",
        created=as_of,
        modified=as_of,
    )
    options: dict[str, Any] = {
        "pdf_variant": VARIANT,
        "pdf_identifier": sha256.digest()[:16],
        "attachments": [attached],
    }
    fonts, style = _style()
    document = HTML(string=page_html(record, record_json), url_fetcher=NothingButData()).render(
        stylesheets=[style], font_config=fonts, **options
    )
    metadata = document.metadata.generate_rdf_metadata

    def with_ua(*arguments: Any) -> bytes:
        described: bytes = metadata(*arguments)
        return described.replace(b"</rdf:RDF>", UA_METADATA + b"</rdf:RDF>")

    document.metadata.generate_rdf_metadata = with_ua
    # WeasyPrint leaves its colour profile open for the garbage collector, which warns; the file is read by then.
    with warnings.catch_warnings(action="ignore", category=ResourceWarning):
        drawn: bytes = document.write_pdf(finisher=_finish, **options)
    return drawn


def page_html(record: Mapping[str, Any], record_json: bytes) -> str:
    """The page that is drawn. Django escapes what people wrote; nothing in it can fetch anything."""
    with translation.override(settings.LANGUAGE_CODE):
        context = printed(record, record_sha256=hashlib.sha256(record_json).hexdigest(), pdf_name=pdf_name(record))
        return render_to_string("evidence/record.html", context)


class NothingButData(URLFetcher):  # type: ignore[misc]
    """Refuses every address but data:, loudly: a record that wants to load something is not drawn at all."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=["data"], allow_redirects=False, fail_on_errors=True)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
        """Only data: is inside the document itself."""
        if not re.match(r"data:", url, re.IGNORECASE):
            raise FatalURLFetchingError(f"A record loads nothing from elsewhere; this one asked for {url[:200]}.")
        return super().fetch(url, headers)


class OnlyOurFonts(NothingButData):
    """Serves the style sheet the six font files of `evidence.fonts`, and nothing else."""

    def __init__(self, allowed: frozenset[str]) -> None:
        super().__init__()
        self._allowed_protocols = ["data", "file"]
        self._allowed = allowed

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
        """A font of ours by its exact address."""
        if url in self._allowed:
            return URLFetcher.fetch(self, url, headers)
        return super().fetch(url, headers)


@lru_cache(maxsize=1)
def _style() -> tuple[FontConfiguration, CSS]:
    """The style sheet with its fonts, read once per process. Another FontConfiguration would embed other fonts."""
    fonts = FontConfiguration()
    faces = "".join(
        f'@font-face {{ font-family: "{font.family}"; font-weight: {font.weight}; '
        f'font-style: {"italic" if font.italic else "normal"}; src: url("{font.path.as_uri()}"); }}\n'
        for font in font_files()
    )
    fetcher = OnlyOurFonts(frozenset(font.path.as_uri() for font in font_files()))
    return fonts, CSS(string=faces + STYLE.read_text("utf-8"), font_config=fonts, url_fetcher=fetcher)


def _finish(_document: Any, pdf: pydyf.PDF) -> None:
    """Name each attachment once in /AF, and show the title instead of the file name (PDF/UA-1, 7.1)."""
    once: list[Any] = []
    for reference in pdf.catalog["AF"]:
        if reference not in once:
            once.append(reference)
    pdf.catalog["AF"] = pydyf.Array(once)
    pdf.catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})
