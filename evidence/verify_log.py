"""Checks the lines of the log in a pack: each digest, each link, the record's history, and the proofs of a checkpoint.

No database: the lines are hashed by the written format, not by the code that wrote them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from evidence.problems import Report
from foundation.audit.canonical import NotCanonical, canonical
from foundation.audit.checkpoint import BadCheckpoint, SignedRoot, parse_verifier_key, verify_checkpoint
from foundation.audit.merkle import leaf_hash, verify_inclusion

EVENTS = "log/events.jsonl"
CHECKPOINT = "log/checkpoint.txt"
PROOFS = "log/proofs.json"


def check_log(record: Mapping[str, Any], files: Mapping[str, bytes], report: Report) -> None:
    """Check the lines and, where a checkpoint covers them, that they are in the log that it signed."""
    before = len(report.problems)
    lines = _lines(files.get(EVENTS), report)
    if lines is None:
        return
    _check_lines(lines, report)
    _check_history(record, lines, report)
    proven = _check_proofs(record, lines, files, report)
    if len(report.problems) == before:
        report.looked_at(f"{len(lines)} lines of the audit log have their digests and are the history in the record.")
        report.looked_at(
            f"All {len(lines)} are in the log that the checkpoint signed (size {proven.size})."
            if proven
            else "No checkpoint is in the pack, so whether the lines are in the signed log was not checked."
        )


def _lines(data: bytes | None, report: Report) -> list[dict[str, Any]] | None:
    if data is None:
        report.problem(EVENTS, "it is not in the pack.")
        return None
    lines: list[dict[str, Any]] = []
    for number, text in enumerate(data.decode("utf-8", "replace").splitlines(keepends=True), start=1):
        try:
            line = json.loads(text)
            fits = text == f"{canonical(line)}\n" and set(line) == {"seq", "version", "prev", "hash", "body"}
        except (ValueError, TypeError, NotCanonical, RecursionError):
            fits = False
        if not fits:
            report.problem(EVENTS, f"line {number} is not a line of the log in canonical JSON.")
            return None
        lines.append(line)
    return lines


def _check_lines(lines: Sequence[Mapping[str, Any]], report: Report) -> None:
    last: Mapping[str, Any] | None = None
    for line in lines:
        if _hash(line) != line["hash"]:
            report.problem(EVENTS, f"event {line['seq']} does not have its digest.")
        if last is not None and line["seq"] <= last["seq"]:
            report.problem(EVENTS, f"event {line['seq']} is out of order.")
        if last is not None and line["seq"] == last["seq"] + 1 and line["prev"] != last["hash"]:
            report.problem(EVENTS, f"event {line['seq']} does not follow event {last['seq']}.")
        last = line


def _hash(line: Mapping[str, Any]) -> str:
    """SHA-256 over version (1 byte), previous hash (32 bytes), number (8 bytes, big endian) and the canonical JSON."""
    try:
        head = bytes([line["version"]]) + bytes.fromhex(line["prev"]) + int(line["seq"]).to_bytes(8, "big")
        return hashlib.sha256(head + line["body"].encode("utf-8")).hexdigest()
    except (ValueError, TypeError, OverflowError, AttributeError):
        return ""


def _check_history(record: Mapping[str, Any], lines: Sequence[Mapping[str, Any]], report: Report) -> None:
    """The history that the record prints is what the lines say."""
    told: list[dict[str, Any]] = []
    for line in lines:
        try:
            said = json.loads(line["body"])
            told.append(
                {
                    "seq": line["seq"],
                    "hash": line["hash"],
                    "previous_hash": line["prev"],
                    "kind": said["kind"],
                    "recorded_at": said["recorded_at"],
                    "occurred_at": said["occurred_at"],
                    "actor": {"kind": said["actor"]["kind"], "reference": said["actor"]["ref"]},
                    "subject": said["subject"],
                }
            )
            if record["review"] not in {said["subject"], *said["related"]}:
                report.problem(EVENTS, f"event {line['seq']} is not about {record['review']}.")
        except (ValueError, KeyError, TypeError):
            report.problem(EVENTS, f"event {line['seq']} cannot be read.")
    if told != record["history"]:
        report.problem("record.json", "its history is not what the lines of the log say.")


def _check_proofs(
    record: Mapping[str, Any], lines: Sequence[Mapping[str, Any]], files: Mapping[str, bytes], report: Report
) -> SignedRoot | None:
    if CHECKPOINT not in files and PROOFS not in files:
        return None
    try:
        key = parse_verifier_key(record["seal"]["log_key"])
        said = verify_checkpoint(files[CHECKPOINT].decode("utf-8"), key)
    except (KeyError, BadCheckpoint, ValueError) as error:
        report.problem(CHECKPOINT, f"it is not a checkpoint of this portal's log: {error}")
        return None
    try:
        document = json.loads(files[PROOFS])
        proofs = {int(seq): [bytes.fromhex(step) for step in steps] for seq, steps in document["proofs"].items()}
        canonical_again = f"{canonical(document)}\n".encode() == files[PROOFS]
    except (KeyError, ValueError, TypeError, AttributeError, NotCanonical) as error:
        report.problem(PROOFS, f"it cannot be read ({type(error).__name__}).")
        return None
    if not canonical_again or document.get("size") != said.size or set(proofs) != {line["seq"] for line in lines}:
        report.problem(PROOFS, "it does not hold one proof for each line and the size of the checkpoint.")
        return None
    for line in lines:
        leaf = leaf_hash(bytes.fromhex(line["hash"]))
        if not verify_inclusion(leaf, line["seq"] - 1, said.size, proofs[line["seq"]], said.root):
            report.problem(PROOFS, f"event {line['seq']} is not in the log that the checkpoint signed.")
    return said
