"""Verifies a pack or its PDF: offline, without the database, and down to the last byte.

Trust runs one way: the root vouches for the seal of the PDF; the sealed record states the keys of the envelope and of
the log; the envelope vouches for the list of digests; the list for every file. The zip is written again and compared,
so that nothing hides between its members.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from asn1crypto import pem
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from evidence import dsse
from evidence.manifest import SEAL, SUMS, SUMS_TYPE, BadPack, check_sums, parse_sums, read_zip, same_archive
from evidence.problems import Report
from evidence.verify_log import check_log
from evidence.verify_pdf import check_pdf, own_root
from evidence.verify_record import check_record, read_record
from evidence.verify_texts import check_texts

RECORD = "record.json"
ROOT = "root.pem"


def verify_file(data: bytes, *, root: bytes | None = None) -> Report:
    """Verify a pack (zip) or a sealed PDF. Without `root` the file's own root is used, and the report says so."""
    if data[:5] == b"%PDF-":
        return verify_pdf(data, root=root)
    return verify_pack(data, root=root)


def verify_pdf(data: bytes, *, root: bytes | None = None, file: str = "the PDF") -> Report:
    """Verify a sealed PDF by itself: its seal, and the digests inside the record that is attached to it."""
    report = Report()
    used = root or own_root(data)
    if used is None or not _note_root(used, given=root is not None, report=report):
        report.problem(file, "it holds no root, and none was given: it has no seal, or it was changed.")
        return report
    attached = check_pdf(data, file=file, root=used, report=report)
    if attached is not None:
        record = read_record(attached, file="record.json in the PDF", report=report)
        if record is not None:
            _check_record(record, "record.json in the PDF", report)
    return report


def verify_pack(data: bytes, *, root: bytes | None = None) -> Report:
    """Verify a pack with everything in it."""
    report = Report()
    try:
        files = read_zip(data)
    except BadPack as error:
        report.problem("the archive", str(error))
        return report
    missing = [name for name in (SUMS, SEAL, RECORD, ROOT) if name not in files]
    if missing:
        report.problem("the archive", f"it lacks {', '.join(missing)}, so it is not a pack.")
        return report
    used = root or files[ROOT]
    if not _note_root(used, given=root is not None, report=report):
        report.problem(ROOT, "it is not a certificate.")
        return report
    if _fingerprint(files[ROOT]) != report.root_sha256:
        report.problem(ROOT, "it is not the root that you gave.")
    record = read_record(files[RECORD], file=RECORD, report=report)
    if record is None:
        return report
    _check_files(files, record, report)
    _check_archive(data, files, record, report)
    _check_pdf_of(files, record, used, report)
    _check_record(record, RECORD, report)
    try:
        check_texts(record, files, report)
        check_log(record, files, report)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        report.problem(RECORD, f"a part of the record is missing or of the wrong kind ({error}).")
    return report


def _check_files(files: Mapping[str, bytes], record: Mapping[str, Any], report: Report) -> None:
    """The envelope vouches for SHA256SUMS, and SHA256SUMS for every file."""
    before, number = len(report.problems), 0
    try:
        sums = parse_sums(files[SUMS].decode("ascii"))
        number = len(sums)
        for sentence in check_sums(files, sums):
            report.problem(sentence.split(" ", 1)[0], sentence)
    except UnicodeDecodeError:
        report.problem(SUMS, "it is not plain text.")
    except BadPack as error:
        report.problem(SUMS, str(error))
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(record["seal"]["envelope_key"], validate=True))
        envelope = dsse.verify(files[SEAL], key)
        if envelope.payload_type != SUMS_TYPE or envelope.payload != files[SUMS]:
            report.problem(SUMS, f"it is not the list that {SEAL} signs.")
    except dsse.BadEnvelope as error:
        report.problem(SEAL, str(error))
    except (KeyError, TypeError, ValueError, binascii.Error):
        report.problem(RECORD, "it does not state the key of the envelope.")
    if len(report.problems) == before:
        report.looked_at(f"{number} files have the digests in {SUMS}, and {SEAL} signs that list.")


def _check_archive(data: bytes, files: Mapping[str, bytes], record: Mapping[str, Any], report: Report) -> None:
    try:
        at = datetime.fromisoformat(str(record["as_of"]).replace("Z", "+00:00"))
    except (KeyError, ValueError):
        report.problem(RECORD, "it does not state its time.")
        return
    if same_archive(data, files, at=at):
        report.looked_at("The archive is byte for byte the one that the portal writes for these files.")
    else:
        report.problem(
            "the archive", "it is not byte for byte the one that the portal writes: it was packed again or changed."
        )


def _check_pdf_of(files: Mapping[str, bytes], record: Mapping[str, Any], root: bytes, report: Report) -> None:
    name = f"review-{record.get('review')}.pdf"
    if name not in files:
        report.problem(name, "it is not in the pack.")
        return
    attached = check_pdf(files[name], file=name, root=root, report=report)
    if attached is not None and attached != files[RECORD]:
        report.problem(name, f"the record attached to it is not {RECORD}.")


def _check_record(record: Mapping[str, Any], file: str, report: Report) -> None:
    report.subject = f"{record.get('review')}, edition {record.get('edition')}"
    check_record(record, file=file, report=report)
    seal = record.get("seal")
    if not isinstance(seal, Mapping) or seal.get("root_sha256") != report.root_sha256:
        report.problem(file, "it names another root than the one that it was checked against.")


def _note_root(root: bytes, *, given: bool, report: Report) -> bool:
    found = _fingerprint(root)
    report.root_sha256, report.root_was_given = found or "", given
    return found is not None


def _fingerprint(root: bytes) -> str | None:
    try:
        load = x509.load_pem_x509_certificate if pem.detect(root) else x509.load_der_x509_certificate
        return load(root).fingerprint(hashes.SHA256()).hex()
    except (ValueError, TypeError):
        return None
