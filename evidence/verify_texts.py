"""Checks the licence texts of a pack against its record: bytes, words, and every clause relied on. No database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from evidence.manifest import sha256
from evidence.problems import Report
from licences.clauses import Kind, UnsplittableText, split
from licences.normalise import UnreadableText, words_digest


def check_texts(record: Mapping[str, Any], files: Mapping[str, bytes], report: Report) -> None:
    """Compute the digests of both texts and of the clauses in them again."""
    before = len(report.problems)
    clauses: dict[str, tuple[str, str]] = {}
    for text in record["texts"]:
        name = text["file"]
        raw = files.get(name)
        if raw is None:
            report.problem(name, "the record relies on it, and it is not in the pack.")
            continue
        if sha256(raw) != text["sha256"]:
            report.problem(name, "it is not the text that the record relies on: its SHA-256 differs.")
            continue
        try:
            if words_digest(raw) != text["words_digest"]:
                report.problem(name, "its words do not have the digest that the record states.")
            for clause in split(raw, cast("Kind", text["kind"])):
                clauses[f"{text['document']} {clause.id}"] = (clause.digest, text["sha256"])
        except (UnreadableText, UnsplittableText) as error:
            report.problem(name, f"it cannot be split into clauses: {error}")
    listed = {text["file"] for text in record["texts"]}
    for name in sorted(name for name in files if name.startswith("texts/") and name not in listed):
        report.problem(name, "the record does not rely on this text.")
    for clause in record["clauses"]:
        if clause["digest"] is not None and clauses.get(clause["id"]) != (clause["digest"], clause["text_sha256"]):
            report.problem("record.json", f"{clause['id']} does not have the digest of that clause in the text.")
    if len(report.problems) == before:
        relied = sum(clause["digest"] is not None for clause in record["clauses"])
        report.looked_at(
            f"{len(listed)} licence texts are the bytes relied on, and {relied} clauses have their digests."
        )
