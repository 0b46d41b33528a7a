"""What a raw model id points to: every id of the list, the traps of each platform, and nothing out of thin air."""

from __future__ import annotations

import csv
import json
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licences.model_name_parts import take_apart
from licences.model_names import RELEASED_SIZES, Proposal, Status, propose

LISTED = list(csv.DictReader((Path(__file__).parent / "model-ids.csv").read_text().splitlines()))
# Without one of these no version may be settled.
SIGNS = ("llama", "vicuna", "r1-distill", "foundation-sec", "prompt-guard", "promptguard")
COMMITTED = (Status.RESOLVED, Status.CONFLICT)


def one_version(proposal: Proposal) -> str:
    """The single version that a proposal points to, where there is one."""
    return proposal.leading or (proposal.versions[0] if len(proposal.versions) == 1 else "")


@pytest.mark.parametrize("row", LISTED, ids=lambda row: row["model_id"])
def test_every_listed_id_comes_out_as_listed(row: dict[str, str]) -> None:
    proposal = propose(row["model_id"])
    assert (proposal.status.replace("_", "-"), one_version(proposal)) == (row["status"], row["licence"])


def test_the_list_has_every_outcome() -> None:
    assert {row["status"] for row in LISTED} == {"resolved", "conflict", "ask", "not-llama"}
    assert len(LISTED) >= 60


