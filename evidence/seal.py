"""Seals a record: a PAdES B-B signature over the PDF (ETSI EN 319 142-1) and an envelope over the list of digests.

Each signing act has a certificate and a key of its own; the key is dropped after use. Some readers stumble over two
neighbouring signatures of one certificate, and a certificate that has expired looks broken in most, so it lives as long
as the issuing authority. It names no address for revocation: an auditor verifies offline. The time is the portal's.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes, serialization
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from evidence import dsse
from evidence.errors import EvidenceError
from evidence.manifest import SUMS_TYPE
from evidence.pdf import draw
from evidence.problems import Report
from evidence.verify_pdf import check_pdf
from foundation.keys import authority
from foundation.keys.certificates import CertifiedKey

FIELD = "PortalSeal"
DER = serialization.Encoding.DER


class NotSealed(EvidenceError):  # noqa: N818 - reads as a sentence where it is caught
    """The PDF could not be sealed, so there is none: an unsigned record proves nothing."""


def sealing_keys() -> dict[str, str]:
    """The public keys that a record states, so that its seal vouches for the envelope's key and for the log's."""
    envelope_key = authority.dsse_key().public_key()
    return {
        "root_sha256": authority.authority().root.fingerprint(hashes.SHA256()).hex(),
        "envelope_key": base64.b64encode(envelope_key.public_bytes_raw()).decode("ascii"),
        "log_key": authority.log_verifier_key(),
    }


def sealed_pdf(record: Mapping[str, Any], record_json: bytes) -> bytes:
    """The PDF of the record, signed and verified. There is no way to get it unsigned."""
    name = f"{record['review']}/{record['edition']}"
    sealed = _signed(draw(record, record_json), authority.issue_certificate("Licence Desk seal", name), name)
    report = Report()
    check_pdf(sealed, file="the PDF", root=authority.root_certificate_pem().encode(), report=report)
    if not report.sound:
        raise NotSealed(f"The seal of {name} does not verify: {'; '.join(map(str, report.problems))}")
    return sealed


def sealed_sums(sums: bytes) -> bytes:
    """The envelope over SHA256SUMS, and by it over every file of the pack."""
    return dsse.sign(dsse.Envelope(SUMS_TYPE, sums), authority.dsse_key())


def _signed(drawn: bytes, certified: CertifiedKey, name: str) -> bytes:
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple([_asn1(certificate) for certificate in certified.chain])
    signer = signers.SimpleSigner(
        signing_cert=_asn1(certified.certificate),
        signing_key=asn1_keys.PrivateKeyInfo.load(
            certified.key.private_bytes(DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        ),
        cert_registry=store,
    )
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        subfilter=SigSeedSubFilter.PADES,
        md_algorithm="sha256",
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        name="Licence Desk",
        reason=f"Seal of the record {name}; time from the portal's own clock",
    )
    # PDF/UA: a widget outside the page needs no tag, and it carries a name that can be read out.
    field = SigFieldSpec(
        FIELD,
        invis_sig_settings=InvisSigSettings(set_print_flag=True, box_out_of_bounds=True),
        readable_field_name="Seal of the portal",
    )
    sealed = io.BytesIO()
    signers.PdfSigner(metadata, signer=signer, new_field_spec=field).sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(drawn), strict=True), output=sealed
    )
    return sealed.getvalue()


def _asn1(certificate: Any) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(DER))
