"""Puts a pack together: record, PDF, texts, log, list of digests, envelope, instructions, and the zip around them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from evidence.errors import EvidenceError
from evidence.history import History, history_of, log_lines
from evidence.instructions import verify_text
from evidence.manifest import SEAL, SUMS, SUMS_TYPE, build_zip, sums_text
from evidence.pdf import pdf_name
from evidence.record import build_record, record_bytes
from evidence.record_examined import text_file_name
from evidence.seal import sealed_pdf, sealed_sums, sealing_keys
from evidence.verify import verify_pack
from evidence.verify_log import CHECKPOINT, EVENTS, PROOFS
from foundation.audit.canonical import canonical
from foundation.audit.checkpoint_log import prove_inclusion, write_checkpoint
from foundation.audit.models import Checkpoint
from foundation.files import store
from foundation.keys import authority
from reviews.models import Review


class NotSound(EvidenceError):  # noqa: N818 - reads as a sentence where it is caught
    """The pack did not pass its own verifier, so it is not kept."""


@dataclass(frozen=True)
class Pack:
    """The bytes of a pack, and the record inside it."""

    record: dict[str, Any]
    record_json: bytes
    pdf: bytes
    archive: bytes


def make_pack(review: Review, *, edition: int, through: int | None = None) -> Pack:
    """Make the whole pack and verify it as an auditor would, before anybody can get it."""
    record = build_record(review, edition=edition, through=through, keys=sealing_keys())
    record_json = record_bytes(record)
    pdf = sealed_pdf(record, record_json)
    log = _log_files(history_of(review, through=through))
    name = pdf_name(record)
    files: dict[str, bytes] = {name: pdf, "record.json": record_json}
    for text in (review.agreement, review.aup):
        if text is not None:
            files[text_file_name(review.version.slug, text.kind)] = store.read(text.sha256)
    files |= log
    files["root.pem"] = authority.root_certificate_pem().encode("ascii")
    files["issuing.pem"] = authority.issuing_certificate_pem().encode("ascii")
    files["revocation.pem"] = authority.revocation_lists_pem().encode("ascii")
    files["VERIFY.md"] = verify_text(
        record, pdf=name, sums=SUMS, seal=SEAL, sums_type=SUMS_TYPE, with_proofs=PROOFS in log
    ).encode("utf-8")
    files[SUMS] = sums_text(files).encode("ascii")
    files[SEAL] = sealed_sums(files[SUMS])
    archive = build_zip(files, at=_instant(record["as_of"]))
    report = verify_pack(archive, root=files["root.pem"])
    if not report.sound:
        raise NotSound(f"The pack of {review.reference} does not verify: {'; '.join(map(str, report.problems))}")
    return Pack(record=record, record_json=record_json, pdf=pdf, archive=archive)


def _log_files(history: History) -> Mapping[str, bytes]:
    """The lines of the log with a checkpoint that covers them and the proof of each."""
    files = {EVENTS: log_lines(history).encode("utf-8")}
    # The first checkpoint that covers the last line, so that a second run proves against the same one.
    checkpoint = Checkpoint.objects.filter(size__gte=history.last.seq).order_by("size").first()
    if checkpoint is None:
        checkpoint = write_checkpoint(key=authority.log_key())
    proofs = prove_inclusion([event.seq for event in history.events], checkpoint.size)
    document = {
        "schema": "licence-desk/log-proofs",
        "version": 1,
        "size": checkpoint.size,
        "proofs": {str(seq): steps for seq, steps in proofs.items()},
    }
    files[CHECKPOINT] = checkpoint.note.encode("utf-8")
    files[PROOFS] = f"{canonical(document)}\n".encode()
    return files


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
