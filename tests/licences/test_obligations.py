"""The truth tables, and what every finding must carry."""

from __future__ import annotations

import json
import re

import pytest
import rfc8785

from licences.facts import EntityFacts, Facts
from licences.obligations import STATUSES, assess
from licences.terms import load_catalogue
from tests.licences.scenarios import ALL, SCENARIOS, Scenario, facts_of, mismatches

CATALOGUE = {terms.slug: terms for terms in load_catalogue()}


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
def test_the_findings_follow_from_the_facts(scenario: Scenario) -> None:
    assert mismatches(scenario, CATALOGUE[scenario.version]) == []


def test_the_table_covers_every_version_and_every_status() -> None:
    assert {scenario.version for scenario in SCENARIOS} == set(ALL) == set(CATALOGUE)
    assert {status for scenario in SCENARIOS for status in scenario.expect.values()} == set(STATUSES)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
def test_every_finding_cites_its_clause_says_what_to_do_and_has_a_document(scenario: Scenario) -> None:
    findings = assess(facts_of(scenario, CATALOGUE[scenario.version]), CATALOGUE[scenario.version])
    assert len({finding.key for finding in findings}) == len(findings)
    for finding in findings:
        assert 1 <= finding.check <= 5
        assert finding.status in STATUSES
        assert finding.clauses
        assert all(clause in finding.explanation for clause in finding.clauses[:1]), finding
        if finding.status in {"unknown", "action_needed", "prohibited"}:
            assert finding.action, finding
        if finding.popular_claim:
            assert re.search(r"(LICENSE|AUP) [\w.]+", finding.popular_claim), finding
        for sentence in (finding.title, finding.explanation, finding.action, finding.popular_claim):
            assert "{" not in sentence
            assert "  " not in sentence
            assert ".." not in sentence
        document = finding.as_document()
        assert json.loads(rfc8785.dumps(document)) == document


@pytest.mark.parametrize("slug", ALL)
def test_an_empty_sheet_is_never_fine(slug: str) -> None:
    findings = {finding.key: finding for finding in assess(Facts(EntityFacts("ENT-00001")), CATALOGUE[slug])}
    assert not [key for key, finding in findings.items() if finding.status == "satisfied"]
    for key in ("mau", "aup-screening", "dangers", "version", "acceptance", "litigation", "counterparty", "copy"):
        assert findings[key].status == "unknown"
        assert findings[key].action


@pytest.mark.parametrize("slug", ALL)
def test_an_unknown_finding_names_the_question_that_is_open(slug: str) -> None:
    findings = {finding.key: finding for finding in assess(Facts(EntityFacts("ENT-00001")), CATALOGUE[slug])}
    assert "Does it touch any of these?" in findings["aup-screening"].action
    assert "Which model runs?" in findings["version"].action
    assert CATALOGUE[slug].name not in ("", None)


def test_llama_4_says_that_the_effect_reversed_against_3_3() -> None:
    entity = EntityFacts("ENT-00001", principal_place="NL")
    by_version = {
        slug: {finding.key: finding for finding in assess(Facts(entity, {}, {"model_id": model}), CATALOGUE[slug])}
        for slug, model in (
            ("llama-3.3", "meta-llama/Llama-3.3-70B-Instruct"),
            ("llama-4", "meta-llama/Llama-4-Scout-17B-16E"),
        )
    }
    assert by_version["llama-3.3"]["eu-multimodal"].status == "not_applicable"
    assert by_version["llama-4"]["eu-multimodal"].status == "prohibited"
    assert "reverses" in by_version["llama-4"]["eu-multimodal"].explanation
    assert "As of 15 July 2025" in by_version["llama-3.3"]["eu-multimodal"].explanation


def test_an_individual_is_asked_for_a_domicile_and_never_for_a_place_of_business() -> None:
    for place in ("NL", "unknown"):
        entity = EntityFacts("ENT-00001", kind="individual", principal_place=place)
        found = assess(Facts(entity, {}, {"model_id": "meta-llama/Llama-4-Scout-17B-16E"}), CATALOGUE["llama-4"])
        words = {one.key: f"{one.explanation} {one.action}" for one in found}
        assert "domicile" in words["eu-multimodal"]
        assert not any("place of business" in words[key] for key in ("eu-multimodal", "counterparty"))


@pytest.mark.parametrize("slug", ALL)
def test_each_popular_claim_is_set_against_the_text(slug: str) -> None:
    claims = {
        finding.key: finding.popular_claim
        for finding in assess(Facts(EntityFacts("ENT-00001")), CATALOGUE[slug])
        if finding.popular_claim
    }
    assert "Built with Meta Llama" in claims["display"]
    assert "compatible" in claims["making"]
    assert "reaches" in claims["mau"]
    assert "competitive intelligence" in claims["aup-screening"]
    assert "train" in claims["improvement"]
    assert "open source" in claims["risk-terms"]
    assert "by itself" in claims["termination"]


def test_no_finding_claims_a_share_alike() -> None:
    for slug in ALL:
        for scenario in (one for one in SCENARIOS if one.version == slug):
            for finding in assess(facts_of(scenario, CATALOGUE[slug]), CATALOGUE[slug]):
                assert "share-alike" not in f"{finding.title} {finding.explanation} {finding.action}"
                assert "must carry" not in f"{finding.title} {finding.explanation} {finding.action}"
