"""Fields of work lead to items of the policy, which are answered in words; permissions reach the items that they name."""

from __future__ import annotations

from typing import Any

import pytest

from licences.aup_subjects import SECTORS
from licences.facts import EntityFacts, Facts, Permission, field_named
from licences.obligations import Finding, assess
from licences.terms import AupItem, Terms, load_catalogue
from tests.licences.scenarios import ALL, LLAMA_31, LLAMA_33, PLAIN_PRODUCT, plain_entity, plain_model

TERMS = {terms.slug: terms for terms in load_catalogue()}
# By the subjects of the items (licence-facts.md section 3). Items 1.h and 5 came with Llama 3.2.
ITEMS_OF_SECTORS = {
    "defence": {"1.a.i", "2.a", "2.b"},
    "health": {"1.d", "1.e", "2.c", "2.e"},
    "financial-crime": {"1.a.vi", "1.e", "3.a"},
    "cybersecurity": {"1.g"},
    "infrastructure": {"2.d"},
    "minors": {"1.a.ii", "1.a.iv", "1.b", "2.e"},
    "employment": {"1.c", "1.e"},
    "finance": {"1.c", "1.d", "3.a"},
    "housing": {"1.c"},
    "legal-advice": {"1.d", "1.e"},
    "research": {"1.e", "1.f", "2.a", "2.c"},
}
IN_WORDS: dict[str, Any] = {"aup_position": "outside", "aup_safeguards": "Licensed people read every answer."}


def findings(slug: str, entity: dict[str, Any] | None = None, **product: Any) -> dict[str, Finding]:
    company = EntityFacts(**plain_entity(TERMS[slug]) | (entity or {}))
    return {one.key: one for one in assess(Facts(company, PLAIN_PRODUCT | product, plain_model(slug)), TERMS[slug])}


@pytest.mark.parametrize("slug", ALL)
@pytest.mark.parametrize("sector", ITEMS_OF_SECTORS)
def test_a_sensitive_sector_points_to_its_items_in_every_version(slug: str, sector: str) -> None:
    later = {"1.h", "5"} if sector == "cybersecurity" and slug in {"llama-3.2", LLAMA_33, "llama-4"} else set()
    expected = ITEMS_OF_SECTORS[sector] | later
    assert {item.id for item in TERMS[slug].items_touched_by(frozenset({sector}))} == expected
    screening = findings(slug, aup_screening=[sector], aup_items=["none"], **IN_WORDS)["aup-screening"]
    assert {f"AUP {item}" for item in expected} <= set(screening.clauses)
    assert SECTORS[sector] in screening.explanation


def test_items_are_looked_up_for_what_was_touched_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: set[str] = set()
    look_up = Terms.items_touched_by

    def noted(terms: Terms, touched: frozenset[str]) -> tuple[AupItem, ...]:
        asked.update(touched)
        return look_up(terms, touched)

    monkeypatch.setattr(Terms, "items_touched_by", noted)
    findings(LLAMA_31, aup_screening=["health"], aup_items=["1.d"], **IN_WORDS)
    assert asked == {"health"}


@pytest.mark.parametrize("items", [["none"], ["1.d"]])
def test_the_items_are_open_until_somebody_answered_them_in_words(items: list[str]) -> None:
    said: dict[str, Any] = {"aup_screening": ["health"], "aup_items": items, "aup_position": "outside"}
    silent = findings(LLAMA_31, **said)["aup-screening"]
    assert silent.status == "unknown"
    assert field_named("product", "aup_safeguards").question in silent.action
    assert findings(LLAMA_31, **said | IN_WORDS)["aup-screening"].status == "legal_judgement"


# --- permissions ------------------------------------------------------------------------------------------------
WITHIN: dict[str, Any] = {
    "aup_screening": ["defence", "cybersecurity"],
    "aup_items": ["1.g", "2.a"],
    "aup_position": "within",
    "aup_safeguards": "The ministry's own rules.",
}


