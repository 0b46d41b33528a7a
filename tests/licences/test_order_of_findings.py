"""Findings are read with the gravest first; documents keep the order of the checks, which their digests cover."""

from __future__ import annotations

from licences.obligations import READING_ORDER, STATUSES, assess, place_of
from licences.terms import load_catalogue
from tests.licences.scenarios import SCENARIOS, facts_of

TERMS = {terms.slug: terms for terms in load_catalogue()}


def test_what_is_prohibited_is_read_first_and_what_does_not_apply_last():
    assert READING_ORDER == (
        "prohibited",
        "action_needed",
        "legal_judgement",
        "unknown",
        "satisfied",
        "not_applicable",
    )
    assert set(READING_ORDER) == set(STATUSES)
    assert place_of("of another release") == len(READING_ORDER)


def test_a_document_keeps_its_findings_in_the_order_of_the_checks():
    for scenario in SCENARIOS:
        checks = [
            finding.check for finding in assess(facts_of(scenario, TERMS[scenario.version]), TERMS[scenario.version])
        ]
        assert checks == sorted(checks)
