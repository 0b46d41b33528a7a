"""What the printed record shows, taken from the record alone. Pure: the PDF says nothing that record.json does not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from evidence.findings import findings_in
from licences.disputed import version_name
from licences.facts_places import country_name
from licences.obligations import place_of

MOST_EVENTS = 150  # long lists make layout slow; the whole list is in record.json and in log/
SHEET_TITLES = {"entity": "The legal entity", "product": "The product", "model": "The model"}
OUTCOME_TONES = {
    "approved": "ok",
    "approved_with_conditions": "warn",
    "rejected": "bad",
    "withdrawn": "mute",
    "not_llama": "mute",
}
ANSWER_TONES = {
    "met": "ok",
    "met_with_conditions": "warn",
    "position_taken": "info",
    "not_met": "bad",
    "not_applicable": "mute",
}
# The status of a finding: its words and its colour, the gravest first.
FINDING_WORDS = {
    "prohibited": ("Prohibited", "bad"),
    "action_needed": ("Action needed", "warn"),
    "legal_judgement": ("Legal judgement", "info"),
    "unknown": ("Not known", "warn"),
    "satisfied": ("Satisfied", "ok"),
    "not_applicable": ("Not applicable", "mute"),
}
IDLE = "not_applicable"  # listed by name only: their reasons are in record.json
METHOD_WORDS = {"password": "Password", "totp": "Authenticator app", "passkey": "Passkey"}
STANDING_WORDS = {
    "suspended": "Suspended",
    "resumed": "In force again",
    "revoked": "Revoked",
    "terminated": "Terminated",
    "ended": "Ended, because the product was retired",
}


def printed(record: Mapping[str, Any], *, record_sha256: str, pdf_name: str) -> dict[str, Any]:
    """The template's context: the record, and the same facts grouped as a reader wants them."""
    names = _names(record)
    findings = _findings(record)
    history = record["history"]
    decision = record["decision"]
    return {
        "record": record,
        "decision": decision,
        "record_sha256": record_sha256,
        "pdf_name": pdf_name,
        "tone": OUTCOME_TONES.get(decision["outcome"], "mute"),
        "decided_by": names.get(decision["decided_by"], decision["decided_by"]),
        "countries": ", ".join(country_name(code) for code in record["scope"]["countries"]),
        "sheets": _sheets(record),
        "findings": [one for one in findings if one["status"] != IDLE],
        "idle_findings": [one for one in findings if one["status"] == IDLE],
        "finding_counts": _counts(findings),
        "answers": [
            {
                **answer,
                "tone": ANSWER_TONES.get(answer["answer"] or "", "mute"),
                "by": names.get(answer["answered_by"] or ""),
            }
            for answer in record["answers"]
        ],
        "signatures": [_signature(one) for one in record["signatures"] if one["of_last_round"]],
        "earlier_signatures": [_signature(one) for one in record["signatures"] if not one["of_last_round"]],
        "unsigned_steps": [step for step in record["plan"] if not step["signed"]],
        "clauses": [
            {**one, "printed_otherwise": one["printed"] not in {"", one["id"].partition(" ")[2]}}
            for one in record["clauses"]
            if one["digest"]
        ],
        "names_only": [one["id"] for one in record["clauses"] if not one["digest"]],
        "later": [{**one, "words": _(STANDING_WORDS[one["standing"]])} for one in record["later"]],
        "history": [
            {**event, "who": names.get(event["actor"]["reference"], event["actor"]["reference"])}
            for event in history[-MOST_EVENTS:]
        ],
        "history_left_out": max(0, len(history) - MOST_EVENTS),
        "made_with": record["made_with"],
    }


def _names(record: Mapping[str, Any]) -> dict[str, str]:
    """The names that the record holds anyway, by reference: of those who signed, declared or own a condition."""
    names = {one["owner"]["reference"]: one["owner"]["name"] for one in record["conditions"]}
    declared = (record["facts"] or {}).get("declaration")
    if declared:
        names[declared["person"]["reference"]] = declared["person"]["name"]
    names |= {one["person"]["reference"]: one["person"]["name"] for one in record["signatures"]}
    return names


def _sheets(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    shown = (record["facts"] or {}).get("shown", [])
    grouped = {sheet: [row for row in shown if row["sheet"] == sheet] for sheet in SHEET_TITLES}
    return [{"title": _(SHEET_TITLES[sheet]), "rows": rows} for sheet, rows in grouped.items() if rows]


def _findings(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = findings_in((record["findings"] or {}).get("document"))
    ranked = sorted(found, key=lambda one: place_of(one["status"]))
    return [
        {**one, "status_label": _(words), "tone": tone, "clauses": _cited(one)}
        for one in ranked
        for words, tone in [FINDING_WORDS.get(one["status"], (one["status"], "mute"))]
    ]


def _cited(finding: Mapping[str, Any]) -> list[str]:
    """The clauses of a finding; each with its version where the finding is about several."""
    lines = str(finding.get("parameters", {}).get("cited", "")).splitlines()
    of_versions = [f"{version_name(slug)}: {clause}" for slug, _blank, clause in (one.partition(" ") for one in lines)]
    return of_versions or list(finding["clauses"])


def _counts(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    numbers = Counter(one["status"] for one in findings)
    return [
        {"label": _(words), "tone": tone, "number": numbers[status]}
        for status, (words, tone) in FINDING_WORDS.items()
        if numbers[status]
    ]


def _signature(signature: Mapping[str, Any]) -> dict[str, Any]:
    return {**signature, "method_label": _(METHOD_WORDS.get(signature["method"], signature["method"]))}
