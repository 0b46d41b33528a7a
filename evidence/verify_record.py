"""Checks what a record says of itself: every digest in it is computed again from the words beside it. No database."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from evidence.problems import Report
from foundation.audit.canonical import NotCanonical, canonical
from foundation.audit.recorder import commitment

SCHEMA = "licence-desk/review-record"
KNOWN_VERSIONS = frozenset({1})


def read_record(data: bytes, *, file: str, report: Report) -> dict[str, Any] | None:
    """The record, when these bytes are canonical JSON of a schema that this release knows."""
    try:
        record = json.loads(data)
        if canonical(record).encode("utf-8") != data:
            report.problem(file, "it is not canonical JSON (RFC 8785): its text was changed.")
            return None
    except (ValueError, NotCanonical, RecursionError):
        report.problem(file, "it is not JSON that can be read.")
        return None
    if not isinstance(record, dict) or record.get("schema") != SCHEMA or record.get("version") not in KNOWN_VERSIONS:
        report.problem(file, "it is not a record of a review in a form that this release knows.")
        return None
    return record


def check_record(record: Mapping[str, Any], *, file: str, report: Report) -> None:
    """Compute the digests of facts, findings, declaration and signed documents again, and compare what they cover."""
    before = len(report.problems)
    try:
        _check_facts(record, file, report)
        _check_findings(record, file, report)
        _check_signatures(record, file, report)
        _check_shown(record, file, report)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        report.problem(file, f"a part of the record is missing or of the wrong kind ({error}).")
    if len(report.problems) == before:
        number = len(record["signatures"])
        report.looked_at(
            f"The digests inside the record fit: facts, findings, declaration and {number} signed documents."
        )


def _check_facts(record: Mapping[str, Any], file: str, report: Report) -> None:
    facts = record["facts"]
    if facts is None:
        return
    if _digest(canonical(facts["document"])) != facts["digest"]:
        report.problem(file, "the facts do not have the digest that was signed.")
    declared = facts["declaration"]
    if declared and _digest(declared["document"]) != declared["digest"]:
        report.problem(file, f"the declaration {declared['reference']} does not have its digest.")


def _check_findings(record: Mapping[str, Any], file: str, report: Report) -> None:
    findings = record["findings"]
    if findings is not None and _digest(canonical(findings["document"])) != findings["digest"]:
        report.problem(file, "the findings do not have the digest that was signed.")


def _check_signatures(record: Mapping[str, Any], file: str, report: Report) -> None:
    last = [one for one in record["signatures"] if one["of_last_round"]]
    for one in record["signatures"]:
        _check_signed_document(record, one, file, report)
    if record["signatures_present"] != len(last):
        report.problem(file, "the number of signatures is not the number that it states.")
    expected = record["signatures_expected"]
    if expected is not None:
        signed = Counter(one["step"] for one in last)
        planned = Counter(step["step"] for step in record["plan"])
        if expected != len(last) or signed != planned:
            report.problem(file, f"it states {expected} expected signatures, and the signatures do not fill its plan.")
    if any(number > 1 for number in Counter(one["person"]["reference"] for one in last).values()):
        report.problem(file, "one person signed two steps of the last round.")
    _check_covered(record, last, file, report)


def _check_signed_document(record: Mapping[str, Any], one: Mapping[str, Any], file: str, report: Report) -> None:
    whose = f"the signature of {one['person']['name']} ({one['step_label']}, round {one['round']})"
    if _digest(one["document"]) != one["digest"]:
        report.problem(file, f"{whose} does not have its digest.")
        return
    said = json.loads(one["document"])
    shown = {
        "review": record["review"],
        "round": one["round"],
        "step": one["step"],
        "statement": one["statement"],
        "language": one["language"],
    }
    differing = [part for part, value in shown.items() if said.get(part) != value]
    person, signer = one["person"], said.get("signer", {})
    if signer.get("reference") != person["reference"] or signer.get("role") != one["role"]:
        differing.append("signer")
    if signer.get("name") != commitment("name", person["name_salt"], person["name"]):
        differing.append("name of the signer")
    if differing:
        report.problem(
            file, f"{whose} was given for something else: {', '.join(differing)} differ in the signed document."
        )


def _check_covered(record: Mapping[str, Any], last: list[dict[str, Any]], file: str, report: Report) -> None:
    """All signatures of the last round cover the same parts, and those are the parts in this record."""
    allowed: dict[str, str] = {text["kind"]: text["sha256"] for text in record["texts"]}
    if record["facts"]:
        allowed["facts"] = record["facts"]["digest"]
    if record["findings"]:
        allowed["findings"] = record["findings"]["digest"]
    for part, document in record["parts"].items():
        if document is not None:
            allowed[part] = _digest(canonical(document))
    seen: dict[str, str] = {}
    for one in last:
        for part, digest in json.loads(one["document"])["covers"].items():
            if seen.setdefault(part, digest) != digest:
                report.problem(file, f"two signatures of the last round cover different versions of: {part}.")
            elif part in allowed and digest != allowed[part]:
                report.problem(file, f"a signature covers another version of: {part}.")
    for part, digest in (record["decision"]["approval_digests"] or {}).items():
        if seen.get(part, digest) != digest:
            report.problem(file, f"the approval rests on another version of: {part}.")


def _check_shown(record: Mapping[str, Any], file: str, report: Report) -> None:
    """What the record shows to people is what the signed parts say."""
    parts = record["parts"]
    if parts.get("answers"):
        keys = ("number", "answer", "reasoning", "answered_by")
        shown = [
            {**{key: one[key] for key in keys}, "answer": one["answer"] or "", "clauses": sorted(one["clauses"])}
            for one in record["answers"]
        ]
        if shown != parts["answers"]["answers"]:
            report.problem(file, "the answers are not those that were signed.")
    if parts.get("positions") and record["positions"] != parts["positions"]["positions"]:
        report.problem(file, "the positions taken are not those that were signed.")
    if parts.get("scope"):
        signed = parts["scope"]
        shown_scope = {**record["scope"], "countries": sorted(record["scope"]["countries"])}
        dates = {key: record["decision"][key] for key in ("valid_from", "valid_until")}
        if any(signed.get(key) != value for key, value in (shown_scope | dates).items()):
            report.problem(file, "the scope is not the one that was signed.")
    if parts.get("conditions"):
        keys = ("reference", "kind", "text", "due_on")
        shown_conditions = {one["reference"]: {key: one[key] for key in keys} for one in record["conditions"]}
        for one in parts["conditions"]["conditions"]:
            if shown_conditions.get(one["reference"]) != {key: one[key] for key in keys}:
                report.problem(file, f"the condition {one['reference']} is not the one that was signed.")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