RESOLVED = {
    # Hugging Face and renames
    "meta-llama/Meta-Llama-3.1-405B-Instruct-FP8": "llama-3.1",
    "meta-llama/Llama-3.2-1B-Instruct-SpinQuant_INT4_EO8": "llama-3.2",
    "meta-llama/Llama-3.2-3B-Instruct-QLORA_INT4_EO8": "llama-3.2",
    "meta-llama/Llama-4-Scout-17B-16E-Original": "llama-4",
    "https://huggingface.co/meta-llama/Llama-3.1-8B-Instruct": "llama-3.1",
    "https://huggingface.co/meta-llama/Llama-3.1-8B-Instruct/tree/main": "llama-3.1",
    "meta-llama/Llama-3.1-8B@0123456789abcdef0123456789abcdef01234567": "llama-3.1",
    "  META-LLAMA/LLAMA-3.3-70B-INSTRUCT  ": "llama-3.3",
    "Ｌｌａｍａ-3.1-8B": "llama-3.1",
    # Ollama
    "llama2:13b": "llama-2",
    "llama3:latest": "llama-3",
    "llama3.1:8b-instruct-fp16": "llama-3.1",
    "llama3.2-vision:90b": "llama-3.2",
    "llama3.3:70b": "llama-3.3",
    "llama4:maverick": "llama-4",
    "llama4:16x17b": "llama-4",
    "llama4:128x17b": "llama-4",
    "llama4:16x17b-scout-q4_K_M": "llama-4",
    "dolphin-llama3": "llama-3",
    "llama-guard3:1b": "llama-3.2",
    "ollama/llama3.1:8b": "llama-3.1",
    # Amazon Bedrock
    "meta.llama2-70b-v1:0:4k": "llama-2",
    "meta.llama3-8b-instruct-v1:0": "llama-3",
    "meta.llama3-1-405b-instruct-v1:0": "llama-3.1",
    "us.meta.llama3-3-70b-instruct-v1:0": "llama-3.3",
    "us.meta.llama4-maverick-17b-instruct-v1:0": "llama-4",
    "arn:aws:bedrock:us-east-1::foundation-model/meta.llama3-1-8b-instruct-v1:0": "llama-3.1",
    "arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.meta.llama3-2-3b-instruct-v1:0": "llama-3.2",
    # Azure
    "azureml://registries/azureml-meta/models/Llama-3.3-70B-Instruct/versions/9": "llama-3.3",
    "llama-31-8b": "llama-3.1",
    "Llama-4-Maverick-17B-128E-Instruct-FP8": "llama-4",
    # Google
    "publishers/meta/models/llama-3.2-90b-vision-instruct-maas": "llama-3.2",
    "meta/llama-4-scout-17b-16e-instruct-maas": "llama-4",
    # Groq, Fireworks, IBM, NVIDIA, others
    "llama3-8b-8192": "llama-3",
    "accounts/fireworks/models/llama-v3-70b-instruct": "llama-3",
    "accounts/fireworks/models/llama-v3p1-405b-instruct": "llama-3.1",
    "accounts/fireworks/models/llama-v3p3-70b-instruct": "llama-3.3",
    "meta-llama/llama-3-1-70b-instruct": "llama-3.1",
    "meta/llama3-8b-instruct": "llama-3",
    "meta-llama/llama-3.3-70b-instruct:free": "llama-3.3",
    "meta-llama/llama-4-maverick": "llama-4",
    # GGUF
    "Meta-Llama-3.1-8B-Instruct-Q4_K_M.gguf": "llama-3.1",
    "llama-2-7b-chat.Q4_K_M.gguf": "llama-2",
    "Meta-Llama-3.1-405B-Instruct-Q4_K_M-00001-of-00002.gguf": "llama-3.1",
    "Mozilla/Meta-Llama-3-8B-Instruct-llamafile": "llama-3",
    # Made by others, with the base in the name
    "lmsys/vicuna-13b-v1.5-16k": "llama-2",
    "NousResearch/Hermes-2-Pro-Llama-3-8B": "llama-3",
    "NousResearch/Hermes-3-Llama-3.1-405B": "llama-3.1",
    "nvidia/Llama-3.1-Nemotron-70B-Instruct-HF": "llama-3.1",
    "nvidia/Llama-3.1-Minitron-4B-Width-Base": "llama-3.1",
    "nvidia/Meta-Llama-3.2-3B-Instruct-ONNX-INT4": "llama-3.2",
    "Groq/Llama-3-Groq-70B-Tool-Use": "llama-3",
    "abacusai/Smaug-Llama-3-70B-Instruct": "llama-3",
    "tokyotech-llm/Llama-3-Swallow-8B-v0.1": "llama-3",
    "allenai/Llama-3.1-Tulu-3-8B": "llama-3.1",
    "cognitivecomputations/dolphin-2.9-llama3-8b": "llama-3",
    "cognitivecomputations/Dolphin3.0-Llama3.1-8B": "llama-3.1",
    "fdtn-ai/Foundation-Sec-1.1-8B-Instruct": "llama-3.1",
    "Phind/Phind-CodeLlama-34B-v2": "llama-2",
    "xtuner/llava-llama-3-8b-v1_1": "llama-3",
    # The name of a distilled model of DeepSeek, and organisations, are no other family
    "DeepSeek-R1-Distill-Llama-3.1-8B": "llama-3.1",
    "unsloth/DeepSeek-R1-Distill-Llama-8B-bnb-4bit": "llama-3.1",
    "deepseek-ai_DeepSeek-R1-Distill-Llama-70B-Q4_K_M.gguf": "llama-3.3",
    "mistralai/Llama-3.1-8B": "llama-3.1",
    "Llama-3-8B-structured-outputs": "llama-3",
    "llama-3-8b-trained-on-pubmed": "llama-3",
    # Numbers that are no version of Llama, or the same one again
    "Llama-3-8B-v1.2": "llama-3",
    "MaziyarPanahi/Llama-3-8B-Instruct-v0.10": "llama-3",
    "Llama-3-8B-3.1bpw-exl2": "llama-3",
    "llama-3-8b-lora-2024-3-1": "llama-3",
    "dolphin-2.9.3-llama3-8b": "llama-3",
    "allenai/Llama-3.1-Tulu-3.1-8B": "llama-3.1",
    "Llama-3-8B-2bit": "llama-3",
    # Dashes, digits and hidden characters that editors and pages put in
    "Llama3\u20111\u20118B": "llama-3.1",
    "Llama\u20143.1\u20148B": "llama-3.1",
    "Llama\u22123\u22121\u22128B": "llama-3.1",
    "Llama-3\u00ad.1-8B": "llama-3.1",
    "Llama-3.\u200b1-8B": "llama-3.1",
    "Llama-3.\u0661-8B": "llama-3.1",
    "https://huggingface.co/meta-llama/Llama-3%2E1-8B": "llama-3.1",
    # A folder of somebody's own is no model
    "/models/llama3/Meta-Llama-3.1-8B-Instruct.gguf": "llama-3.1",
    "azureml://registries/azureml-meta/models/Llama-3.1-8B/labels/latest": "llama-3.1",
}


@pytest.mark.parametrize(("raw", "version"), RESOLVED.items())
def test_a_version_that_the_name_gives_is_proposed(raw: str, version: str) -> None:
    proposal = propose(raw)
    assert (proposal.status, proposal.versions) == (Status.RESOLVED, (version,))


