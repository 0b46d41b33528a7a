"""Truth tables: facts in, findings out. Expected values come from reading the twelve texts, not from the catalogue.

A scenario starts from a plain product that is in order, changes a few facts, and names the findings that follow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from licences.facts import EntityFacts, Facts, Permission
from licences.obligations import Finding, assess
from licences.terms import Terms

OK, ACT, JUDGE, NEVER, NONE_DUE, OPEN = (
    "satisfied",
    "action_needed",
    "legal_judgement",
    "prohibited",
    "not_applicable",
    "unknown",
)
LLAMA_2, LLAMA_3, LLAMA_31, LLAMA_32, LLAMA_33, LLAMA_4 = (
    "llama-2",
    "llama-3",
    "llama-3.1",
    "llama-3.2",
    "llama-3.3",
    "llama-4",
)
ALL = (LLAMA_2, LLAMA_3, LLAMA_31, LLAMA_32, LLAMA_33, LLAMA_4)
LATER = (LLAMA_31, LLAMA_32, LLAMA_33, LLAMA_4)

# The calendar month before each version's date, worked out by hand.
MONTHS = dict(zip(ALL, ("2023-06", "2024-03", "2024-06", "2024-08", "2024-11", "2025-03"), strict=True))
DISPLAYS = dict(zip(ALL, ("", "Built with Meta Llama 3", *["Built with Llama"] * 4), strict=True))
MODELS = dict(
    zip(
        ALL,
        (
            "meta-llama/Llama-2-13b-chat-hf",
            "meta-llama/Meta-Llama-3-8B-Instruct",
            "meta-llama/Llama-3.1-8B-Instruct",
            "meta-llama/Llama-3.2-3B-Instruct",
            "meta-llama/Llama-3.3-70B-Instruct",
            "meta-llama/Llama-4-Scout-17B-16E-Instruct",
        ),
        strict=True,
    )
)
NOTICES = {
    LLAMA_2: "Llama 2 is licensed under the LLAMA 2 Community License, "
    "Copyright (c) Meta Platforms, Inc. All Rights Reserved.",
    LLAMA_3: "Meta Llama 3 is licensed under the Meta Llama 3 Community License, "
    "Copyright © Meta Platforms, Inc. All Rights Reserved.",
} | {
    slug: f"{name} is licensed under the {name} Community License, "
    "Copyright © Meta Platforms, Inc. All Rights Reserved."
    for slug, name in zip(LATER, ("Llama 3.1", "Llama 3.2", "Llama 3.3", "Llama 4"), strict=True)
}
# First 16 digits of the official files, as read from Meta's repository.
DIGESTS = {
    LLAMA_2: ("e30d9339da533205", "bf462e7787cc55d2"),
    LLAMA_3: ("6afe79695ec2b066", "da147301380ac432"),
    LLAMA_31: ("bf2eac60b81e5c5f", "f456a3f5b15ab588"),
    LLAMA_32: ("8cc15535a8a34b41", "40e2777d7faa6bea"),
    LLAMA_33: ("fb58d9a630ccc1dc", "fac148bfbd9f515b"),
    LLAMA_4: ("6b346865267ef58a", "bbf009b29f1dc413"),
}


@dataclass(frozen=True)
class Scenario:
    """A name, a version, what differs from the plain product, and what must follow."""

    name: str
    version: str
    expect: Mapping[str, str]
    entity: Mapping[str, Any] = field(default_factory=dict)
    product: Mapping[str, Any] = field(default_factory=dict)
    model: Mapping[str, Any] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)  # "display.text": the value it must have
    clauses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    readings: tuple[str, ...] = ()  # findings that must be marked as readings
    plain_words: tuple[str, ...] = ()  # findings that must not

    def __str__(self) -> str:
        return f"{self.version}: {self.name}"


def plain_entity(terms: Terms) -> dict[str, Any]:
    """A company in the United States, far below the line, that accepted the known texts."""
    return {
        "reference": "ENT-00001",
        "principal_place": "US",
        "mau": 2_000_000,
        "mau_month": MONTHS[terms.slug],
        "mau_source": "group analytics",
        "acceptance": "accepted",
        "accepted_agreement_sha256": terms.text("agreement").sha256,
        "accepted_aup_sha256": terms.text("aup").sha256,
        "litigation": "no",
    }


PLAIN_PRODUCT: dict[str, Any] = {
    "purpose": "Answers customers' questions about deliveries.",
    "audience": ["customers"],
    "countries": ["US"],
    "aup_screening": ["none"],
    "user_information": ["aup-in-terms", "dangers-in-product"],
}


def plain_model(slug: str) -> dict[str, Any]:
    """Meta's own weights, run as they are, with the display on a website."""
    return {
        "model_id": MODELS[slug],
        "version": slug,
        "route": "meta-download",
        "model_uses": ["none"],
        "attribution_places": ["website"],
        "attribution_text": DISPLAYS[slug],
    }


def facts_of(scenario: Scenario, terms: Terms) -> Facts:
    """The scenario's facts. None takes an answer away."""
    return Facts(
        EntityFacts(**plain_entity(terms) | dict(scenario.entity)),
        _changed(PLAIN_PRODUCT, scenario.product),
        _changed(plain_model(scenario.version), scenario.model),
    )


def _changed(plain: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in {**plain, **changes}.items() if value is not None}