def granted(*permissions: Permission) -> dict[str, str]:
    found = findings(LLAMA_33, {"permissions": permissions}, **WITHIN)
    return {item: found[f"aup-item:{item}"].status for item in ("1.g", "2.a")}


@pytest.mark.parametrize(
    ("permission", "expected"),
    [
        (Permission("use:2.a", "PRM-1"), {"1.g": "prohibited", "2.a": "satisfied"}),
        (Permission("use:2", "PRM-1"), {"1.g": "prohibited", "2.a": "satisfied"}),  # item 2 holds 2.a
        (Permission("use:2.a", "PRM-1", version="llama-3.3"), {"1.g": "prohibited", "2.a": "satisfied"}),
        (Permission("use:2.a", "PRM-1", version="llama-3.1"), {"1.g": "prohibited", "2.a": "prohibited"}),
        (Permission("use:2.b", "PRM-1"), {"1.g": "prohibited", "2.a": "prohibited"}),
        (Permission("marks", "PRM-1"), {"1.g": "prohibited", "2.a": "prohibited"}),
        (Permission("use", "PRM-1"), {"1.g": "legal_judgement", "2.a": "legal_judgement"}),  # it names no item
    ],
)
def test_a_permission_reaches_the_items_that_it_names(permission: Permission, expected: dict[str, str]) -> None:
    assert granted(permission) == expected


def test_the_exception_for_integrated_products_covers_section_2_alone() -> None:
    company = plain_entity(TERMS["llama-4"]) | {
        "mau": 800_000_000, "principal_place": "NL", "received_in_end_user_product": "yes"
    }  # fmt: skip
    model = plain_model("llama-4") | {"route": "embedded", "governing_terms": "The vendor's", "multimodal": "yes"}
    found = {one.key: one for one in assess(Facts(EntityFacts(**company), PLAIN_PRODUCT, model), TERMS["llama-4"])}
    assert found["mau"].status == "not_applicable"
    assert found["eu-multimodal"].status == "legal_judgement"
    assert found["display"].status == "satisfied"  # everything else in the agreement still applies


def as_end_user(route: str, audience: list[str] | None = None, **model: Any) -> tuple[str, bool]:
    """Status and reading of the EU paragraph for a Dutch company of which legal noted that it is an end user."""
    company = plain_entity(TERMS["llama-4"]) | {"principal_place": "NL", "end_user_of_multimodal": "yes"}
    product = {**PLAIN_PRODUCT, "audience": audience}
    answers = plain_model("llama-4") | {"route": route, "governing_terms": "Theirs", "multimodal": "yes"} | model
    found = assess(Facts(EntityFacts(**company), product, answers), TERMS["llama-4"])
    return next((one.status, one.reading) for one in found if one.key == "eu-multimodal")


def test_the_exception_for_end_users_counts_where_somebody_else_holds_the_model() -> None:
    assert {route: as_end_user(route, ["employees"]) for route in ("embedded", "provider-api", "meta-download")} == {
        "embedded": ("satisfied", False),
        "provider-api": ("legal_judgement", True),  # it offers a product of its own: an end user is a reading
        "meta-download": ("prohibited", False),
    }


def test_an_end_user_changes_and_distributes_nothing() -> None:
    """Only end users of a product are excepted (AUP eu-multimodal); changing and distributing are rights of 1.a."""
    inside = ["employees"]
    assert as_end_user("embedded", inside, model_uses=["passed-on"]) == ("prohibited", False)
    assert as_end_user("embedded", inside, model_uses=["changed"], derived_available="no") == ("prohibited", False)
    assert as_end_user("embedded", ["customers"]) == ("legal_judgement", True)  # a product of its own around it
    assert as_end_user("embedded", None) == ("unknown", False)


def test_questions_cite_items_that_every_version_has() -> None:
    for key in ("aup_items", "aup_position"):
        assert "1 to 5" not in field_named("product", key).why
        assert "(AUP prohibited-uses)" in field_named("product", key).why