ASK = {
    # No version, or one that does not exist (yet)
    "": (),
    "   ": (),
    "/": (),
    "meta-llama/Llama-Vision-Free": (),
    "LLaMA-13B": (),
    "llama-65b": (),
    "meta-llama/Llama-5-8B": (),
    "meta-llama/Llama-3.5-8B": (),
    "meta-llama/Llama-3.4-70B": (),
    "Llama-3.10-8B": (),
    "llama-v3p5-70b": (),
    "Llama-4.1-17B": (),
    "meta-llama/Llama-2.1-7B": (),
    "Llama-3.1.5-8B": (),
    "llama-3-8192": (),
    # A number that may be a part of the version, or may not
    "llama-3:1-8b": (),
    "llama3:3.1-8b": (),
    "Llama 3 1 8B": (),
    "llama-3--1-8b": (),
    "llama-3(1)-8b": (),
    "llama-3pt1-8b": (),
    "Llama-3.1,5-8B": (),
    "Llama-3,8B": (),
    "llama-3-2epochs": (),
    "llama-3-2bit": (),
    # The number of another version beside the version
    "Llama-3-70B-Instruct-3.3": ("llama-3", "llama-3.3"),
    "llama-3-8b-v3.1": ("llama-3", "llama-3.1"),
    "llama3-70b-3.1-lora": ("llama-3", "llama-3.1"),
    "llama-3-70b-3-1-lora": ("llama-3", "llama-3.1"),
    "llama-v3-70b-instruct-v3p3": ("llama-3", "llama-3.3"),
    "llama3:8b-3.1": ("llama-3", "llama-3.1"),
    "Llama-3.1-8B-v3.3": ("llama-3.1", "llama-3.3"),
    "Llama-2-7b-v3.1": ("llama-2", "llama-3.1"),
    "CodeLlama-7b-v3.1": ("llama-2", "llama-3.1"),
    "Llama-4-Scout-17B-16E-3.3": ("llama-4", "llama-3.3"),
    # Sizes that were never released
    "llama4:8x17b": ("llama-4",),
    "llama4:scout-128x17b": ("llama-4",),
    "llama3.2:8b": ("llama-3.2",),
    "Llama-3.2-70B": ("llama-3.2",),
    "llama-3-13b": ("llama-3",),
    "llama-3-1b": ("llama-3",),
    "Llama-3.1-13B-Instruct": ("llama-3.1",),
    "Llama-2-34b": ("llama-2",),
    "Llama-3.3-8B-Instruct": ("llama-3.3",),
    "Llama-4-Scout-17B-128E": ("llama-4",),
    "Llama-4-Behemoth": ("llama-4",),
    "Llama-4-8B": ("llama-4",),
    "Llama-3.2-3B-Vision": ("llama-3.2",),
    "Llama-3.2-8X3B-MOE-Dark": ("llama-3.2",),
    "CodeLlama-8b": ("llama-2",),
    "code-llama-3-8b": (),
    # Written Llama 3 on one host, but 405B exists only in 3.1
    "meta/llama3-405b-instruct-maas": ("llama-3.1",),
    # Bases that the name hides
    "deepseek-r1": (),
    "deepseek-r1:8b": (),
    "deepseek-r1:latest": (),
    "hermes3": ("llama-3.1",),
    "hermes3:3b": ("llama-3.2",),
    "NousResearch/Hermes-4-405B": ("llama-3.1",),
    "NousResearch/Nous-Hermes-13b": (),
    "dolphin3": ("llama-3.1",),
    "tulu3": ("llama-3.1",),
    "nemotron": (),
    "nvidia/Nemotron-4-340B-Instruct": (),
    "llava": (),
    "llava:13b-v1.6-mistral": (),
    "vicuna": (),
    "WizardLM-13B-V1.2": ("llama-2",),
    "MythoMax-L2-13b": ("llama-2",),
    "sao10k/l3.1-euryale-70b": ("llama-3.1",),
    "L3-8B-Stheno-v3.2": ("llama-3",),
    "stabilityai/StableBeluga2": ("llama-2",),
    "alpaca-7b": ("llama-1",),
    # "llama" inside another word, beside the model, or beside a look-alike
    "NeuralLlama3-8b": ("llama-3",),
    "TinyLlama-3.1-8B": (),
    "open-llama-3.1-8b": (),
    "speculators/Llama-3.1-8B-TinyLlama-draft": (),
    "meta-llama/Something": (),
    "llama3-fans/own-model": (),
    # Another family beside Llama
    "Ministral-8B-distill-Llama-3.1-70B": ("llama-3.1",),
    "Qwen3-8B-Llama-3.1-distill": ("llama-3.1",),
    "acme/Qwen3-8B-tuned-on-Llama-3-outputs": ("llama-3",),
    "Qwen2.5-Llama-3-distill": ("llama-3",),
    "gemma-3-1b-llama-3.2-teacher": ("llama-3.2",),
    "Llama-3.1-8B-Claude-traces": ("llama-3.1",),
    "mistralai_Ministral-8B-Llama-3.1": ("llama-3.1",),
    "Qwen3-8B-DeepSeek-R1-Distill-Llama-8B": (),
    "DeepSeek-R1-Distill-Qwen-7B-Llama-3.1-merge": ("llama-3.1",),
    "vicuna-7b-v1.5-mistral": (),
    "Qwen3-8B-Llama-5-distill": (),
    "Qwen3-8B-CodeLlama-7b": (),
    # A teacher, a student, outputs
    "student-of-llama-3-70b": ("llama-3",),
    "Llama-3.1-8B-distilled": ("llama-3.1",),
    "acme/tiny-7b-tuned-on-llama-3": ("llama-3",),
    "acme-7b-llama-3.1-outputs": ("llama-3.1",),
    "acme-7b-llama-3.3-synthetic": ("llama-3.3",),
    "Llama-Guard-3-1B-distilled": (),
    # Safeguards that are not known
    "llama-guard3": ("llama-3.1", "llama-3.2"),
    "meta-llama/Llama-Guard-5-8B": (),
    "someone/prompt-guard-tiny": (),
    # Nothing at all
    "a-model-of-our-own": (),
    "deepseek-ai/DeepSeek-V3": (),
}


