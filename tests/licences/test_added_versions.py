"""Names of versions that came later than the rules for names: read by what the catalogue says of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from licences.added_versions import may_say_more, read_again
from licences.model_names import propose
from licences.queries import named_by_rules
from licences.terms import Terms, load_catalogue


@pytest.fixture(scope="module")
def added() -> list[Terms]:
    """Llama 5 and 5.1 with sizes, and one whose name has no number and whose sizes nobody listed."""
    like = next(one for one in load_catalogue() if one.slug == "llama-4")
    like = replace(like, multimodal_marks=("90b",), text_marks=("9b",), multimodal_otherwise="unknown")
    return [
        replace(like, slug="llama-5", name="Llama 5", sizes=("9B", "Large 90B-8E")),
        replace(like, slug="llama-5.1", name="Llama 5.1", sizes=("9B",)),
        replace(like, slug="llama-nova", name="Llama Nova", sizes=()),
    ]


@pytest.mark.parametrize(
    ("raw", "slug", "confidence", "multimodal"),
    [
        ("meta-llama/Llama-5-90B", "llama-5", "medium", True),
        ("llama5:9b", "llama-5", "medium", False),
        ("meta.llama5-9b-instruct-v1:0", "llama-5", "medium", False),
        ("accounts/fireworks/models/llama-v5-9b", "llama-5", "medium", False),
        ("@cf/meta/llama-5-90b-fp8", "llama-5", "medium", True),
        ("llama-5-9b-q4_k_m.gguf", "llama-5", "medium", False),
        ("acme/our-llama-5-9b-tune", "llama-5", "low", False),
        ("llama5", "llama-5", "low", None),
        ("meta-llama/Llama-5.1-9B", "llama-5.1", "medium", False),
        ("llama-5-1-9b", "llama-5.1", "medium", False),
        ("llama-nova-1b", "llama-nova", "medium", None),
        ("llama-v5p1-9b", "llama-5.1", "medium", False),
        ("Llama-5\u20111\u20119B", "llama-5.1", "medium", False),
        ("Llama-5,1-9B", "llama-5.1", "low", False),
        ("Llama-5-9B-v1.2", "llama-5", "medium", False),
        ("meta-llama/llama-nova-12b", "llama-nova", "medium", None),
    ],
)
def test_a_plain_name_is_resolved(
    added: list[Terms], raw: str, slug: str, confidence: str, multimodal: bool | None
) -> None:
    said = read_again(propose(raw), added)
    assert (said.status, said.versions, said.rule) == ("resolved", (slug,), "added-version")
    assert (said.confidence, said.multimodal) == (confidence, multimodal)


@pytest.mark.parametrize(
    ("raw", "status", "versions", "rule"),
    [
        ("llama-5-7b", "ask", ("llama-5",), "size-not-listed"),
        ("NeuralLlama5-9b", "ask", ("llama-5",), "glued-name"),
        ("org/Llama-3.1-Llama-5-merge", "conflict", ("llama-3.1", "llama-5"), "several-versions"),
        ("org/llama-5-llama-5.1-9b", "conflict", ("llama-5", "llama-5.1"), "several-versions"),
        ("llama-5.2-9b", "ask", (), "unknown-version"),
        ("llama-5.10-9b", "ask", (), "unknown-version"),
        ("llama-6-9b", "ask", (), "unknown-version"),
        ("llama-50b", "ask", (), "no-version"),
        ("llama-5b", "ask", (), "no-version"),
        ("llama-51-9b", "ask", (), "unknown-version"),
        ("llama51", "ask", (), "unknown-version"),
        ("supernovallama", "ask", (), "no-version"),
        ("our-own-tune", "ask", (), "no-sign"),
        ("llama-5:1-9b", "ask", (), "unknown-version"),
        ("llama-5pt1-9b", "ask", (), "unknown-version"),
        ("Llama-5-9B-v5.1", "ask", ("llama-5", "llama-5.1"), "another-number"),
        ("Llama-5-9B-v3.1", "ask", ("llama-5", "llama-3.1"), "another-number"),
        ("llama-3.1-8b-v5.1", "ask", ("llama-3.1", "llama-5.1"), "another-number"),
        ("Qwen3-9B-Llama-5-distill", "ask", (), "another-base"),
        ("meta-llama/Llama-Guard-5-8B", "ask", (), "safeguard"),
        ("mistral-7b", "not_llama", (), "other-family"),
    ],
)
def test_what_is_not_plain_stays_a_question(
    added: list[Terms], raw: str, status: str, versions: tuple[str, ...], rule: str
) -> None:
    said = read_again(propose(raw), added)
    assert (said.status, said.versions, said.rule) == (status, versions, rule)


def test_a_size_is_no_version(added: list[Terms]) -> None:
    five_one = [one for one in added if one.slug == "llama-5.1"]
    for raw in ("meta-llama/Llama-5-1B-Instruct", "llama-5.1b", "llama-5-1b"):
        assert read_again(propose(raw), five_one).versions == ()
    both = read_again(propose("llama-5-1b"), added)
    assert (both.versions, both.rule) == (("llama-5",), "size-not-listed")
    eight = [replace(five_one[0], slug="llama-8", name="Llama 8", sizes=("8B",))]
    assert read_again(propose("llama-8b"), eight).versions == ()


def test_a_name_with_a_later_number_is_read_again_and_a_plain_one_is_not(added: list[Terms]) -> None:
    assert named_by_rules("Llama-3.1-8B-v5.1", added).status == "ask"
    assert may_say_more(propose("Llama-3.1-8B-v5.1"))
    assert not may_say_more(propose("meta-llama/Llama-3.1-8B-Instruct"))  # and so no query for it


def test_rules_that_knew_are_never_overruled(added: list[Terms]) -> None:
    for raw in ("meta-llama/Llama-3.1-8B", "meta-llama/Llama-4-Scout-17B-16E", "codellama-7b", "vicuna-7b-v1.5"):
        assert read_again(propose(raw), added) == propose(raw)


def test_a_moving_tag_still_asks_for_its_digest(added: list[Terms]) -> None:
    said = read_again(propose("llama5:latest"), added)
    assert said.moving_tag
    assert "digest" in said.explanation
