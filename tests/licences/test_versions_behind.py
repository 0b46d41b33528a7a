"""Chains, merges and models whose sources disagree: each version behind a model keeps its duties. By the texts."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from licences.disputed import disputed_source, version_name, versions_behind
from licences.facts import EntityFacts, Facts, Permission, changed_material_fields, digest, material
from licences.obligations import Finding, assess, assess_union
from licences.terms import Terms, load_catalogue
from tests.licences.scenarios import NOTICES, PLAIN_PRODUCT, TUNED, plain_entity, plain_model

GOLDEN = Path(__file__).parent / "golden"
TERMS = {terms.slug: terms for terms in load_catalogue()}
SHIPPED: dict[str, Any] = {
    "derived_available": "weights",
    "recipients": ["customers"],
    "distribution_files": ["agreement", "notice"],
}


def facts_of(slug: str, *, entity: dict[str, Any] | None = None, **model: Any) -> Facts:
    company = EntityFacts(**plain_entity(TERMS[slug]) | (entity or {}))
    behind = {one: EntityFacts(**plain_entity(TERMS[one]) | (entity or {})) for one in TERMS}
    answers: dict[str, Any] = {**plain_model(slug), **model}
    return Facts(company, PLAIN_PRODUCT, answers, {one: behind[one] for one in versions_behind(answers)})


def together(facts: Facts, slug: str) -> dict[str, Finding]:
    return {one.key: one for one in assess_union([(facts, TERMS[slug])], tuple(TERMS.values()))}


def merged(slug: str, *ancestors: str, **model: Any) -> dict[str, Finding]:
    answers: dict[str, Any] = {
        **TUNED,
        "change_kinds": ["merged"],
        "ancestors": list(ancestors),
        "ancestor_roles": ["weights"],
        **model,
    }
    return together(facts_of(slug, **answers), slug)


# --- merges and chains ------------------------------------------------------------------------------------------
def test_a_merge_of_llama_2_and_3_1_keeps_the_duties_of_both() -> None:
    found = merged("llama-3.1", "llama-2", **SHIPPED, derived_name="Llama-x", notice_text=NOTICES["llama-3.1"])
    assert found["union:display"].parameters["texts"] == "Built with Llama"  # Llama 2 asks for no display
    assert found["union:notice"].status == "action_needed"
    assert NOTICES["llama-2"] in found["union:notice"].action
    assert found["union:copy"].parameters["versions"] == "Llama 3.1, Llama 2"
    assert found["union:copy"].status == "legal_judgement"
    assert found["union:improvement"].status == "legal_judgement"  # a merge may derive from Llama 2, or improve another
    assert found["union:improvement"].reading
    assert found["union:mau:llama-2"].parameters["month"] == "2023-06"
    assert found["union:acceptance:llama-2"].status == "satisfied"
    assert "union:aup" not in found  # the two policies have the same items


def test_a_copy_of_no_agreement_is_missing_under_every_version() -> None:
    found = merged("llama-3.1", "llama-2", **SHIPPED | {"distribution_files": ["none"]}, derived_name="Llama-x")
    assert (found["union:copy"].status, found["union:copy"].reading) == ("action_needed", False)


def test_a_3_1_student_of_llama_3_outputs_is_forbidden_by_the_ban_of_llama_3() -> None:
    student: dict[str, Any] = {"ancestors": ["llama-3"], "ancestor_roles": ["outputs"], "change_kinds": ["fine-tuned"]}
    found = merged("llama-3.1", **TUNED | student | {"derived_name": "Llama-x"})
    assert found["union:improvement"].status == "prohibited"
    assert found["union:improvement"].clauses == ("LICENSE 1.b.v",)
    assert found["union:improvement"].parameters["cited"] == "llama-3 LICENSE 1.b.v"
    assert not found["union:improvement"].reading
    assert "As far as it learnt from outputs, it is no Meta Llama 3" in found["union:improvement"].explanation


@pytest.mark.parametrize(
    ("ancestors", "roles"),
    [
        (["llama-2", "llama-3"], ["outputs", "weights"]),
        (["llama-2", "llama-3"], ["outputs"]),
        (["llama-3"], ["outputs", "weights"]),
    ],
)
def test_what_nobody_declared_of_one_ancestor_is_for_counsel(ancestors: list[str], roles: list[str]) -> None:
    """Roles are one answer for all ancestors, and LICENSE 1.b.v excludes what derives from its own version."""
    learnt = merged("llama-3.1", *ancestors, ancestor_roles=roles, change_kinds=["fine-tuned"], derived_name="Llama-x")
    assert (learnt["union:improvement"].status, learnt["union:improvement"].reading) == ("legal_judgement", True)
    said = learnt["union:improvement"].explanation
    assert ("Outputs of Llama 3 helped" in said) == (ancestors == ["llama-3"])  # of several, nobody said whose


def test_outputs_of_llama_3_bring_neither_its_display_nor_its_name_and_leave_its_agreement() -> None:
    """Llama 3's name duty speaks of the materials; 3.1's of outputs as well. Outputs are no materials that are copied."""
    learnt: dict[str, Any] = {
        "ancestor_roles": ["outputs"],
        "change_kinds": ["fine-tuned"],
        "derived_name": "Llama-x",
        **SHIPPED,
    }
    from_3 = merged("llama-3.3", "llama-3", **learnt, notice_text=NOTICES["llama-3.3"])
    assert from_3["union:display"].parameters["texts"] == "Built with Llama"
    assert not {"union:name", "union:notice", "union:copy"} & set(from_3)
    assert from_3["union:mau:llama-3"].parameters["month"] == "2024-03"
    from_31 = merged("llama-3", "llama-3.1", **learnt | {"derived_name": "Llama 3 x"})
    assert from_31["union:name"].parameters["prefixes"].split("\n") == ["Llama 3", "Llama"]


def test_how_an_ancestor_with_a_ban_stands_behind_the_model_is_asked() -> None:
    found = merged("llama-3.1", "llama-3", ancestor_roles=["unknown"], derived_name="Llama-3-x")
    assert found["union:improvement"].status == "unknown"
    assert "stand behind it" in found["union:improvement"].action
    assert merged("llama-3.2", "llama-3.1", derived_name="Llama-x").get("union:improvement") is None


def test_the_users_test_of_an_ancestor_withholds_its_rights_by_itself() -> None:
    answers: dict[str, Any] = {
        **TUNED,
        "ancestors": ["llama-3"],
        "ancestor_roles": ["weights"],
        "derived_name": "Llama-3-x",
    }
    facts = facts_of("llama-3.1", **answers)
    above = replace(facts.behind["llama-3"], mau=700_000_001)
    found = together(replace(facts, behind={"llama-3": above}), "llama-3.1")
    assert found["union:mau:llama-3"].status == "prohibited"
    exactly = replace(facts.behind["llama-3"], mau=700_000_000)
    assert together(replace(facts, behind={"llama-3": exactly}), "llama-3.1")["union:mau:llama-3"].status == "satisfied"
    assert together(replace(facts, behind={}), "llama-3.1")["union:mau:llama-3"].status == "unknown"


def above_the_line_for(slug: str, facts: Facts) -> Facts:
    above = replace(facts.behind[slug], mau=700_000_001, acceptance="not-evidenced")
    return replace(facts, behind={**facts.behind, slug: above})


@pytest.mark.parametrize(
    ("ancestors", "roles"),
    [(["llama-3"], ["outputs"]), (["llama-2", "llama-3"], ["outputs", "weights"]), (["llama-3"], ["unknown"])],
)
def test_that_an_agreement_binds_without_declared_weights_is_a_reading(ancestors: list[str], roles: list[str]) -> None:
    answers: dict[str, Any] = {**TUNED, "ancestors": ancestors, "ancestor_roles": roles}
    facts = facts_of("llama-3.1", **answers)
    found = together(above_the_line_for("llama-3", facts), "llama-3.1")
    for key in ("union:mau:llama-3", "union:acceptance:llama-3"):
        assert (found[key].status, found[key].reading) == ("legal_judgement", True)
        assert "LICENSE acceptance" in found[key].clauses
    assert "It is a reading that" in found["union:mau:llama-3"].explanation


def test_weights_of_the_only_ancestor_bind_by_the_words_of_the_text() -> None:
    answers: dict[str, Any] = {**TUNED, "ancestors": ["llama-3"], "ancestor_roles": ["outputs", "weights"]}
    facts = facts_of("llama-3.1", **answers)
    found = together(above_the_line_for("llama-3", facts), "llama-3.1")
    assert (found["union:mau:llama-3"].status, found["union:mau:llama-3"].reading) == ("prohibited", False)


def test_a_reading_for_one_component_hides_nothing_that_another_says_by_the_text() -> None:
    answers: dict[str, Any] = {**TUNED, "ancestors": ["llama-3"]}
    by_outputs = facts_of("llama-3.1", **answers, ancestor_roles=["outputs"])
    by_weights = facts_of("llama-3.2", **answers, ancestor_roles=["weights"])
    parts = [
        (above_the_line_for("llama-3", by_outputs), TERMS["llama-3.1"]),
        (above_the_line_for("llama-3", by_weights), TERMS["llama-3.2"]),
    ]
    found = {one.key: one for one in assess_union(parts, tuple(TERMS.values()))}
    assert (found["union:mau:llama-3"].status, found["union:mau:llama-3"].reading) == ("prohibited", False)


def test_a_permission_that_names_one_version_satisfies_no_other() -> None:
    entity = {"principal_place": "NL", "permissions": (Permission("eu-multimodal", "PRM-1", version="llama-3.2"),)}
    chain: dict[str, Any] = {
        **TUNED,
        "ancestors": ["llama-4"],
        "ancestor_roles": ["weights"],
        "model_id": "norrbro/x",
        "multimodal": "yes",
    }
    facts = replace(facts_of("llama-3.2", entity=entity, **chain), behind={})
    own = {one.key: one.status for one in assess(facts, TERMS["llama-3.2"])}
    assert own["eu-multimodal"] == "satisfied"
    assert together(facts, "llama-3.2")["union:eu-multimodal"].status == "prohibited"


def test_every_clause_of_the_whole_names_the_version_that_has_it() -> None:
    found = merged("llama-3.2", "llama-3", "llama-2", **SHIPPED, derived_name="Llama 3 x")
    for finding in found.values():
        lines = [line.partition(" ")[::2] for line in finding.parameters["cited"].splitlines()]
        assert {clause for _slug, clause in lines} == set(finding.clauses), finding.key
        for slug, clause in lines:
            own = {one for term in TERMS[slug].obligations for one in term.clauses}
            assert clause in own | {item.clause for item in TERMS[slug].aup_items}, (finding.key, slug, clause)
    assert found["union:aup"].parameters["cited"] == "llama-3.2 AUP 1.h\nllama-3.2 AUP 5"
    assert "AUP 1.e, AUP 2.a" in found["union:aup"].explanation  # in all of them, and with other words from 3.2 on


# --- sources that disagree --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("model_id", "versions"),
    [
        ("meta-llama/Meta-Llama-Guard-2-8B", ("llama-2", "llama-3")),
        ("meta-llama/Llama-Guard-3-8B", ("llama-3.1", "llama-3.2")),
        ("llama-guard3:8b", ("llama-3.1", "llama-3.2")),
        ("meta-llama/Prompt-Guard-86M", ("llama-3", "llama-3.1", "llama-3.2")),
        ("meta-llama/Llama-Prompt-Guard-2-86M", ("llama-3.2", "llama-4")),
        ("nvidia/Llama-3_3-Nemotron-Super-49B-v1", ("llama-3.1", "llama-3.3")),
    ],
)
def test_the_sources_of_some_models_disagree(model_id: str, versions: tuple[str, ...]) -> None:
    found = disputed_source(model_id)
    assert found is not None
    assert found.versions == versions
    assert found.why.endswith(".")


@pytest.mark.parametrize(
    "model_id",
    ["", "meta-llama/Llama-Guard-3-1B", "meta-llama/Llama-Guard-4-12B", "meta-llama/Llama-3.1-8B", "norrbro/other"],
)
def test_of_others_they_agree_or_nothing_is_known(model_id: str) -> None:
    assert disputed_source(model_id) is None


def test_a_safeguard_in_dispute_keeps_the_duties_of_every_candidate_and_says_so() -> None:
    facts = facts_of("llama-3.1", model_id="meta-llama/Llama-Guard-3-8B", model_uses=["passed-on"], **{
        key: SHIPPED[key] for key in ("recipients", "distribution_files")
    }, notice_text=NOTICES["llama-3.1"])  # fmt: skip
    version = next(one for one in assess(facts, TERMS["llama-3.1"]) if one.key == "version")
    assert (version.status, version.reading) == ("legal_judgement", True)
    assert "Llama 3.1, Llama 3.2" in version.explanation
    found = together(facts, "llama-3.1")
    assert NOTICES["llama-3.2"] in found["union:notice"].action
    assert found["union:aup"].clauses == ("AUP 1.h", "AUP 5")  # the stricter policy of 3.2
    assert found["union:mau:llama-3.2"].parameters["month"] == "2024-08"
    assert all(found[key].reading for key in ("union:display", "union:notice", "union:copy", "union:aup"))
    above = together(above_the_line_for("llama-3.2", facts), "llama-3.1")["union:mau:llama-3.2"]
    assert (above.status, above.reading) == ("legal_judgement", True)  # that a candidate governs is a reading


def test_a_model_made_from_a_disputed_one_inherits_the_dispute() -> None:
    answers: dict[str, Any] = {**TUNED, "base_model": "meta-llama/Meta-Llama-Guard-2-8B", "model_id": "norrbro/guard"}
    facts = facts_of("llama-3", **answers)
    assert versions_behind(facts.model) == ("llama-2",)
    assert "union:mau:llama-2" in together(facts, "llama-3")
    learnt: dict[str, Any] = {"model_uses": ["changed", "outputs"], "output_uses": ["other-llm"]}
    ban = together(facts_of("llama-3", **answers | learnt), "llama-3")["union:improvement"]
    assert (ban.status, ban.reading) == ("legal_judgement", True)


# --- what is kept, and names --------------------------------------------------------------------------------------
def test_what_stands_behind_counts_and_old_declarations_look_no_different() -> None:
    plain = facts_of("llama-3.1")
    assert "behind" not in material(plain)
    answers: dict[str, Any] = {**TUNED, "ancestors": ["llama-3"], "ancestor_roles": ["weights"]}
    before = facts_of("llama-3.1", **answers)
    after = replace(before, behind={"llama-3": replace(before.behind["llama-3"], mau=3)})
    assert digest(before) != digest(after)
    (sentence,) = changed_material_fields(material(before), material(after))
    assert sentence.startswith("Llama 3: Monthly active users in the tested month was “2000000”")
    assert (material(plain)["version"], material(before)["version"]) == (1, 2)
    signed_before_this_release = {key: value for key, value in material(before).items() if key != "behind"}
    signed_before_this_release["version"] = 1
    assert changed_material_fields(signed_before_this_release, material(after)) == []


@pytest.mark.parametrize(
    ("slug", "name"),
    [("llama-3.1", "Llama 3.1"), ("llama-2", "Llama 2"), ("llama-5-scout", "Llama 5 scout")],
)
def test_a_version_is_named_as_people_read_it(slug: str, name: str) -> None:
    assert version_name(slug) == name


def every_finding(terms: Terms) -> list[Finding]:
    answers: dict[str, Any] = {**TUNED, "model_uses": ["changed", "outputs"], "ancestors": ["llama-2", "llama-3.2"]}
    facts = facts_of(terms.slug, **answers, route="redistributor")
    return assess(facts, terms) + assess_union([(facts, terms)], tuple(TERMS.values()))


@pytest.mark.parametrize("slug", TERMS)
def test_no_finding_names_a_version_by_its_key(slug: str) -> None:
    for finding in every_finding(TERMS[slug]):
        said = f"{finding.title} {finding.explanation} {finding.action}"
        assert not re.search(r"(?<!/)\bllama-\d", said), finding.key


@pytest.mark.parametrize("slug", TERMS)
def test_every_why_opens_a_clause_that_the_official_text_of_that_version_has(slug: str) -> None:
    """Answers are those of the trees of the official texts, which hold ids and digests and no words."""
    for finding in every_finding(TERMS[slug]):
        cited = finding.parameters.get("cited", "").splitlines() or [f"{slug} {one}" for one in finding.clauses]
        for line in cited:
            version, document, clause = line.split(" ")
            kind = {"LICENSE": "agreement", "AUP": "aup"}[document]
            tree = json.loads((GOLDEN / f"clauses-{version}-{kind}.json").read_text())
            assert clause in {one["id"] for one in tree["clauses"]}, (finding.key, line)