@pytest.mark.parametrize(("raw", "hint"), ASK.items())
def test_what_is_not_certain_is_asked(raw: str, hint: tuple[str, ...]) -> None:
    proposal = propose(raw)
    assert (proposal.status, proposal.versions) == (Status.ASK, hint)
    assert proposal.confidence == "low"


NOT_LLAMA = [
    *("TinyLlama/TinyLlama-1.1B-Chat-v1.0", "tinyllama", "openlm-research/open_llama_3b_v2", "OpenLLaMA-13B"),
    *("llama.cpp", "ggerganov/llama.cpp", "karpathy/llama2.c", "llamafile", "run-llama/llama_index", "LLaMA-Factory"),
    *("ollama", "ollama/ollama", "meta-llama/llama-stack", "LlamaFirewall", "CyberSecEval"),
    *("deepseek-ai/DeepSeek-R1-Distill-Qwen-7B", "mistralai/Mistral-7B-Instruct-v0.3", "Qwen/Qwen2.5-7B"),
    *("google/gemma-2-9b", "gpt-4o", "claude-sonnet-4"),
]


@pytest.mark.parametrize("raw", NOT_LLAMA)
def test_look_alikes_tools_and_other_families_are_not_llama(raw: str) -> None:
    proposal = propose(raw)
    assert (proposal.status, proposal.versions, proposal.not_meta_base) == (Status.NOT_LLAMA, (), True)


@pytest.mark.parametrize(
    ("raw", "version"),
    {
        "Llama-3,1-8B": "llama-3.1",
        "llama-3,3-70b": "llama-3.3",
        "Llama 3·1 8B": "llama-3.1",
        "llama_3_dot_3_70b": "llama-3.3",
        "llama3dot1-8b": "llama-3.1",
        "llama-3-point-1-8b": "llama-3.1",
    }.items(),
)
def test_a_dot_written_in_another_way_is_read_and_said(raw: str, version: str) -> None:
    proposal = propose(raw)
    assert (proposal.status, proposal.versions) == (Status.RESOLVED, (version,))
    assert proposal.confidence == "medium"
    assert "written in another way" in proposal.explanation


@pytest.mark.parametrize(
    ("raw", "rule", "sentence"),
    [
        ("Llama-3-70B-Instruct-3.3", "another-number", "has the number of Llama 3.3 as well"),
        ("Qwen3-8B-Llama-3.1-distill", "another-base", "another family beside Llama"),
        ("student-of-llama-3-70b", "another-base", "a teacher, a student or outputs"),
        ("llama-3:1-8b", "unknown-version", "not clear"),
    ],
)
def test_a_question_says_why_it_is_asked(raw: str, rule: str, sentence: str) -> None:
    proposal = propose(raw)
    assert proposal.rule == rule
    assert sentence in proposal.explanation