def mismatches(scenario: Scenario, terms: Terms) -> list[str]:
    """What differs from the expectation; empty when all is as it should be."""
    findings: dict[str, Finding] = {one.key: one for one in assess(facts_of(scenario, terms), terms)}
    wrong = []
    for key, status in scenario.expect.items():
        actual = findings[key].status if key in findings else "absent"
        if actual != status:
            wrong.append(f"{key} is {actual}, not {status}")
    for place, value in scenario.parameters.items():
        key, name = place.rsplit(".", 1)
        if findings[key].parameters.get(name) != value:
            wrong.append(f"{place} is {findings[key].parameters.get(name)!r}, not {value!r}")
    for key, clauses in scenario.clauses.items():
        if findings[key].clauses != clauses:
            wrong.append(f"{key} cites {findings[key].clauses}, not {clauses}")
    wrong.extend(f"{key} is not marked as a reading" for key in scenario.readings if not findings[key].reading)
    wrong.extend(f"{key} is marked as a reading" for key in scenario.plain_words if findings[key].reading)
    return wrong


# --- the plain product, every finding ---------------------------------------------------------------------------
PLAIN = {
    "mau": OK,
    "aup-screening": OK,
    "aup-others": OK,
    "dangers": OK,
    "reporting": NONE_DUE,
    "law": JUDGE,
    "display": OK,
    "notice": NONE_DUE,
    "marks": OK,
    "making": NONE_DUE,
    "ancestors": NONE_DUE,
    "copy": NONE_DUE,
    "name": NONE_DUE,
    "output-name": NONE_DUE,
    "improvement": NONE_DUE,
    "version": OK,
    "acceptance": OK,
    "counterparty": OK,
    "eu-multimodal": NONE_DUE,
    "litigation": OK,
    "termination": NONE_DUE,
    "risk-terms": JUDGE,
    "governing-law": JUDGE,
}
PLAIN_DIFFERS = {
    LLAMA_2: {"display": NONE_DUE, "copy": JUDGE, "improvement": OK},
    LLAMA_3: {"improvement": OK},
    LLAMA_4: {"eu-multimodal": OK},
}
CLAUSES: dict[str, tuple[str, ...]] = {
    "mau": ("LICENSE 2",),
    "aup-screening": ("LICENSE 1.b.iv", "AUP intro", "AUP prohibited-uses"),
    "aup-others": ("AUP intro", "AUP prohibited-uses"),
    "dangers": ("AUP 4",),
    "reporting": ("AUP reporting",),
    "law": ("LICENSE 1.b.iv",),
    "display": ("LICENSE 1.b.i",),
    "notice": ("LICENSE 1.b.iii",),
    "marks": ("LICENSE 5.a",),
    "making": ("LICENSE 1.a", "LICENSE 5.b"),
    "ancestors": ("LICENSE 1.b.i", "LICENSE 1.b.iii"),
    "copy": ("LICENSE 1.b.i",),
    "name": ("LICENSE 1.b.i",),
    "output-name": ("LICENSE 1.b.i",),
    "version": ("LICENSE definition.llama", "LICENSE definition.llama-materials"),
    "acceptance": ("LICENSE acceptance", "LICENSE definition.licensee"),
    "counterparty": ("LICENSE definition.meta",),
    "litigation": ("LICENSE 5.c",),
    "termination": ("LICENSE 6",),
    "risk-terms": ("LICENSE 3", "LICENSE 4", "LICENSE 5.c"),
    "governing-law": ("LICENSE 7",),
}
CLAUSES_DIFFER: dict[str, dict[str, tuple[str, ...]]] = {
    LLAMA_2: {"improvement": ("LICENSE 1.b.v",)},
    LLAMA_3: {"improvement": ("LICENSE 1.b.v",)},
    LLAMA_32: {"eu-multimodal": ("AUP eu-multimodal",)},
    LLAMA_33: {"eu-multimodal": ("AUP eu-multimodal",)},
    LLAMA_4: {"eu-multimodal": ("AUP eu-multimodal",)},
}
PLAIN_SCENARIOS = [
    Scenario(
        "a plain product in order",
        slug,
        PLAIN | PLAIN_DIFFERS.get(slug, {}),
        clauses=CLAUSES | CLAUSES_DIFFER.get(slug, {}),
        parameters={
            "mau.month": MONTHS[slug],
            "mau.threshold": "700000000",
            "display.text": DISPLAYS[slug],
            "notice.text": NOTICES[slug],
            "counterparty.company": "Meta Platforms, Inc.",
            "governing-law.law": "California",
            "governing-law.courts": "California",
            "copy.form": "third-party" if slug == LLAMA_2 else "with-materials",
            "reporting.report_issues": "https://github.com/facebookresearch/llama"
            if slug in {LLAMA_2, LLAMA_3}
            else "https://github.com/meta-llama/llama-models/issues",
            "reporting.report_content": "https://developers.facebook.com/llama_output_feedback",
            "reporting.report_security": "https://facebook.com/whitehat/info",
            "reporting.report_misuse": "LlamaUseReport@meta.com",
            "marks.mark": {LLAMA_2: "", LLAMA_3: "Llama 3"}.get(slug, "Llama"),
            "display.trigger": {LLAMA_2: "", LLAMA_3: "uses"}.get(slug, "contains"),
        },
        readings=("mau",) if slug == LLAMA_4 else (),
        plain_words=("display", "notice") + (() if slug == LLAMA_4 else ("mau",)),
    )
    for slug in ALL
]

