"""Whose terms come with a model, and what a Llama-like name on other terms points to (model-names.md 3 and 5)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from licences.facts import EntityFacts, Facts
from licences.governing_terms import governing_terms_of
from licences.model_names import propose
from licences.models import LlamaVersion
from licences.obligations import Finding, assess
from licences.terms import load_catalogue
from tests.cast import make_person
from tests.licences.scenarios import PLAIN_PRODUCT, plain_entity, plain_model

TERMS = {terms.slug: terms for terms in load_catalogue()}


def finding(slug: str = "llama-3.3", **model: Any) -> Finding:
    facts = Facts(EntityFacts(**plain_entity(TERMS[slug])), PLAIN_PRODUCT, plain_model(slug) | model)
    return next(one for one in assess(facts, TERMS[slug]) if one.key == "governing-terms")


@pytest.mark.parametrize(
    ("model_id", "beside", "words"),
    [
        ("deepseek-ai/DeepSeek-R1-Distill-Llama-70B", True, "MIT"),
        ("nvidia/Llama-3.1-Nemotron-70B-Instruct-HF", True, "NVIDIA"),
        ("nvidia/Meta-Llama-3.2-3B-Instruct-ONNX-INT4", True, "NVIDIA"),
        ("TinyLlama/TinyLlama-1.1B-Chat-v1.0", False, "Apache 2.0"),
        ("karpathy/tinyllamas", False, "MIT"),
        ("openlm-research/open_llama_7b", False, "weights of its own"),
        ("meta-llama/LlamaFirewall", False, "MIT"),
        ("SensitiveDocClassification", False, "MIT"),
        ("lmsys/vicuna-13b-v1.3", False, "commercial"),
    ],
)
def test_a_llama_like_name_points_to_its_governing_terms(model_id: str, beside: bool, words: str) -> None:
    found = governing_terms_of(model_id)
    assert found is not None
    assert found.beside_llama is beside
    assert words in found.why


def test_metas_own_models_have_no_terms_of_others() -> None:
    for slug in TERMS:
        assert governing_terms_of(plain_model(slug)["model_id"]) is None
        assert finding(slug).status == "not_applicable"


@pytest.mark.parametrize("route", ["redistributor", "provider-api", "embedded"])
def test_terms_of_whoever_supplies_the_model_are_asked_and_read_as_well(route: str) -> None:
    assert finding(route=route).status == "unknown"
    said = finding(route=route, governing_terms="Norrcloud, service terms of May 2025.")
    assert said.status == "legal_judgement"
    assert "Norrcloud, service terms of May 2025”" in said.explanation
    assert "do not replace" in said.explanation
    assert said.clauses == ("LICENSE acceptance", "LICENSE definition.licensee")


def test_a_tag_of_a_copy_does_not_replace_the_agreement() -> None:
    distilled = finding(
        model_id="deepseek-ai/DeepSeek-R1-Distill-Llama-70B", route="redistributor", governing_terms="MIT"
    )
    assert "MIT" in distilled.popular_claim
    assert distilled.parameters["address"] == "https://github.com/deepseek-ai/DeepSeek-R1"


@pytest.mark.parametrize(
    "model_id",
    [
        "deepseek-ai/DeepSeek-R1-Distill-Llama-70B",
        "nvidia/Llama-3.1-Nemotron-70B-Instruct-HF",
        "nvidia/Meta-Llama-3.2-3B-Instruct-ONNX-INT4",
    ],
)
def test_that_metas_agreement_binds_as_well_is_a_reading_with_its_clause(
    model_id: str, catalogue: list[LlamaVersion], client: Client
) -> None:
    found = governing_terms_of(model_id)
    assert found is not None
    assert "bind" not in found.why
    said = finding(model_id=model_id, route="redistributor", governing_terms="Theirs")
    assert said.reading
    assert "Reading: " in said.explanation
    assert said.clauses[0] == "LICENSE acceptance"
    client.force_login(make_person("Nora New"))
    page = client.get("/licences/model-names/", {"id": model_id}).content.decode()
    slug, name = ("llama-3.3", "3.3") if "DeepSeek" in model_id else ("llama-3.1", "3.1")
    if "ONNX" in model_id:
        slug, name = "llama-3.2", "3.2"
    assert f'href="/licences/{slug}/#agreement-acceptance">Llama {name}: LICENSE acceptance</a>' in page


def test_what_no_source_says_of_a_package_is_a_hint() -> None:
    found = governing_terms_of("nvidia/Meta-Llama-3.2-3B-Instruct-ONNX-INT4")
    assert found is not None
    assert found.evidence == "recalled"
    said = finding(model_id="nvidia/Meta-Llama-3.2-3B-Instruct-ONNX-INT4", route="redistributor", governing_terms="X")
    assert "not read in a source" in said.explanation


def test_tools_and_families_of_the_list_are_told_apart() -> None:
    assert propose("SensitiveDocClassification").status == "not_llama"
    assert propose("princeton-nlp/Sheared-LLaMA-1.3B").versions == ("llama-2",)
    assert propose("princeton-nlp/Sheared-LLaMA-1.3B").status == "ask"


@pytest.mark.parametrize("address", ["/licences/model-names/"])
def test_the_page_on_names_says_whose_terms_govern(catalogue: list[LlamaVersion], client: Client, address: str) -> None:
    client.force_login(make_person("Nora New"))
    page = client.get(address, {"id": "TinyLlama/TinyLlama-1.1B-Chat-v1.0"}).content.decode()
    assert "Apache 2.0" in page
    assert "own page" in page  # no address of its terms was read in a source
    guard = client.get(address, {"id": "meta-llama/LlamaFirewall"}).content.decode()
    assert 'href="https://github.com/meta-llama/PurpleLlama"' in guard
    assert "github.com" not in client.get(address, {"id": "meta-llama/Llama-3.1-8B"}).content.decode()


def test_the_page_on_names_calls_no_model_the_base_while_it_asks(catalogue: list[LlamaVersion], client: Client) -> None:
    client.force_login(make_person("Nora New"))
    asked = client.get("/licences/model-names/", {"id": "Qwen3-8B-Llama-3.1-distill"}).content.decode()
    assert "made from the model above" not in asked
    assert "its base is asked" in asked
    told = client.get("/licences/model-names/", {"id": "NousResearch/Hermes-3-Llama-3.1-8B"}).content.decode()
    assert "made from the model above" in told


# --- what else the agreement attaches to the model --------------------------------------------------------------
def by_key(slug: str, **model: Any) -> dict[str, Finding]:
    facts = Facts(EntityFacts(**plain_entity(TERMS[slug])), PLAIN_PRODUCT, plain_model(slug) | model)
    return {one.key: one for one in assess(facts, TERMS[slug])}


@pytest.mark.parametrize(
    ("model_id", "route", "status"),
    [
        ("llama3.1", "meta-download", "action_needed"),
        ("llama3.1:latest", "redistributor", "action_needed"),
        (
            "llama3.1@sha256:46e0c10c039e019119339687c3c1757cc81b9da49709a3b3924863ba87ca666e",
            "redistributor",
            "satisfied",
        ),
        ("llama3.1:8b-instruct-fp16", "redistributor", "satisfied"),
        ("deepseek-r1:8b", "redistributor", "action_needed"),  # pointed at another model once already
        ("llama3.1", "provider-api", "satisfied"),  # whoever only sends requests sees no digest
    ],
)
def test_a_tag_that_can_move_asks_for_its_digest(model_id: str, route: str, status: str) -> None:
    found = by_key("llama-3.1", model_id=model_id, route=route, governing_terms="Theirs")["version"]
    assert found.status == status
    assert ("digest" in found.action) == (status == "action_needed")


@pytest.mark.parametrize("slug", TERMS)
def test_the_brand_guidelines_come_with_the_licence_of_a_mark(slug: str) -> None:
    """LICENSE 5.a licenses a mark from Llama 3 on, and demands Meta's brand guidelines with it; Llama 2 neither."""
    said = by_key(slug)["marks"].explanation
    assert ("https://about.meta.com/brand/resources/meta/company-brand/" in said) == (slug != "llama-2")


@pytest.mark.parametrize("slug", TERMS)
def test_the_end_says_what_section_6_says(slug: str) -> None:
    found = by_key(slug)["termination"]
    assert found.clauses == ("LICENSE 6",)
    for words in ("breach of any term", "no notice and no time to cure", "sections 3, 4 and 7"):
        assert words in found.explanation