@pytest.mark.parametrize("raw", ["Qwen3-8B-Llama-3.1-distill", "student-of-llama-3-70b"])
def test_base_and_teacher_are_both_asked_for(raw: str) -> None:
    assert "enter the base and what it was trained on as ancestors" in propose(raw).explanation


def test_the_size_beside_another_family_says_nothing_of_vision() -> None:
    assert propose("Qwen3-1B-Llama-3.2-distill").multimodal is None


CONFLICTS = {
    "meta-llama/Meta-Llama-Guard-2-8B": (("llama-3", "llama-2"), "llama-3"),
    "meta-llama/Llama-Guard-3-8B-INT8": (("llama-3.1", "llama-3.2"), ""),
    "meta-llama/Meta-Llama-Guard-3-8B": (("llama-3.1", "llama-3.2"), ""),
    "meta-llama/Prompt-Guard-86M": (("llama-3.2", "llama-3.1", "llama-3"), ""),
    "meta-llama/Llama-Prompt-Guard-2-22M": (("llama-4", "llama-3.2"), "llama-4"),
    "nvidia/Llama-3_3-Nemotron-Super-49B-v1_5": (("llama-3.3", "llama-3.1"), ""),
    "someone/Llama-2-7b-to-Llama-3-8B-merge": (("llama-2", "llama-3"), ""),
    "Llama-3.1-8B-distilled-from-Llama-3.3-70B": (("llama-3.1", "llama-3.3"), ""),
}


@pytest.mark.parametrize(("raw", "expected"), CONFLICTS.items())
def test_where_sources_disagree_every_candidate_is_named(raw: str, expected: tuple[tuple[str, ...], str]) -> None:
    proposal = propose(raw)
    assert (proposal.status, proposal.versions, proposal.leading) == (Status.CONFLICT, *expected)


@pytest.mark.parametrize(
    ("raw", "multimodal"),
    {
        "meta.llama3-2-11b-instruct-v1:0": True,  # no "vision" in the id of this host
        "us.meta.llama3-2-90b-instruct-v1:0": True,
        "meta.llama3-2-1b-instruct-v1:0": False,
        "meta-llama/Llama-3.2-3B": False,
        "llama3.2-vision": True,
        "llama3.2": None,
        "llama4": True,
        "meta-llama/Llama-4-Scout-17B-16E-Instruct": True,
        "meta-llama/Llama-3.3-70B-Instruct": False,
        "meta-llama/Llama-3.1-8B": False,
        "someone/Llama-3.1-8B-Omni": None,
        "meta-llama/Llama-Guard-3-11B-Vision": True,
        "meta-llama/Llama-Guard-4-12B": True,
        "meta-llama/Llama-Guard-3-8B": False,
        "deepseek-r1:70b": None,
        "mistral": None,
    }.items(),
)
def test_multimodal_follows_the_model_and_not_the_word_vision(raw: str, multimodal: bool | None) -> None:
    assert propose(raw).multimodal is multimodal


@pytest.mark.parametrize(
    ("raw", "moving"),
    {
        "llama3.2": True,
        "llama3.1:latest": True,
        "meta-llama/llama-3.1-latest": True,
        "codellama": True,
        "deepseek-r1:8b": True,
        "llama3.1:70b": False,
        "llama4:scout": False,
        "llama3.2@sha256:" + "ab" * 32: False,
        "meta-llama/Llama-3.1-8B": False,
        "tinyllama": False,
    }.items(),
)
def test_a_tag_that_can_move_asks_for_its_digest(raw: str, moving: bool) -> None:
    proposal = propose(raw)
    assert proposal.moving_tag is moving
    assert ("digest" in proposal.explanation) is moving


@pytest.mark.parametrize(
    ("raw", "begins"),
    {
        "nvidia/Llama-3_1-Nemotron-51B-Instruct": True,
        "nvidia/Meta-Llama-3.2-3B-Instruct-ONNX-INT4": False,
        "deepseek-ai/DeepSeek-R1-Distill-Llama-8B": False,  # contains is not begins
        "NousResearch/Hermes-3-Llama-3.1-8B": False,
        "allenai/Llama-3.1-Tulu-3-8B": True,
    }.items(),
)
def test_beginning_with_llama_is_about_the_name_without_its_owner(raw: str, begins: bool) -> None:
    assert propose(raw).begins_with_llama is begins