# --- check 1: users ---------------------------------------------------------------------------------------------
GRANT = (Permission("mau", "grant of 2 May 2025"),)
MAU_SCENARIOS = [
    scenario
    for slug in ALL
    for scenario in (
        Scenario("exactly 700 million users do not trigger section 2", slug, {"mau": OK}, {"mau": 700_000_000}),
        Scenario("one user more does", slug, {"mau": NEVER}, {"mau": 700_000_001}),
        Scenario("a figure that nobody knows", slug, {"mau": OPEN}, {"mau": None}),
        Scenario(
            "1.b.ii takes section 2 away",
            slug,
            {"mau": NONE_DUE, "litigation": OK, "aup-screening": OK},
            {"mau": 900_000_000, "received_in_end_user_product": "yes"},
            model={"route": "embedded", "governing_terms": "Vendor's terms"},
            clauses={"mau": ("LICENSE 2", "LICENSE 1.b.ii")},
        ),
    )
] + [
    Scenario("above the line with a grant", LLAMA_31, {"mau": OK}, {"mau": 800_000_000, "permissions": GRANT}),
    Scenario(
        "a grant for marks is no grant for users",
        LLAMA_31,
        {"mau": NEVER},
        {"mau": 800_000_000, "permissions": (Permission("marks", "x"),)},
    ),
    Scenario("the figure of another month", LLAMA_31, {"mau": OPEN}, {"mau": 5, "mau_month": "2024-07"}),
    Scenario("zero users is a figure", LLAMA_4, {"mau": OK}, {"mau": 0}, readings=("mau",)),
    Scenario(
        "1.b.ii noted, but Meta's own weights run: the figure counts",
        LLAMA_33,
        {"mau": OK},
        {"received_in_end_user_product": "yes"},
    ),
    Scenario(
        "1.b.ii noted, Meta's own weights run, above the line",
        LLAMA_33,
        {"mau": NEVER},
        {"mau": 900_000_000, "received_in_end_user_product": "yes"},
    ),
    Scenario(
        "1.b.ii noted, above the line with a grant",
        LLAMA_33,
        {"mau": OK},
        {"mau": 900_000_000, "received_in_end_user_product": "yes", "permissions": GRANT},
    ),
    Scenario(
        "1.b.ii noted, above the line, and nobody knows where the model comes from",
        LLAMA_33,
        {"mau": OPEN},
        {"mau": 900_000_000, "received_in_end_user_product": "yes"},
        model={"route": "unknown"},
    ),
    Scenario(
        "bought inside a product, not yet judged",
        LLAMA_33,
        {"mau": OPEN},
        {"mau": None},
        model={"route": "embedded", "governing_terms": "Vendor's terms"},
    ),
]

# --- check 2: acceptable use ------------------------------------------------------------------------------------
NEAR = {"aup_position": "outside", "aup_safeguards": "A licensed physician signs every answer."}
USE_SCENARIOS = [
    Scenario("nothing screened yet", LLAMA_31, {"aup-screening": OPEN}, product={"aup_screening": None}),
    Scenario("screening unknown", LLAMA_31, {"aup-screening": OPEN}, product={"aup_screening": ["unknown"]}),
    Scenario(
        "health work near 1.d, with safeguards",
        LLAMA_31,
        {"aup-screening": JUDGE, "aup-item:1.d": JUDGE},
        product={"aup_screening": ["health"], "aup_items": ["1.d"], **NEAR},
        clauses={"aup-item:1.d": ("AUP 1.d",)},
    ),
    Scenario("health work, items open", LLAMA_31, {"aup-screening": OPEN}, product={"aup_screening": ["health"]}),
    Scenario(
        "health work near none of the items",
        LLAMA_31,
        {"aup-screening": JUDGE},
        product={"aup_screening": ["health"], "aup_items": ["none"], **NEAR},
    ),
    Scenario(
        "near an item, no safeguard described",
        LLAMA_31,
        {"aup-item:1.d": OPEN},
        product={"aup_screening": ["health"], "aup_items": ["1.d"], "aup_position": "outside"},
    ),
    Scenario(
        "operating a power grid",
        LLAMA_33,
        {"aup-item:2.d": NEVER},
        product={"aup_screening": ["infrastructure"], "aup_items": ["2.d"], "aup_position": "within"},
    ),
    Scenario(
        "defence work with Meta's permission",
        LLAMA_33,
        {"aup-item:2.a": JUDGE},
        {"permissions": (Permission("use", "letter of 4 November 2024"),)},
        product={"aup_screening": ["defence"], "aup_items": ["2.a"], "aup_position": "within"},
    ),
    Scenario(
        "within an item, but near none",
        LLAMA_33,
        {"aup-screening": OPEN},
        product={"aup_screening": ["harm"], "aup_items": ["none"], "aup_position": "within"},
    ),
    *(
        Scenario(
            "circumvention is no item before 3.2",
            slug,
            {"aup-item:1.h": NONE_DUE},
            product={"aup_screening": ["systems"], "aup_items": ["1.h"], **NEAR},
        )
        for slug in (LLAMA_2, LLAMA_3, LLAMA_31)
    ),
    *(
        Scenario(
            "circumvention is an item from 3.2 on",
            slug,
            {"aup-item:1.h": NEVER},
            product={"aup_screening": ["systems"], "aup_items": ["1.h"], "aup_position": "within"},
        )
        for slug in (LLAMA_32, LLAMA_33, LLAMA_4)
    ),
    *(
        Scenario(
            "unlawful tools are an item from 3.2 on",
            slug,
            {"aup-item:5": NEVER if slug in (LLAMA_32, LLAMA_4) else NONE_DUE},
            product={"aup_screening": ["unlawful-tools"], "aup_items": ["5"], "aup_position": "within"},
        )
        for slug in (LLAMA_2, LLAMA_31, LLAMA_32, LLAMA_4)
    ),
    Scenario(
        "Llama 4 prints 2.a as 3.1",
        LLAMA_4,
        {"aup-item:2.a": JUDGE},
        product={"aup_screening": ["defence"], "aup_items": ["2.a"], **NEAR},
        parameters={"aup-item:2.a.printed": "3.1"},
    ),
    Scenario(
        "terms do not pass the policy on",
        LLAMA_31,
        {"aup-others": ACT},
        product={"user_information": ["dangers-in-product"]},
        readings=("aup-others",),
    ),
    Scenario(
        "employees only, no terms",
        LLAMA_31,
        {"aup-others": JUDGE},
        product={"audience": ["employees"], "user_information": ["dangers-in-product"]},
    ),
    Scenario(
        "what users are told is unknown",
        LLAMA_31,
        {"aup-others": OPEN, "dangers": OPEN},
        product={"user_information": ["unknown"]},
    ),
    Scenario(
        "dangers not disclosed", LLAMA_2, {"dangers": ACT, "aup-others": ACT}, product={"user_information": ["none"]}
    ),
    Scenario(
        "no danger known",
        LLAMA_2,
        {"dangers": JUDGE},
        product={"user_information": ["no-known-dangers", "aup-in-terms"]},
    ),
    Scenario("countries unknown", LLAMA_2, {"law": OPEN}, product={"countries": ["unknown"]}),
]

