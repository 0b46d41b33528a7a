"""Several components in one product, and chains of ancestors."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from licences.facts import EntityFacts, Facts
from licences.obligations import Finding, assess_union
from licences.terms import load_catalogue
from tests.licences.scenarios import NOTICES, PLAIN_PRODUCT, TUNED, plain_entity, plain_model

CATALOGUE = {terms.slug: terms for terms in load_catalogue()}


def part(slug: str, **model: Any) -> tuple[Facts, Any]:
    terms = CATALOGUE[slug]
    return Facts(EntityFacts(**plain_entity(terms)), PLAIN_PRODUCT, {**plain_model(slug), **model}), terms


def union(*parts: tuple[Facts, Any]) -> dict[str, Finding]:
    return {finding.key: finding for finding in assess_union(parts, tuple(CATALOGUE.values()))}


def test_one_version_alone_has_no_findings_on_top() -> None:
    assert union(part("llama-3.3")) == {}
    assert union(part("llama-3.3"), part("llama-3.3")) == {}


def test_a_product_on_3_and_3_3_needs_both_texts() -> None:
    display = union(part("llama-3"), part("llama-3.3"))["union:display"]
    assert display.status == "satisfied"
    assert display.parameters["texts"].split("\n") == ["Built with Meta Llama 3", "Built with Llama"]
    assert display.parameters["missing"] == ""


def test_a_text_that_is_missing_is_named() -> None:
    display = union(part("llama-3"), part("llama-3.3", attribution_text="Built with Meta Llama 3"))["union:display"]
    assert display.status == "action_needed"
    assert display.parameters["missing"] == "Built with Llama"
    assert "Built with Llama" in display.action


def test_a_text_shown_for_another_component_counts_for_the_product() -> None:
    both = "Built with Meta Llama 3\nBuilt with Llama"
    display = union(
        part("llama-3", attribution_text=both), part("llama-3.3", attribution_text="Built with Meta Llama 3")
    )["union:display"]
    assert display.status == "satisfied"


def test_llama_2_beside_3_1_adds_no_text() -> None:
    display = union(part("llama-2"), part("llama-3.1"))["union:display"]
    assert display.parameters["texts"] == "Built with Llama"


def test_each_version_brings_its_notice_line_to_shipped_weights() -> None:
    shipped: dict[str, Any] = {
        "model_uses": ["passed-on"],
        "recipients": ["customers"],
        "distribution_files": ["agreement", "notice"],
    }
    one_line = union(
        part("llama-3.1", **shipped, notice_text=NOTICES["llama-3.1"]),
        part("llama-3.2", **shipped, notice_text=NOTICES["llama-3.1"]),
    )["union:notice"]
    assert one_line.status == "action_needed"
    assert NOTICES["llama-3.2"] in one_line.action
    both_lines = union(
        part("llama-3.1", **shipped, notice_text=NOTICES["llama-3.1"]),
        part("llama-3.2", **shipped, notice_text=NOTICES["llama-3.2"]),
    )["union:notice"]
    assert both_lines.status == "satisfied"


def test_a_merge_with_llama_3_needs_a_name_that_suits_both() -> None:
    merged = TUNED | {"change_kinds": ["merged"], "ancestors": ["llama-3"]}
    only_llama = union(part("llama-3.3", **merged, derived_name="Llama-Norrbro"))["union:name"]
    assert only_llama.status == "action_needed"
    assert only_llama.parameters["prefixes"].split("\n") == ["Llama", "Llama 3"]
    assert union(part("llama-3.3", **merged, derived_name="Llama-3-Norrbro"))["union:name"].status == "satisfied"


def test_the_ban_of_an_ancestor_stays() -> None:
    learnt = TUNED | {
        "model_uses": ["changed", "outputs"],
        "ancestors": ["llama-2"],
        "derived_name": "Llama-x",
        "output_uses": ["other-llm"],
        "output_model_available": "no",
        "output_model_name": "x",
    }
    found = union(part("llama-3.1", **learnt))
    assert found["union:improvement"].status == "prohibited"
    assert found["union:improvement"].clauses == ("LICENSE 1.b.v",)
    assert "union:improvement" not in union(part("llama-3.1"), part("llama-3.2"))


def test_the_stricter_policy_counts_for_the_whole_product() -> None:
    policies = union(part("llama-3.1"), part("llama-3.2"))["union:aup"]
    assert policies.clauses == ("AUP 1.h", "AUP 5")
    assert policies.status == "satisfied"
    assert "union:aup" not in union(part("llama-3.2"), part("llama-3.3"))


def test_an_ancestor_outside_the_catalogue_is_unknown() -> None:
    found = union(part("llama-3.3", **TUNED | {"ancestors": ["llama-9"], "derived_name": "Llama-x"}))
    assert found["union:unread:llama-9"].status == "unknown"


def test_a_multimodal_ancestor_is_for_counsel_or_worse_in_the_eu() -> None:
    def found(place: str, *roles: str, ancestor: str = "llama-4", **model: Any) -> tuple[str, bool] | None:
        chain = {"ancestors": [ancestor], "ancestor_roles": list(roles), "derived_name": "Llama-x"}
        facts, terms = part("llama-3.1", **TUNED | chain | {"model_id": "norrbro/x", "multimodal": "no"} | model)
        company = EntityFacts(**plain_entity(terms) | {"principal_place": place})
        said = union((replace(facts, entity=company), terms)).get("union:eu-multimodal")
        return (said.status, said.reading) if said else None

    # Llama 4's models are all multimodal: making something from one takes the rights that are withheld, whatever the
    # result is. That outputs of one do is for counsel: nobody declared who ran it.
    assert found("NL", "weights") == ("prohibited", False)
    assert found("NL", "outputs") == ("legal_judgement", True)
    assert found("NL") == ("legal_judgement", True)
    assert found("US", "weights") is None
    assert found("NO", "weights") is None  # in the EEA, not in the Union
    assert found("unknown", "weights") == ("unknown", False)
    # What others made and is run here as it came.
    run_only: dict[str, Any] = {"model_uses": ["none"], "route": "redistributor"}
    assert found("NL", "weights", **run_only) == ("legal_judgement", True)
    assert found("NL", "outputs", **run_only) is None
    # 3.3 has no multimodal model; of 3.2 the base model tells, or nobody knows.
    assert found("NL", "weights", ancestor="llama-3.3") is None
    assert found("NL", "weights", ancestor="llama-3.2") == ("legal_judgement", False)
    for base, status in (("Llama-3.2-11B-Vision-Instruct", ("prohibited", False)), ("Llama-3.2-3B-Instruct", None)):
        assert found("NL", "weights", ancestor="llama-3.2", base_model=f"meta-llama/{base}") == status


def test_every_finding_on_the_whole_cites_a_clause_and_reads_well() -> None:
    merged = TUNED | {"ancestors": ["llama-3"], "derived_name": "Llama-x", "derived_available": "weights"}
    for finding in union(part("llama-3.3", **merged), part("llama-2")).values():
        assert finding.clauses
        assert finding.key.startswith("union:")
        assert "  " not in finding.explanation
        assert finding.as_document()["check"] in range(1, 6)