def test_size_and_safeguard_are_told() -> None:
    assert propose("meta-llama/Llama-3.1-405B-Instruct-FP8").size == "405B"
    assert propose("llama3:8b-instruct-q4_K_M").size == "8B"
    assert propose("llama3-70b-8192").size == "70B"
    assert propose("meta-llama/Llama-Guard-4-12B").safeguard
    assert not propose("meta-llama/Llama-3.1-8B").safeguard
    assert propose("meta-llama/Prompt-Guard-86M").not_meta_base


def test_a_catalogue_error_of_others_is_pointed_out() -> None:
    assert "Some catalogues list this id under Llama 3.1" in propose("llama3-8b-8192").explanation


def test_official_names_are_not_called_derived_and_others_are() -> None:
    official = [row["model_id"] for row in LISTED if row["model_id"].startswith("meta-llama/")]
    assert [raw for raw in official if propose(raw).derived] == []
    for raw in ("nvidia/Llama-3_1-Nemotron-51B-Instruct", "llama2-uncensored", "lmsys/vicuna-33b-v1.3"):
        assert propose(raw).derived


@pytest.mark.parametrize("raw", [row["model_id"] for row in LISTED] + list(ASK) + NOT_LLAMA + list(CONFLICTS))
def test_every_answer_names_its_rule_explains_itself_and_can_be_stored(raw: str) -> None:
    proposal = propose(raw)
    assert proposal.raw == raw
    assert proposal.rule
    assert proposal.explanation.endswith(".")
    assert json.loads(json.dumps(asdict(proposal)))["status"] == proposal.status.value


# --- properties -------------------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        *(
            "llama",
            "Llama",
            "LLaMA",
            "meta",
            "Meta-",
            "code",
            "tiny",
            "open_",
            "guard",
            "prompt-guard",
            "vicuna",
            "ollama",
        ),
        *(
            "2",
            "3",
            "4",
            "5",
            ".1",
            ".2",
            "_3",
            "-1",
            "p2",
            "v3",
            ",1",
            "3.3",
            "qwen",
            "distill",
            "-8b",
            ":70b",
            "-405B",
            "-17B-16E",
            "scout",
            "latest",
        ),
        *(
            "-",
            "_",
            ".",
            ":",
            "/",
            "@",
            " ",
            "instruct",
            "vision",
            "gguf",
            "arn:aws:",
            "azureml://",
            "/models/",
            "é",
            "İ",
        ),
    ]
)
NAMES = st.one_of(st.text(max_size=500), st.lists(PIECES, max_size=14).map("".join))


@given(NAMES)
@settings(max_examples=400)
def test_it_never_fails_and_keeps_its_word(raw: str) -> None:
    proposal = propose(raw)
    assert proposal == propose(raw)
    assert proposal.raw == raw
    if proposal.status == Status.RESOLVED:
        assert len(proposal.versions) == 1
    if proposal.status == Status.CONFLICT:
        assert len(proposal.versions) > 1
    if proposal.status == Status.NOT_LLAMA:
        assert proposal.versions == ()
    assert set(proposal.versions) <= {*RELEASED_SIZES, "llama-1"}


@given(NAMES)
@settings(max_examples=400)
def test_without_a_sign_of_llama_no_version_is_settled(raw: str) -> None:
    if propose(raw).status in COMMITTED:
        plain = take_apart(raw).whole.replace("_", "-").replace(" ", "-")
        assert any(sign in plain for sign in SIGNS)


@given(st.text(alphabet="abcdefghijknopqrstuvwxyz0123456789-_./: ", max_size=80))
def test_names_without_l_and_m_settle_nothing(raw: str) -> None:
    assert propose(raw).status not in COMMITTED or "vicuna" in raw or "guard" in raw or "foundation-sec" in raw


@given(st.sampled_from([row["model_id"] for row in LISTED if row["status"] == "resolved"]), st.data())
def test_letter_case_changes_nothing(raw: str, data: st.DataObject) -> None:
    changed = "".join(data.draw(st.sampled_from([letter.lower(), letter.upper()])) for letter in raw)
    assert propose(changed).versions == propose(raw).versions


@given(st.sampled_from(sorted(RELEASED_SIZES)), st.integers(min_value=1, max_value=999))
def test_only_released_sizes_are_settled(version: str, number: int) -> None:
    proposal = propose(f"meta-llama/Llama-{version.removeprefix('llama-')}-{number}B")
    assert (proposal.status == Status.RESOLVED) is (f"{number}B" in RELEASED_SIZES[version])
    assert proposal.versions == (version,) or (version, number) == ("llama-3", 405)