TUNED = {
    "model_uses": ["changed"],
    "base_model": "meta-llama/Llama-3.1-8B-Instruct",
    "ancestors": ["none"],
    "change_kinds": ["fine-tuned"],
    "tuned_on": "Our own tickets",
    "derived_available": "service",
}

# --- check 3: display, Notice, marks ----------------------------------------------------------------------------
SHIPPED = {"model_uses": ["passed-on"], "recipients": ["customers"]}
ATTRIBUTION_SCENARIOS = [
    *(
        Scenario(
            "not displayed", slug, {"display": ACT}, model={"attribution_places": ["none"], "attribution_text": None}
        )
        for slug in (LLAMA_3, *LATER)
    ),
    Scenario("Llama 2 asks for no display", LLAMA_2, {"display": NONE_DUE}, model={"attribution_places": ["none"]}),
    *(
        Scenario(
            "the popular text is in no version",
            slug,
            {"display": ACT},
            model={"attribution_text": "Built with Meta Llama"},
        )
        for slug in (LLAMA_3, *LATER)
    ),
    Scenario(
        "Llama 3 is not content with Built with Llama",
        LLAMA_3,
        {"display": ACT},
        model={"attribution_text": "Built with Llama"},
    ),
    Scenario(
        "3.3 is not content with the text of 3",
        LLAMA_33,
        {"display": ACT},
        model={"attribution_text": "Built with Meta Llama 3"},
    ),
    Scenario(
        "another case is not letter for letter",
        LLAMA_33,
        {"display": ACT},
        model={"attribution_text": "built with llama"},
    ),
    Scenario(
        "quotation marks do not matter", LLAMA_33, {"display": OK}, model={"attribution_text": "“Built with Llama”"}
    ),
    Scenario(
        "both texts on lines of their own",
        LLAMA_33,
        {"display": OK},
        model={"attribution_text": "Built with Meta Llama 3\nBuilt with Llama"},
    ),
    Scenario(
        "the words among others",
        LLAMA_33,
        {"display": JUDGE},
        model={"attribution_text": "Proudly Built with Llama 3.3 and care"},
    ),
    Scenario(
        "any one of five places is enough",
        LLAMA_31,
        {"display": OK},
        model={"attribution_places": ["product-documentation"]},
    ),
    Scenario(
        "a product name is no display",
        LLAMA_31,
        {"display": ACT, "marks": JUDGE},
        model={"attribution_places": ["product-name"]},
    ),
    Scenario("places unknown", LLAMA_31, {"display": OPEN, "marks": OPEN}, model={"attribution_places": ["unknown"]}),
    Scenario("words unknown", LLAMA_31, {"display": OPEN}, model={"attribution_text": "unknown"}),
    Scenario(
        "audience unknown, not displayed",
        LLAMA_31,
        {"display": OPEN},
        product={"audience": None},
        model={"attribution_places": ["none"]},
    ),
    Scenario("audience unknown, but displayed anyway", LLAMA_31, {"display": OK}, product={"audience": None}),
    *(
        Scenario(
            "employees only, not displayed",
            slug,
            {"display": JUDGE},
            product={"audience": ["employees"]},
            model={"attribution_places": ["none"]},
            readings=("display",),
        )
        for slug in (LLAMA_3, LLAMA_31, LLAMA_4)
    ),
    Scenario(
        "group companies, not displayed",
        LLAMA_31,
        {"display": ACT},
        product={"audience": ["employees", "affiliates"]},
        model={"attribution_places": ["none"]},
        readings=("display",),
    ),
    Scenario(
        "a hosted API uses Llama 3",
        LLAMA_3,
        {"display": ACT},
        model={"route": "provider-api", "governing_terms": "Provider", "attribution_places": ["none"]},
        readings=("display",),
    ),
    *(
        Scenario(
            "whether a hosted API is contained is arguable",
            slug,
            {"display": JUDGE},
            model={"route": "provider-api", "governing_terms": "Provider", "attribution_places": ["none"]},
            readings=("display",),
        )
        for slug in LATER
    ),
    Scenario(
        "a hosted API, displayed all the same",
        LLAMA_31,
        {"display": OK},
        model={"route": "provider-api", "governing_terms": "Provider"},
    ),
    Scenario(
        "weights to customers from an internal tool",
        LLAMA_31,
        {"display": ACT},
        product={"audience": ["employees"]},
        model=SHIPPED | {"attribution_places": ["none"]},
    ),
    *(
        Scenario(
            "weights with both files",
            slug,
            {"notice": OK, "copy": OK},
            model=SHIPPED | {"distribution_files": ["agreement", "notice"], "notice_text": NOTICES[slug]},
        )
        for slug in ALL
    ),
    Scenario(
        "the Notice line of another version",
        LLAMA_32,
        {"notice": ACT},
        model=SHIPPED | {"distribution_files": ["agreement", "notice"], "notice_text": NOTICES[LLAMA_31]},
    ),
    Scenario(
        "no Notice file", LLAMA_2, {"notice": ACT, "copy": OK}, model=SHIPPED | {"distribution_files": ["agreement"]}
    ),
    Scenario(
        "customers host it themselves",
        LLAMA_31,
        {"notice": ACT, "copy": ACT},
        model={"route": "customer-hosted", "recipients": ["customers"], "distribution_files": ["none"]},
    ),
    Scenario("files unknown", LLAMA_31, {"notice": OPEN, "copy": OPEN}, model=SHIPPED),
    Scenario(
        "whether weights leave is unknown",
        LLAMA_31,
        {"notice": OPEN, "copy": OPEN, "making": OPEN, "name": OPEN},
        model={"model_uses": ["unknown"]},
    ),
    *(
        Scenario(
            f"Meta's marks in a model's name: {name}", slug, {"marks": found}, model={**TUNED, "derived_name": name}
        )
        for name, slug, found in (
            ("Meta-Llama-2-Norrbro", LLAMA_2, JUDGE),
            ("Norrbro-Llama", LLAMA_2, JUDGE),
            ("Norrbro-7B", LLAMA_2, OK),
            ("Llama-Meta-Norrbro", LLAMA_31, JUDGE),
            ("Llama-Norrbro", LLAMA_31, OK),
            ("Llama-Metal-Works", LLAMA_31, OK),
        )
    ),
    Scenario(
        "a fine-tune that a provider runs, offered to others",
        LLAMA_31,
        {"display": ACT},
        model={
            **TUNED,
            "route": "provider-api",
            "governing_terms": "Theirs",
            "attribution_places": ["none"],
            "derived_name": "Llama-x",
        },
        plain_words=("display",),
    ),
    Scenario(
        "a service of their own for employees of nobody else",
        LLAMA_31,
        {"display": ACT},
        product={"audience": ["employees"]},
        model={**TUNED, "attribution_places": ["none"], "derived_name": "Llama-x"},
        plain_words=("display",),
    ),
    Scenario(
        "weights go out, and nobody knows where they came from",
        LLAMA_31,
        {"display": ACT},
        model={"route": "unknown", "model_uses": ["passed-on"], "attribution_places": ["none"]},
    ),
    Scenario(
        "to use is to use, wherever it runs",
        LLAMA_3,
        {"display": ACT},
        model={"route": "unknown", "attribution_places": ["none"]},
    ),
    Scenario(
        "to contain depends on where it runs",
        LLAMA_31,
        {"display": OPEN},
        model={"route": "unknown", "attribution_places": ["none"]},
    ),
    Scenario("the mark in marketing", LLAMA_2, {"marks": JUDGE}, model={"attribution_places": ["marketing"]}),
    Scenario(
        "the mark in marketing, permitted",
        LLAMA_31,
        {"marks": OK, "display": OK},
        {"permissions": (Permission("marks", "brand letter"),)},
        model={"attribution_places": ["marketing", "website"]},
    ),
]

