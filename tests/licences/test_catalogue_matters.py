"""Every value of the catalogue that a rule reads is held by a scenario: change it, and one fails."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from licences.terms import document_of, load_catalogue, terms_from_mapping
from tests.licences.scenarios import SCENARIOS, mismatches

CATALOGUE = {terms.slug: terms for terms in load_catalogue()}

# Kinds that no finding of its own shows: their clauses are cited beside another's, or they are shown to read only.
SHOWN_ONLY: set[str] = set()
OTHER_VALUES = {
    "threshold": "699999999",
    "month": "2020-01",
    "month_is_reading": {"yes": "no", "no": "yes"},
    "form": {"third-party": "with-materials", "with-materials": "third-party"},
    "text": "Made of Llama",
    "trigger": {"uses": "contains", "contains": "uses"},
    "prefix": "Alpaca",
    "outputs": {"yes": "no", "no": "yes"},
    "excluded": "Alpaca",
    "mark": "Alpaca",
    "inside": "Another company",
    "outside": "Another company",
    "report_issues": "https://alpaca.example",
    "report_content": "https://alpaca.example",
    "report_security": "https://alpaca.example",
    "report_misuse": "alpaca@alpaca.example",
    "law": "Delaware",
    "courts": "Delaware",
    "guidelines": None,  # an address to read, no rule depends on it
}


def fails(slug: str, document: dict[str, Any]) -> bool:
    """Whether a scenario of this version notices the changed file."""
    terms = terms_from_mapping(document, "changed")
    return any(mismatches(scenario, terms) for scenario in SCENARIOS if scenario.version == slug)


def changed_parameters() -> Iterator[tuple[str, str, str]]:
    for slug, terms in CATALOGUE.items():
        for obligation in terms.obligations:
            for name in obligation.parameters:
                if OTHER_VALUES[name] is not None:
                    yield slug, obligation.kind, name


@pytest.mark.parametrize(("slug", "kind", "name"), list(changed_parameters()))
def test_a_changed_parameter_is_noticed(slug: str, kind: str, name: str) -> None:
    document = deepcopy(document_of(CATALOGUE[slug]))
    parameters = next(one for one in document["obligation"] if one["kind"] == kind)["parameters"]
    other = OTHER_VALUES[name]
    parameters[name] = other[parameters[name]] if isinstance(other, dict) else other
    assert fails(slug, document)


@pytest.mark.parametrize(
    ("slug", "kind"),
    [(slug, one.kind) for slug, terms in CATALOGUE.items() for one in terms.obligations if one.kind not in SHOWN_ONLY],
)
def test_a_changed_clause_is_noticed(slug: str, kind: str) -> None:
    document = deepcopy(document_of(CATALOGUE[slug]))
    next(one for one in document["obligation"] if one["kind"] == kind)["clauses"] = ["LICENSE 9.z"]
    assert fails(slug, document)


@pytest.mark.parametrize(
    ("slug", "kind"),
    [
        (slug, kind)
        for slug, terms in CATALOGUE.items()
        for kind in ("display", "name-prefix", "improvement-ban", "eu-multimodal")
        if terms.obligation(kind)
    ],
)
def test_an_optional_duty_that_is_dropped_is_noticed(slug: str, kind: str) -> None:
    document = deepcopy(document_of(CATALOGUE[slug]))
    document["obligation"] = [one for one in document["obligation"] if one["kind"] != kind]
    assert fails(slug, document)


@pytest.mark.parametrize(
    ("slug", "change"),
    [
        ("llama-3.2", {"multimodal_marks": ["90b", "vision"]}),
        ("llama-3.2", {"multimodal_marks": ["11b"]}),
        ("llama-3.2", {"text_marks": ["1b"]}),
        ("llama-3.2", {"text_marks": ["3b"]}),
        ("llama-3.2", {"otherwise": "no"}),
        ("llama-3.3", {"otherwise": "yes"}),
        ("llama-3.3", {"as_of": "2024-12-06"}),
        ("llama-4", {"otherwise": "no", "multimodal_marks": []}),
        ("llama-4", {"text_marks": []}),
    ],
)
def test_a_changed_list_of_multimodal_models_is_noticed(slug: str, change: dict[str, Any]) -> None:
    document = deepcopy(document_of(CATALOGUE[slug]))
    document["models"] |= change
    assert fails(slug, document)


@pytest.mark.parametrize("slug", ["llama-3.2", "llama-3.3", "llama-4"])
def test_a_dropped_policy_item_is_noticed(slug: str) -> None:
    document = deepcopy(document_of(CATALOGUE[slug]))
    document["aup_item"] = [one for one in document["aup_item"] if one["id"] != "1.h"]
    assert fails(slug, document)


@pytest.mark.parametrize("slug", list(CATALOGUE))
def test_a_file_that_only_changed_its_summaries_passes(slug: str) -> None:
    document = deepcopy(document_of(CATALOGUE[slug]))
    for obligation in document["obligation"]:
        obligation["summary"] = "Said otherwise."
    assert not fails(slug, document)
