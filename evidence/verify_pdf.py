"""Checks the seal of a PDF against a root: one signature, over the whole file, by a certificate of that root.

pdfsig ends without an error on a broken signature, and pyHanko says nothing of a file without one, so the number of
signatures is part of what is checked. The signature's own container is outside what it signs: it is read strictly.
"""

from __future__ import annotations

import io
import logging
from datetime import datetime
from typing import Any

from asn1crypto import cms, pem
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from evidence.problems import Report

EXPECTED_SIGNATURES = 1
ATTACHED_NAME = "record.json"


def check_pdf(data: bytes, *, file: str, root: bytes, report: Report) -> bytes | None:
    """Check the seal; the bytes of the attached record, when they can be read."""
    before = len(report.problems)
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # its findings come back as sentences
    logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
    try:
        reader = PdfFileReader(io.BytesIO(data), strict=True)
        signatures = reader.embedded_signatures
        if len(signatures) != EXPECTED_SIGNATURES:
            report.problem(file, f"it has {len(signatures)} signatures; a sealed record has {EXPECTED_SIGNATURES}.")
        for signature in signatures:
            _check_signature(signature, data, file, root, report)
        attached = _attached(reader)
        if attached is None:
            report.problem(file, f"it has no {ATTACHED_NAME} attached.")
    except Exception as error:
        report.problem(file, f"it cannot be read as a sealed PDF ({type(error).__name__}): it was changed or cut.")
        return None
    if len(report.problems) == before:
        report.looked_at(
            f"{file}: sealed once, over the whole file, by a certificate of the root; nothing was added since."
        )
    return attached


def own_root(data: bytes) -> bytes | None:
    """The self-signed certificate inside a PDF's own seal: to check against, and to compare, where none is given."""
    try:
        for signature in PdfFileReader(io.BytesIO(data), strict=True).embedded_signatures:
            for choice in signature.signed_data["certificates"]:
                if choice.chosen.self_issued:
                    found: bytes = choice.chosen.dump()
                    return found
    except Exception:
        return None
    return None


def _check_signature(signature: Any, data: bytes, file: str, root: bytes, report: Report) -> None:
    anchor = asn1_x509.Certificate.load(_der(root))
    context = ValidationContext(
        trust_roots=[anchor], moment=_moment(signature), allow_fetching=False, revocation_mode="soft-fail"
    )
    # Whatever was added is refused, so nobody needs to know what it changes; finding out can take a minute.
    status = validate_pdf_signature(signature, signer_validation_context=context, skip_diff=True)
    if not status.intact or not status.valid:
        report.problem(file, "its seal is broken: the file was changed after it was sealed.")
        return
    if not status.trusted:
        report.problem(file, "its seal was made with a certificate that does not come from this root.")
        return
    if status.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        report.problem(file, "something was added after it was sealed.")
    _check_container(signature, data, file, status, report)


def _check_container(signature: Any, data: bytes, file: str, status: Any, report: Report) -> None:
    """The container lies in the gap of the ByteRange (ISO 32000-2, 12.8.1), outside what is signed.

    So it is written again from what was verified (certificates of the path, signed attributes, signature) and compared:
    a byte that changes nothing for a reader has nowhere to hide.
    """
    start, length, rest, _tail = (int(number) for number in signature.byte_range)
    gap = data[start + length : rest]
    raw = bytes.fromhex(gap[1:-1].decode("ascii"))
    (signer,) = signature.signed_data["signer_infos"]
    certificate = signature.signer_cert
    path = {one.dump(): one for one in status.validation_path.iter_certs(include_root=True)}
    carried = [choice.chosen.dump() for choice in signature.signed_data["certificates"]]
    expected = cms.ContentInfo(
        {
            "content_type": "signed_data",
            "content": cms.SignedData(
                {
                    "version": "v1",
                    "digest_algorithms": [cms.DigestAlgorithm({"algorithm": "sha256"})],
                    "encap_content_info": {"content_type": "data"},
                    "certificates": [path[one] for one in carried if one in path],
                    "signer_infos": [
                        {
                            "version": "v1",
                            "sid": cms.SignerIdentifier(
                                "issuer_and_serial_number",
                                cms.IssuerAndSerialNumber(
                                    {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
                                ),
                            ),
                            "digest_algorithm": cms.DigestAlgorithm({"algorithm": "sha256"}),
                            "signed_attrs": signer["signed_attrs"],
                            "signature_algorithm": cms.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
                            "signature": signer["signature"],
                        }
                    ],
                }
            ),
        }
    ).dump()
    plain = gap == b"<" + raw.hex().upper().encode() + b">"
    if not plain or not raw.startswith(expected) or any(raw[len(expected) :]):
        report.problem(file, "the container of its seal was changed.")


def _moment(signature: Any) -> datetime | None:
    """The time that the seal itself states: a certificate that has expired since does not undo it."""
    stated: datetime | None = signature.self_reported_timestamp
    return stated


def _attached(reader: PdfFileReader) -> bytes | None:
    """The bytes of record.json inside the PDF."""
    for reference in reader.root.get("/AF", []):
        specification = reference.get_object()
        if str(specification.get("/UF", "")) == ATTACHED_NAME:
            attached: bytes = specification["/EF"]["/F"].data
            return attached
    return None


def _der(root: bytes) -> bytes:
    if pem.detect(root):
        _kind, _headers, der = pem.unarmor(root)
        return bytes(der)
    return root