# --- check 4: derivatives ---------------------------------------------------------------------------------------
LEARNT = {
    "model_uses": ["outputs"],
    "output_uses": ["other-llm"],
    "output_model_available": "service",
    "output_model_name": "Norrbro-Mistral-7B",
}
DERIVATIVE_SCENARIOS = [
    Scenario(
        "a fine-tune that begins with Llama",
        LLAMA_31,
        {"making": OK, "ancestors": OK, "name": OK},
        model=TUNED | {"derived_name": "Llama-Norrbro-Support"},
    ),
    Scenario(
        "contains is not begins", LLAMA_31, {"name": ACT}, model=TUNED | {"derived_name": "Hermes-3-Llama-3.1-8B"}
    ),
    Scenario(
        "an owner before the slash does not count",
        LLAMA_31,
        {"name": OK},
        model=TUNED | {"derived_name": "norrbro/Llama-Support-8B"},
    ),
    Scenario(
        "Meta- in front is not Llama", LLAMA_32, {"name": ACT}, model=TUNED | {"derived_name": "Meta-Llama-3.2-3B-ONNX"}
    ),
    Scenario(
        "a word that goes on",
        LLAMA_31,
        {"name": JUDGE},
        model=TUNED | {"derived_name": "Llamazing-8B"},
        readings=("name",),
    ),
    Scenario(
        "Llama 3 wants the number too", LLAMA_3, {"name": ACT}, model=TUNED | {"derived_name": "Llama-Norrbro-8B"}
    ),
    Scenario(
        "Llama 3 with the number",
        LLAMA_3,
        {"name": OK},
        model=TUNED | {"derived_name": "Llama-3-Norrbro-8B"},
        parameters={"name.prefix": "Llama 3"},
    ),
    Scenario(
        "Meta-Llama-3 does not begin with Llama 3",
        LLAMA_3,
        {"name": ACT},
        model=TUNED | {"derived_name": "Meta-Llama-3-8B-Norrbro"},
    ),
    Scenario(
        "3.1 in the name of a Llama 3 model",
        LLAMA_3,
        {"name": JUDGE},
        model=TUNED | {"derived_name": "Llama-3.1-Norrbro"},
    ),
    Scenario("Llama 2 has no name rule", LLAMA_2, {"name": NONE_DUE}, model=TUNED | {"derived_name": "Norrbro-13B"}),
    Scenario(
        "kept inside, used inside",
        LLAMA_31,
        {"name": NONE_DUE},
        product={"audience": ["employees"]},
        model=TUNED | {"derived_available": "no", "derived_name": "norrbro"},
    ),
    Scenario(
        "kept inside, product outside",
        LLAMA_31,
        {"name": JUDGE},
        model=TUNED | {"derived_available": "no", "derived_name": "norrbro"},
        readings=("name",),
    ),
    Scenario("name unknown", LLAMA_31, {"name": OPEN}, model=TUNED | {"derived_name": "unknown"}),
    Scenario(
        "availability unknown", LLAMA_31, {"name": OPEN, "notice": OPEN}, model=TUNED | {"derived_available": None}
    ),
    Scenario(
        "quantised only",
        LLAMA_31,
        {"name": JUDGE},
        model=TUNED | {"change_kinds": ["quantised"], "derived_name": "norrbro-q4"},
        readings=("name",),
    ),
    Scenario(
        "another version behind it",
        LLAMA_33,
        {"ancestors": JUDGE},
        model=TUNED | {"ancestors": ["llama-3"], "derived_name": "Llama-3-x"},
        parameters={"ancestors.ancestors": "llama-3"},
    ),
    Scenario(
        "a redistributor's copy, base unknown",
        LLAMA_33,
        {"ancestors": OPEN},
        model={"route": "redistributor", "governing_terms": "MIT tag"},
    ),
    Scenario(
        "weights without a copy",
        LLAMA_31,
        {"copy": ACT},
        model=SHIPPED | {"distribution_files": ["notice"], "notice_text": NOTICES[LLAMA_31]},
    ),
    Scenario(
        "Llama 2 speaks of a third party",
        LLAMA_2,
        {"copy": JUDGE},
        model=SHIPPED | {"recipients": ["affiliates"], "distribution_files": ["none"]},
        readings=("copy",),
    ),
    Scenario(
        "Llama 3 names no kind of recipient",
        LLAMA_3,
        {"copy": ACT},
        model=SHIPPED | {"recipients": ["affiliates"], "distribution_files": ["none"]},
    ),
    *(
        Scenario("outputs improve another LLM", slug, {"improvement": NEVER}, model=LEARNT)
        for slug in (LLAMA_2, LLAMA_3)
    ),
    *(
        Scenario(
            "outputs improve another LLM, wrongly named",
            slug,
            {"improvement": NONE_DUE, "output-name": ACT},
            model=LEARNT,
        )
        for slug in LATER
    ),
    *(
        Scenario(
            "outputs improve another LLM, rightly named",
            slug,
            {"improvement": NONE_DUE, "output-name": OK},
            model=LEARNT | {"output_model_name": "Llama-Norrbro-Mistral"},
        )
        for slug in LATER
    ),
    Scenario(
        "Llama 3's name duty does not speak of outputs",
        LLAMA_3,
        {"output-name": NONE_DUE},
        model=LEARNT | {"output_uses": ["same-version"]},
    ),
    Scenario(
        "outputs improve the same version",
        LLAMA_3,
        {"improvement": OK},
        model=LEARNT | {"output_uses": ["same-version"]},
        parameters={"improvement.excluded": "Meta Llama 3"},
    ),
    Scenario(
        "Llama 2's ban excludes Llama 2",
        LLAMA_2,
        {"improvement": OK},
        model=LEARNT | {"output_uses": ["same-version"]},
        parameters={"improvement.excluded": "Llama 2"},
    ),
    Scenario(
        "outputs improve a classifier",
        LLAMA_3,
        {"improvement": JUDGE},
        model=LEARNT | {"output_uses": ["other-ai"]},
        readings=("improvement",),
    ),
    Scenario(
        "outputs are only measured",
        LLAMA_3,
        {"improvement": OK},
        model={"model_uses": ["outputs"], "output_uses": ["no-model"]},
    ),
    Scenario(
        "outputs are only measured, later",
        LLAMA_31,
        {"output-name": NONE_DUE},
        model={"model_uses": ["outputs"], "output_uses": ["no-model"]},
    ),
    Scenario("what outputs are for is unknown", LLAMA_3, {"improvement": OPEN}, model={"model_uses": ["outputs"]}),
    Scenario(
        "what outputs are for is unknown, later", LLAMA_31, {"output-name": OPEN}, model={"model_uses": ["outputs"]}
    ),
    Scenario(
        "the student stays inside", LLAMA_31, {"output-name": NONE_DUE}, model=LEARNT | {"output_model_available": "no"}
    ),
    Scenario(
        "a merge may improve another model",
        LLAMA_3,
        {"improvement": JUDGE},
        model=TUNED | {"change_kinds": ["merged"], "derived_name": "Llama-3-x"},
    ),
    Scenario(
        "the ban, permitted",
        LLAMA_3,
        {"improvement": OK},
        {"permissions": (Permission("improvement", "letter"),)},
        model=LEARNT,
    ),
]

