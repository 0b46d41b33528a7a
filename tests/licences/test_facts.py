"""The questions: which are asked, what is stored, and what an approval is bound to."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licences.facts import (
    MODEL_FIELDS,
    PRODUCT_FIELDS,
    EntityFacts,
    Facts,
    Permission,
    aup_item_choices,
    changed_material_fields,
    clean,
    digest,
    field_named,
    fields_to_ask,
    material,
    missing,
    suggest,
)
from licences.facts_fields import Kind
from licences.facts_places import COUNTRIES, EEA, EU, OF_A_MEMBER_STATE, country_name
from licences.terms import load_catalogue
from tests.licences.scenarios import PLAIN_PRODUCT, TUNED, plain_entity, plain_model

TERMS = {terms.slug: terms for terms in load_catalogue()}
PLAIN = Facts(EntityFacts(**plain_entity(TERMS["llama-3.1"])), PLAIN_PRODUCT, plain_model("llama-3.1"))


def keys(fields: list[Any]) -> list[str]:
    return [one.key for one in fields]


# --- which questions are asked ----------------------------------------------------------------------------------


def test_a_plain_customer_facing_product_takes_at_most_twelve_answers() -> None:
    """Answers one open question after the other, as a person does; the page fills in what it can propose."""
    terms = TERMS["llama-3.1"]
    typed = ["name", "team", "environment"]  # asked by the page itself
    product: dict[str, Any] = {}
    while left := missing("product", product, terms):
        product[left[0].key] = PLAIN_PRODUCT[left[0].key]
        typed.append(left[0].key)
    model: dict[str, Any] = {}
    while left := missing("model", model, terms):
        if proposals := suggest(model, terms):
            model |= proposals
        else:
            model[left[0].key] = plain_model("llama-3.1")[left[0].key]
            typed.append(left[0].key)
    assert len(typed) <= 12, typed
    assert model == plain_model("llama-3.1")


def test_an_empty_product_sheet_asks_five_questions_and_an_empty_model_sheet_four_to_type() -> None:
    assert keys(fields_to_ask("product", {})) == [
        "purpose",
        "audience",
        "countries",
        "aup_screening",
        "user_information",
    ]
    assert [one.key for one in fields_to_ask("model", {}) if not one.prefilled] == [
        "model_id",
        "route",
        "model_uses",
        "attribution_places",
    ]


@pytest.mark.parametrize(
    ("sheet", "answers", "asked"),
    [
        ("product", {"aup_screening": ["health"]}, {"aup_items", "aup_position", "aup_safeguards"}),
        ("product", {"user_information": ["dangers-in-terms"]}, {"dangers_text"}),
        ("model", {"route": "provider-api"}, {"governing_terms"}),
        ("model", {"route": "redistributor"}, {"governing_terms", "base_model", "ancestors"}),
        ("model", {"route": "embedded"}, {"governing_terms"}),
        ("model", {"route": "customer-hosted"}, {"recipients", "distribution_files"}),
        (
            "model",
            {"model_uses": ["changed"]},
            {"base_model", "ancestors", "change_kinds", "tuned_on", "derived_available", "derived_name"},
        ),
        ("model", {"model_uses": ["outputs"]}, {"output_uses"}),
        (
            "model",
            {"model_uses": ["outputs"], "output_uses": ["other-llm"]},
            {"output_uses", "output_model_available", "output_model_name"},
        ),
        ("model", {"model_uses": ["outputs"], "output_uses": ["no-model"]}, {"output_uses"}),
        ("model", {"model_uses": ["passed-on"]}, {"recipients", "distribution_files"}),
        (
            "model",
            {"model_uses": ["passed-on"], "distribution_files": ["notice"]},
            {"recipients", "distribution_files", "notice_text"},
        ),
        (
            "model",
            {"attribution_places": ["website"]},
            {"attribution_text", "attribution_address", "attribution_owner"},
        ),
        ("model", {"attribution_places": ["product-name"]}, set()),
        ("model", {"model_uses": ["none"]}, set()),
        ("model", {"model_uses": ["unknown"]}, set()),
        ("product", {"aup_screening": ["none"]}, set()),
        ("product", {"aup_screening": ["unknown"]}, set()),
    ],
)
def test_only_what_the_answers_call_for_is_asked_on_top(sheet: Any, answers: dict[str, Any], asked: set[str]) -> None:
    assert set(keys(fields_to_ask(sheet, answers))) - set(keys(fields_to_ask(sheet, {}))) == asked


def test_a_question_that_the_version_makes_idle_is_not_asked() -> None:
    shown = {"attribution_places": ["website"]}
    assert "attribution_text" not in keys(fields_to_ask("model", shown, TERMS["llama-2"]))
    assert "attribution_text" in keys(fields_to_ask("model", shown, TERMS["llama-3"]))
    assert "multimodal" not in keys(fields_to_ask("model", {}, TERMS["llama-3.1"]))
    assert "multimodal" in keys(fields_to_ask("model", {}, TERMS["llama-4"]))


def test_records_are_kept_and_never_asked() -> None:
    assert "version_rule" not in keys(fields_to_ask("model", {}))
    cleaned, errors = clean("model", {"version_rule": "official name"})
    assert (cleaned, errors) == ({"version_rule": "official name"}, {})


@pytest.mark.parametrize("field", [*PRODUCT_FIELDS, *MODEL_FIELDS], ids=lambda one: one.key)
def test_every_field_says_why_and_can_be_answered_unknown(field: Any) -> None:
    assert field.question
    assert field.why
    assert field.kind in get_args(Kind)
    assert field.choices or field.kind not in {"choice", "choices"}
    if field.options:
        assert field.options[-1].value == "unknown"
    everything = {"aup_screening": ["health"], "user_information": ["dangers-in-terms"], **TUNED}
    everything |= {
        "model_uses": ["changed", "outputs", "passed-on"],
        "output_uses": ["other-llm"],
        "route": "redistributor",
        "ancestors": ["llama-2"],
    }
    everything |= {"distribution_files": ["notice"], "attribution_places": ["website"]}
    everything[field.key] = ["unknown"] if field.is_list else "unknown"
    cleaned, errors = clean(field.sheet, everything)
    assert field.key not in errors
    assert cleaned[field.key] in ("unknown", ["unknown"])
    if field.required and field.kind != "record":
        assert field.key in keys(missing(field.sheet, cleaned))


def test_unknown_and_unanswered_are_both_missing_and_optional_never_is() -> None:
    assert keys(missing("product", PLAIN_PRODUCT)) == []
    assert keys(missing("product", PLAIN_PRODUCT | {"purpose": "unknown", "countries": ["unknown"]})) == [
        "purpose",
        "countries",
    ]
    assert "attribution_owner" not in keys(missing("model", {"attribution_places": ["website"]}))


def test_proposals_fill_open_prefilled_fields_only() -> None:
    model = {"model_id": "meta-llama/Llama-3.2-11B-Vision", "attribution_places": ["website"]}
    assert suggest(model, TERMS["llama-3.2"]) == {
        "version": "llama-3.2",
        "multimodal": "yes",
        "attribution_text": "Built with Llama",
    }
    assert "attribution_text" not in suggest(model | {"attribution_text": "Ours"}, TERMS["llama-3.2"])
    assert "multimodal" not in suggest({"model_id": "our-own"}, TERMS["llama-3.2"])


def test_touched_subjects_open_the_items_of_every_version_in_play() -> None:
    touched = {"aup_screening": ["cybersecurity"]}
    early = [one.value for one in aup_item_choices([TERMS["llama-3.1"]], touched)]
    both = [one.value for one in aup_item_choices([TERMS["llama-3.1"], TERMS["llama-3.2"]], touched)]
    assert early == ["1.g", "none"]
    assert both == ["1.g", "1.h", "5", "none"]
    assert [one.value for one in aup_item_choices(TERMS.values(), {"aup_screening": ["none"]})] == ["none"]


# --- what is stored ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sheet", "answers", "key", "says"),
    [
        ("product", {"audience": ["everybody"]}, "audience", "none of the answers offered"),
        ("product", {"audience": ["public", "unknown"]}, "audience", "alone"),
        ("product", {"aup_screening": ["none", "health"]}, "aup_screening", "“None of these” goes with no other"),
        ("product", {"countries": ["XX"]}, "countries", "XX"),
        ("product", {"countries": ["worldwide", "NL"]}, "countries", "goes with no other"),
        ("product", {"purpose": "x" * 4001}, "purpose", "4000"),
        ("product", {"purpose": ["a", "b"]}, "purpose", "one answer"),
        ("product", {"aup_screening": ["health"], "aup_items": ["2.z.9"]}, "aup_items", "Choose from the list"),
        ("product", {"aup_screening": ["health"], "aup_position": "perhaps"}, "aup_position", "Choose from the list"),
        ("model", {"model_id": "two words"}, "model_id", "no blanks"),
        ("model", {"version": "../secrets"}, "version", "catalogue"),
        ("model", {"multimodal": "maybe"}, "multimodal", "Choose from the list"),
        ("model", {"model_uses": ["changed"], "ancestors": ["Llama 3"]}, "ancestors", "Choose from the list"),
    ],
)
def test_an_answer_that_cannot_be_stored_gets_a_sentence(sheet: Any, answers: Any, key: str, says: str) -> None:
    cleaned, errors = clean(sheet, answers)
    assert key not in cleaned
    assert says in errors[key]


def test_answers_that_no_longer_arise_are_dropped() -> None:
    cleaned, _errors = clean("model", TUNED | {"derived_name": "Llama-x", "model_uses": ["none"]})
    assert cleaned == {"model_uses": ["none"]}


def test_keys_that_no_sheet_has_are_dropped() -> None:
    assert clean("product", {"is_admin": "yes", "purpose": "Chat"}) == ({"purpose": "Chat"}, {})


def test_lists_are_sorted_and_text_is_tidied_so_that_saving_again_changes_nothing() -> None:
    once, errors = clean("product", {"audience": ["public", "customers", "public"], "purpose": " a \r\nb  \n"})
    assert errors == {}
    assert once == {"audience": ["customers", "public"], "purpose": "a\nb"}
    assert clean("product", once) == (once, {})


def test_a_single_list_value_may_come_as_text() -> None:
    assert clean("product", {"audience": "public"})[0] == {"audience": ["public"]}


@given(
    st.dictionaries(
        st.sampled_from([one.key for one in MODEL_FIELDS]),
        st.one_of(st.text(max_size=20), st.lists(st.sampled_from(["none", "unknown", "changed", "website", "x"]))),
    )
)
def test_cleaning_what_was_cleaned_changes_nothing(answers: dict[str, Any]) -> None:
    cleaned, _errors = clean("model", answers)
    assert clean("model", cleaned) == (cleaned, {})


# --- the entity -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "in_eu", "in_eea_or_switzerland"),
    [
        ("NL", "yes", "yes"),
        ("IE", "yes", "yes"),
        ("NO", "no", "yes"),
        ("IS", "no", "yes"),
        ("LI", "no", "yes"),
        ("CH", "no", "yes"),
        ("GB", "no", "no"),
        ("US", "no", "no"),
        ("GL", "unclear", "unclear"),
        ("unknown", "unknown", "unknown"),
        ("XX", "unknown", "unknown"),
    ],
)
def test_the_eu_and_the_eea_are_different_lists(place: str, in_eu: str, in_eea_or_switzerland: str) -> None:
    entity = EntityFacts("ENT-00001", principal_place=place)
    assert (entity.in_eu, entity.in_eea_or_switzerland) == (in_eu, in_eea_or_switzerland)


def test_the_lists_of_countries_are_whole() -> None:
    assert len(EU) == 27
    assert len(EEA) == 30
    assert len(COUNTRIES) == 249
    assert set(COUNTRIES) >= EEA | OF_A_MEMBER_STATE
    assert not EEA & OF_A_MEMBER_STATE
    assert country_name("NL") == "Netherlands"


# --- the digest -------------------------------------------------------------------------------------------------


def test_the_document_carries_schema_and_version_and_no_floats() -> None:
    document = material(PLAIN)
    assert document["schema"] == "licence-desk/facts"
    assert document["version"] == 1
    assert json.loads(json.dumps(document)) == document
    assert "." not in json.dumps(document["entity"]["mau"])


def test_the_digest_of_one_set_of_facts_stays_the_same_for_ever() -> None:
    facts = Facts(
        EntityFacts("ENT-00001", principal_place="US", mau=5, mau_month="2024-06"),
        {"purpose": "Chat", "audience": ["public"]},
        {"model_id": "meta-llama/Llama-3.1-8B-Instruct", "version": "llama-3.1"},
    )
    assert digest(facts) == "7ef41ee8e3b59b02edcc16909d70b0bbef065d12ed9d14c41e239bb88aa8728a"


@pytest.mark.parametrize(
    ("sheet", "change"),
    [
        ("entity", {"name": "Another name B.V."}),
        ("entity", {"mau_source": "another report"}),
        ("entity", {"principal_place_basis": "register extract"}),
        ("model", {"version_rule": "another rule"}),
        ("model", {"version_confirmed_by": "Rita"}),
        ("model", {"attribution_address": "https://norrbro.example/about"}),
        ("model", {"attribution_owner": "Petra"}),
        ("model", {"derived_name": "answers that do not arise"}),
        ("product", {"dangers_text": "unknown"}),
        ("product", {"purpose": f"  {PLAIN_PRODUCT['purpose']} \r\n"}),
        ("product", {"user_information": ["dangers-in-product", "aup-in-terms", "aup-in-terms"]}),
        ("product", {"note": "a comment"}),
    ],
)
def test_what_is_not_material_never_changes_the_digest(sheet: str, change: dict[str, Any]) -> None:
    assert digest(changed(PLAIN, sheet, change)) == digest(PLAIN)
    assert changed_material_fields(material(PLAIN), material(changed(PLAIN, sheet, change))) == []


@pytest.mark.parametrize(
    ("sheet", "change", "says"),
    [
        (
            "entity",
            {"principal_place": "NL"},
            "Principal place of business was “United States” and is now “Netherlands”.",
        ),
        ("entity", {"mau": 3_000_000}, "is now “3000000”"),
        ("entity", {"litigation": "yes"}, "5.c was “no” and is now “yes”"),
        ("entity", {"acceptance": "unknown"}, "Acceptance of this version was “accepted” and is now “not known”."),
        (
            "entity",
            {"permissions": (Permission("mau", "letter"),)},
            "The permission letter from Meta (monthly active users, LICENSE 2) is held now",
        ),
        ("product", {"purpose": "Something else"}, "is now “Something else”"),
        ("product", {"audience": ["customers", "public"]}, "is now “Customers or partners, Anyone: the public”."),
        ("product", {"countries": ["US", "NL"]}, "is now “Netherlands, United States”."),
        ("product", {"user_information": ["unknown"]}, "is now “not answered”"),
        ("product", {"dangers_text": "It can be wrong."}, "is now “It can be wrong.”"),
        ("model", {"model_id": "meta-llama/Llama-3.1-70B"}, "Which model runs? was “meta-llama/Llama-3.1-8B-Instruct”"),
        ("model", {"route": "provider-api"}, "is now “A provider’s API”."),
        ("model", {"attribution_text": "Built with Meta Llama"}, "is now “Built with Meta Llama”."),
    ],
)
def test_a_material_change_changes_the_digest_and_says_which(sheet: str, change: dict[str, Any], says: str) -> None:
    after = changed(PLAIN, sheet, change)
    assert digest(after) != digest(PLAIN)
    sentences = changed_material_fields(material(PLAIN), material(after))
    assert len(sentences) == 1
    assert says in sentences[0]


def test_a_field_that_a_later_release_dropped_still_shows_in_the_comparison() -> None:
    old = material(PLAIN)
    old["product"]["retired_question"] = "yes"
    assert changed_material_fields(old, material(PLAIN)) == ["retired_question was “yes” and is now “not known”."]


def test_a_stored_answer_that_is_no_longer_offered_still_counts() -> None:
    odd = changed(PLAIN, "product", {"audience": ["customers", "retired-choice"]})
    assert material(odd)["product"]["audience"] == ["customers", "retired-choice"]
    assert digest(odd) != digest(PLAIN)


def test_narratives_are_material_and_names_and_notes_are_not() -> None:
    fields = (*PRODUCT_FIELDS, *MODEL_FIELDS)
    assert {one.key for one in fields if not one.material} == {
        "version_rule",
        "version_confirmed_by",
        "attribution_address",
        "attribution_owner",
    }
    narratives = {"purpose", "dangers_text", "aup_safeguards", "governing_terms", "tuned_on", "notice_text"}
    assert narratives <= {one.key for one in fields if one.material and one.kind == "text"}
    assert field_named("model", "derived_name").material  # a name that the licence has a rule for


def changed(facts: Facts, sheet: str, change: dict[str, Any]) -> Facts:
    match sheet:
        case "entity":
            return replace(facts, entity=replace(facts.entity, **change))
        case "product":
            return replace(facts, product={**facts.product, **change})
        case _:
            return replace(facts, model={**facts.model, **change})