# --- check 5: licensee and version terms ------------------------------------------------------------------------
VISION = {"model_id": "meta-llama/Llama-3.2-11B-Vision-Instruct"}
LICENSEE_SCENARIOS = [
    *(
        Scenario(
            "Llama 4 is closed to a company in the EU", LLAMA_4, {"eu-multimodal": NEVER}, {"principal_place": place}
        )
        for place in ("NL", "DE", "IE")
    ),
    *(
        Scenario("outside the European Union", LLAMA_4, {"eu-multimodal": OK}, {"principal_place": place})
        for place in ("NO", "CH", "IS", "LI", "GB", "US")
    ),
    Scenario("3.2 11B is caught", LLAMA_32, {"eu-multimodal": NEVER}, {"principal_place": "NL"}, model=VISION),
    Scenario(
        "3.2 90B is caught",
        LLAMA_32,
        {"eu-multimodal": NEVER},
        {"principal_place": "NL"},
        model={"model_id": "meta-llama/Llama-3.2-90B-Vision"},
    ),
    Scenario(
        "a Bedrock id without the word vision is caught",
        LLAMA_32,
        {"eu-multimodal": JUDGE},
        {"principal_place": "NL"},
        model={"model_id": "eu.meta.llama3-2-11b-instruct-v1:0", "route": "provider-api", "governing_terms": "Bedrock"},
        readings=("eu-multimodal",),
    ),
    Scenario("3.2 3B is not caught", LLAMA_32, {"eu-multimodal": NONE_DUE}, {"principal_place": "NL"}),
    Scenario(
        "3.2 1B is not caught",
        LLAMA_32,
        {"eu-multimodal": NONE_DUE},
        {"principal_place": "NL"},
        model={"model_id": "meta-llama/Llama-3.2-1B"},
    ),
    Scenario(
        "the guard with eyes is caught",
        LLAMA_32,
        {"eu-multimodal": NEVER},
        {"principal_place": "FR"},
        model={"model_id": "meta-llama/Llama-Guard-3-11B-Vision"},
    ),
    Scenario(
        "3.3 lists no multimodal model",
        LLAMA_33,
        {"eu-multimodal": NONE_DUE},
        {"principal_place": "NL"},
        parameters={"eu-multimodal.as_of": "2025-07-15"},
    ),
    *(
        Scenario(
            "earlier policies have no such paragraph", slug, {"eu-multimodal": NONE_DUE}, {"principal_place": "NL"}
        )
        for slug in (LLAMA_2, LLAMA_3, LLAMA_31)
    ),
    Scenario(
        "an unknown place", LLAMA_4, {"eu-multimodal": OPEN, "counterparty": OPEN}, {"principal_place": "unknown"}
    ),
    Scenario(
        "an unknown place with a text model", LLAMA_32, {"eu-multimodal": NONE_DUE}, {"principal_place": "unknown"}
    ),
    Scenario(
        "an unclear 3.2 id",
        LLAMA_32,
        {"eu-multimodal": OPEN},
        {"principal_place": "NL"},
        model={"model_id": "our-llama-3.2"},
    ),
    Scenario(
        "an unclear 3.2 id, declared as text",
        LLAMA_32,
        {"eu-multimodal": NONE_DUE},
        {"principal_place": "NL"},
        model={"model_id": "our-llama-3.2", "multimodal": "no"},
    ),
    Scenario(
        "a fine-tune of the 11B",
        LLAMA_32,
        {"eu-multimodal": NEVER},
        {"principal_place": "NL"},
        model=TUNED
        | {"model_id": "norrbro/eyes", "base_model": "meta-llama/Llama-3.2-11B-Vision", "derived_name": "Llama-eyes"},
    ),
    Scenario(
        "the sheet contradicts the catalogue",
        LLAMA_4,
        {"eu-multimodal": JUDGE},
        {"principal_place": "NL"},
        model={"multimodal": "no"},
    ),
    Scenario(
        "Prompt Guard 2 is no multimodal model",
        LLAMA_4,
        {"eu-multimodal": NONE_DUE},
        {"principal_place": "NL"},
        model={"model_id": "meta-llama/Llama-Prompt-Guard-2-86M"},
    ),
    Scenario(
        "a public body in the EU",
        LLAMA_4,
        {"eu-multimodal": JUDGE},
        {"principal_place": "NL", "kind": "public-body"},
        readings=("eu-multimodal",),
    ),
    Scenario(
        "a university in the EU",
        LLAMA_4,
        {"eu-multimodal": JUDGE},
        {"principal_place": "NL", "kind": "other"},
        readings=("eu-multimodal",),
    ),
    *(
        Scenario(
            "an individual domiciled in the EU",
            slug,
            {"eu-multimodal": NEVER, "counterparty": OK},
            {"principal_place": "NL", "kind": "individual"},
            model={"model_id": model},
            parameters={"eu-multimodal.in_eu": "yes", "counterparty.company": "Meta Platforms Ireland Limited"},
        )
        for slug, model in ((LLAMA_32, "meta-llama/Llama-3.2-11B-Vision-Instruct"), (LLAMA_4, MODELS[LLAMA_4]))
    ),
    Scenario(
        "an individual domiciled in Norway",
        LLAMA_4,
        {"eu-multimodal": OK, "counterparty": OK},
        {"principal_place": "NO", "kind": "individual"},
    ),
    Scenario(
        "an individual whose domicile nobody knows",
        LLAMA_4,
        {"eu-multimodal": OPEN, "counterparty": OPEN},
        {"principal_place": "unknown", "kind": "individual"},
    ),
    Scenario(
        "a territory of a member state",
        LLAMA_4,
        {"eu-multimodal": JUDGE, "counterparty": JUDGE},
        {"principal_place": "GL"},
    ),
    Scenario(
        "an EU buyer of a finished product",
        LLAMA_4,
        {"eu-multimodal": JUDGE},
        {"principal_place": "NL"},
        model={"route": "embedded", "governing_terms": "Vendor"},
        readings=("eu-multimodal",),
    ),
    Scenario(
        "an EU company with Meta's grant",
        LLAMA_4,
        {"eu-multimodal": OK},
        {"principal_place": "NL", "permissions": (Permission("eu-multimodal", "letter"),)},
    ),
    *(
        Scenario(
            "contracts with Ireland",
            slug,
            {"counterparty": OK},
            {"principal_place": place},
            parameters={"counterparty.company": "Meta Platforms Ireland Limited"},
        )
        for slug, place in (*((slug, "NL") for slug in ALL), (LLAMA_31, "NO"), (LLAMA_31, "CH"), (LLAMA_31, "IS"))
    ),
    *(
        Scenario(
            "contracts with Inc.",
            LLAMA_31,
            {"counterparty": OK},
            {"principal_place": place},
            parameters={"counterparty.company": "Meta Platforms, Inc."},
        )
        for place in ("US", "GB", "JP")
    ),
    Scenario("acceptance not evidenced", LLAMA_31, {"acceptance": ACT}, {"acceptance": "not-evidenced"}),
    *(
        Scenario(
            f"accepting is nothing to do while {clause} withholds the rights",
            LLAMA_4,
            {"acceptance": JUDGE, finding: NEVER},
            {"acceptance": "not-evidenced"} | entity,
        )
        for clause, finding, entity in (
            ("the EU paragraph", "eu-multimodal", {"principal_place": "NL"}),
            ("section 2", "mau", {"mau": 700_000_001}),
        )
    ),
    Scenario(
        "accepting is to do where Meta granted what the EU paragraph withholds",
        LLAMA_4,
        {"acceptance": ACT, "eu-multimodal": OK},
        {
            "acceptance": "not-evidenced",
            "principal_place": "NL",
            "permissions": (Permission("eu-multimodal", "letter"),),
        },
    ),
    Scenario("acceptance unknown", LLAMA_31, {"acceptance": OPEN}, {"acceptance": "unknown"}),
    Scenario(
        "a provider's API without acceptance",
        LLAMA_31,
        {"acceptance": JUDGE},
        {"acceptance": "not-evidenced"},
        model={"route": "provider-api", "governing_terms": "Provider"},
    ),
    Scenario(
        "an accepted text that nobody knows", LLAMA_31, {"acceptance": JUDGE}, {"accepted_agreement_sha256": "0" * 64}
    ),
    Scenario("accepted, no text recorded", LLAMA_31, {"acceptance": JUDGE}, {"accepted_agreement_sha256": ""}),
    Scenario("the agreement brings its policy along", LLAMA_31, {"acceptance": OK}, {"accepted_aup_sha256": ""}),
    Scenario(
        "an accepted policy that nobody knows", LLAMA_31, {"acceptance": JUDGE}, {"accepted_aup_sha256": "0" * 64}
    ),
    Scenario(
        "Llama 2's text of the release day has other words",
        LLAMA_2,
        {"acceptance": JUDGE},
        {"accepted_agreement_sha256": "8c17c2ebb0ea011be9981cc3922db8ca8fa61e828c5d3f44cb6ae342bf80460b"},
    ),
    Scenario(
        "Llama 2's other copy has the same words",
        LLAMA_2,
        {"acceptance": OK},
        {"accepted_agreement_sha256": "f28d05612fee8ef09283d4e755c468080b13d1cd92c9ae1aa52c84b075799e23"},
    ),
    *(
        Scenario(
            "a claim against anybody ends the licences",
            slug,
            {"litigation": NEVER, "termination": ACT},
            {"litigation": "yes"},
        )
        for slug in (LLAMA_2, LLAMA_31, LLAMA_4)
    ),
    Scenario("proceedings unknown", LLAMA_4, {"litigation": OPEN}, {"litigation": "unknown"}),
    Scenario("version not settled", LLAMA_31, {"version": OPEN}, model={"version": "unknown"}),
    Scenario("model not known", LLAMA_31, {"version": OPEN}, model={"model_id": None}),
    Scenario("another version on the sheet", LLAMA_33, {"version": JUDGE}, model={"version": "llama-3.1"}),
    # A name never decides, and is never passed over.
    *(
        Scenario(f"the name “{name}” speaks against the version", slug, {"version": JUDGE}, model={"model_id": name})
        for name, slug in (
            ("Qwen/Qwen2.5-7B", LLAMA_31),
            ("meta-llama/Llama-3.1-8B-Instruct", LLAMA_3),
            ("llama3.2:8b", LLAMA_32),
            ("llama-3.1-13b", LLAMA_31),
            ("meta/llama3-405b-instruct-maas", LLAMA_3),
        )
    ),
    *(
        Scenario(f"the name “{name}” says nothing against it", slug, {"version": OK}, model={"model_id": name})
        for name, slug in (
            ("norrbro/answers-7", LLAMA_31),
            ("meta/llama3-405b-instruct-maas", LLAMA_31),
            ("meta-llama/Llama-3.1-8B-Instruct", LLAMA_31),
        )
    ),
    Scenario(
        "the base model is of another version than the sheet declares",
        LLAMA_31,
        {"ancestors": JUDGE, "version": OK},
        model={**TUNED, "model_id": "norrbro/x", "base_model": "meta-llama/Meta-Llama-3-8B", "derived_name": "Llama-x"},
    ),
    Scenario(
        "the base model's version is declared behind the model",
        LLAMA_31,
        {"ancestors": JUDGE, "version": OK},
        model={
            **TUNED,
            "model_id": "norrbro/x",
            "base_model": "meta-llama/Meta-Llama-3-8B",
            "ancestors": ["llama-3"],
            "ancestor_roles": ["weights"],
            "derived_name": "Llama-x",
        },
        parameters={"ancestors.ancestors": "llama-3"},
    ),
]

SCENARIOS: list[Scenario] = [
    *PLAIN_SCENARIOS,
    *MAU_SCENARIOS,
    *USE_SCENARIOS,
    *ATTRIBUTION_SCENARIOS,
    *DERIVATIVE_SCENARIOS,
    *LICENSEE_SCENARIOS,
]
