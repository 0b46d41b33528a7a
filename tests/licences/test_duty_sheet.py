"""The duty sheet: what six facts call for under each version, with the words to copy. Expected by reading the texts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags

from licences.duty_sheet import DutySheet, duty_sheet
from licences.facts import EntityFacts, Facts
from licences.models import LlamaVersion
from licences.terms import load_catalogue
from tests.cast import make_person
from tests.licences.scenarios import ALL, DISPLAYS, LATER, LLAMA_2, LLAMA_3, LLAMA_4, LLAMA_31, LLAMA_32, NOTICES

TERMS = {terms.slug: terms for terms in load_catalogue()}


def sheet_of(slug: str, *, place: str = "US", **facts: Any) -> DutySheet:
    """A sheet from some of the six facts; what is not given is not known."""
    product: dict[str, Any] = {key: facts[key] for key in ("audience", "aup_screening") if key in facts}
    model = {"version": slug} | {key: facts[key] for key in ("route", "model_uses") if key in facts}
    return duty_sheet(Facts(EntityFacts("", principal_place=place), product, model), TERMS[slug], with_progress=False)


def applies(sheet: DutySheet) -> dict[str, str]:
    return {one.key: one.applies for one in sheet.duties}


PUBLIC: dict[str, Any] = {"audience": ["public"], "route": "meta-download"}
ALWAYS = {
    "acceptance", "counterparty", "mau", "governing-law", "risk-terms", "aup-screening", "dangers", "reporting", "law",
    "marks", "litigation", "termination",
}  # fmt: skip


@pytest.mark.parametrize("slug", ALL)
def test_what_is_always_asked_is_asked_of_everybody(slug: str) -> None:
    found = applies(sheet_of(slug))
    assert {key for key in ALWAYS if found[key] == "yes"} == ALWAYS


@pytest.mark.parametrize(
    ("slug", "facts", "expected"),
    [
        # A service on Meta's own weights: displayed from Llama 3 on, nothing to put into copies.
        (LLAMA_2, {**PUBLIC, "model_uses": ["none"]}, {"display": "no", "notice": "no", "name": "no"}),
        (LLAMA_3, {**PUBLIC, "model_uses": ["none"]}, {"display": "yes", "notice": "no", "improvement": "yes"}),
        (LLAMA_31, {**PUBLIC, "model_uses": ["none"]}, {"display": "yes", "copy": "no", "improvement": "no"}),
        # For employees alone the display is a lawyer's to judge.
        (LLAMA_31, {"audience": ["employees"], "route": "meta-download", "model_uses": ["none"]}, {"display": "judge"}),
        # A provider's API: Llama 3 says uses, later versions contains.
        (LLAMA_3, {"audience": ["public"], "route": "provider-api", "model_uses": ["none"]}, {"display": "yes"}),
        (LLAMA_31, {"audience": ["public"], "route": "provider-api", "model_uses": ["none"]}, {"display": "judge"}),
        # Weights passed on bring copy and Notice, Llama 2 included.
        (LLAMA_2, {**PUBLIC, "model_uses": ["passed-on"]}, {"copy": "yes", "notice": "yes", "display": "no"}),
        (LLAMA_4, {**PUBLIC, "model_uses": ["passed-on"]}, {"copy": "yes", "notice": "yes", "display": "yes"}),
        # A changed model: its name counts once others get it, which six facts do not say.
        (LLAMA_31, {**PUBLIC, "model_uses": ["changed"]}, {"name": "depends", "output-name": "no"}),
        (LLAMA_3, {**PUBLIC, "model_uses": ["outputs"]}, {"output-name": "no", "improvement": "depends"}),
        (LLAMA_31, {**PUBLIC, "model_uses": ["outputs"]}, {"output-name": "depends", "improvement": "no"}),
        # Nothing known: nothing is promised.
        (LLAMA_31, {}, {"display": "depends", "notice": "depends", "copy": "depends", "name": "depends"}),
    ],
)
def test_a_duty_applies_as_the_text_says(slug: str, facts: dict[str, Any], expected: dict[str, str]) -> None:
    found = applies(sheet_of(slug, **facts))
    assert {key: found[key] for key in expected} == expected


@pytest.mark.parametrize(
    ("slug", "place", "expected"),
    [
        (LLAMA_31, "NL", "no"),
        (LLAMA_4, "NL", "barred"),
        (LLAMA_4, "US", "yes"),
        (LLAMA_4, "NO", "yes"),
        (LLAMA_4, "unknown", "depends"),
        (LLAMA_32, "NL", "depends"),  # 11B and 90B are caught, 1B and 3B are not
    ],
)
def test_the_eu_paragraph_reaches_whom_it_reaches(slug: str, place: str, expected: str) -> None:
    assert applies(sheet_of(slug, place=place, **PUBLIC, model_uses=["none"]))["eu-multimodal"] == expected


@pytest.mark.parametrize("slug", ALL)
def test_the_words_to_copy_are_those_of_the_version(slug: str) -> None:
    exact = {one.key: one.exact.words for one in sheet_of(slug).duties if one.exact}
    assert exact["notice"] == NOTICES[slug]
    assert exact.get("display", "") == DISPLAYS[slug]
    prefix = {LLAMA_2: None, LLAMA_3: "Llama 3"}.get(slug, "Llama")
    assert exact.get("name") == exact.get("output-name") == prefix


@pytest.mark.parametrize("slug", ALL)
def test_every_line_cites_a_clause_of_its_version_and_says_what_to_do(slug: str) -> None:
    known = {clause for one in TERMS[slug].obligations for clause in one.clauses}
    for duty in sheet_of(slug, **PUBLIC, model_uses=["changed", "outputs", "passed-on"]).duties:
        assert duty.clauses
        assert set(duty.clauses) <= known, duty.key
        assert duty.do.endswith(".")


def test_no_duty_of_the_catalogue_is_left_out() -> None:
    """Kinds that ask for something; the others tell what is granted, by whom, and what is disclaimed."""
    asks = {
        "acceptance", "mau", "copy", "notice", "display", "name-prefix", "improvement-ban", "law", "acceptable-use",
        "dangers", "eu-multimodal", "marks", "litigation", "termination", "reporting", "counterparty", "governing-law",
        "warranty", "liability", "indemnity",
    }  # fmt: skip
    tells = {
        "grant", "materials", "mau-exception", "ownership",
    }  # fmt: skip
    assert {one.kind for terms in TERMS.values() for one in terms.obligations} == asks | tells
    cited = {clause for slug in ALL for one in sheet_of(slug).duties for clause in one.clauses}
    for terms in TERMS.values():
        for one in terms.obligations:
            assert one.kind in tells or set(one.clauses) & cited, one.kind


def test_the_items_that_a_field_of_work_touches_are_named() -> None:
    sheet = sheet_of(LLAMA_31, **PUBLIC, model_uses=["none"], aup_screening=["health"])
    assert {"1.d", "1.e"} <= {item.id for item in sheet.items}
    assert not sheet_of(LLAMA_31, **PUBLIC, model_uses=["none"], aup_screening=["none"]).items


# --- pages and files ------------------------------------------------------------------------------------------
@pytest.fixture
def nora(catalogue: list[LlamaVersion], client: Client) -> Client:
    client.force_login(make_person("Nora New"))
    return client


def test_six_facts_in_the_address_open_the_same_sheet(nora: Client) -> None:
    query = "version=llama-3.1&audience=public&route=meta-download&model_uses=none&place=US&aup_screening=none"
    page = nora.get(f"/licences/duties/?{query}").content.decode()
    words = " ".join(strip_tags(page).split())
    assert "What Llama 3.1 would ask of you" in words
    assert ">Built with Llama</code>" in page
    assert 'href="/licences/llama-3.1/#agreement-1.b.i"' in page
    assert re.search(r'value="public"[^>]*checked', page)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        # The facts are about the product: whoever gets its weights, or the product, gets the changed model.
        ("audience=public&model_uses=changed", {"name": "yes", "display": "yes"}),
        ("model_uses=changed&model_uses=passed-on", {"name": "yes", "display": "yes", "copy": "yes"}),
        ("audience=employees&model_uses=changed", {"name": "no"}),
        ("model_uses=changed", {"name": "depends"}),
        # Due wherever the model comes from.
        ("audience=public&model_uses=passed-on&route=", {"display": "yes", "notice": "yes"}),
    ],
)
def test_what_six_facts_settle_does_not_depend(nora: Client, facts: str, expected: dict[str, str]) -> None:
    route = "" if "route=" in facts else "&route=meta-download"
    sheet = nora.get(f"/licences/duties/?version=llama-3.1&{facts}{route}").context["sheet"]
    assert {key: applies(sheet)[key] for key in expected} == expected


def test_what_bars_the_use_stands_first() -> None:
    sheet = sheet_of(LLAMA_4, place="NL", **PUBLIC, model_uses=["none"])
    assert sheet.at("before")[0].key == "eu-multimodal"


def test_none_of_these_goes_with_no_other_answer(nora: Client) -> None:
    page = nora.get("/licences/duties/?version=llama-3.1&aup_screening=none&aup_screening=health")
    assert "goes with no other answer" in page.content.decode()


def test_without_facts_the_page_asks_for_them(nora: Client) -> None:
    assert "Say what you plan" in nora.get("/licences/duties/").content.decode()


@pytest.mark.parametrize("query", ["version=", "version=llama-99", "version=llama-3.1&audience=martians&place=XX"])
def test_what_makes_no_sense_is_refused_beside_the_field(nora: Client, query: str) -> None:
    answer = nora.get(f"/licences/duties/?{query}")
    assert answer.status_code == 422
    assert "data-error-summary" in answer.content.decode()


@pytest.mark.parametrize("slug", ALL)
def test_the_notice_file_is_the_line_and_nothing_else(nora: Client, slug: str) -> None:
    answer = nora.get(f"/licences/{slug}/notice/")
    assert answer.content.decode() == NOTICES[slug] + "\n"
    assert answer["Content-Disposition"] == 'attachment; filename="Notice"'


def test_the_piece_of_html_holds_the_display(nora: Client) -> None:
    for slug in (LLAMA_3, *LATER):
        assert nora.get(f"/licences/{slug}/attribution/").content.decode() == f"<p>{DISPLAYS[slug]}</p>\n"
    assert nora.get(f"/licences/{LLAMA_2}/attribution/").status_code == 404


# What summaries claim and the texts do not say (licence-facts.md section 5), beside the duty concerned.
CLAIMS = {
    "display": "products must show “Built with Meta Llama”",
    "copy": "derivatives must carry the Llama licence or a compatible one",
    "mau": "a licence is needed once a product reaches 700,000,000 users",
    "aup-screening": "the policy forbids competitive intelligence",
    "notice": "changed files must be marked",
    "termination": "a breach ends the agreement by itself",
    "acceptance": "having access to the weights shows that this version was accepted",
    "governing-terms": "a tag such as MIT or Apache 2.0 on a copy replaces Meta's agreement",
}


@pytest.mark.parametrize("slug", ALL)
def test_what_summaries_claim_stands_beside_the_duty_concerned(slug: str) -> None:
    facts: dict[str, Any] = {"audience": ["public"], "route": "redistributor", "model_uses": ["changed", "passed-on"]}
    claims = {one.key: one.popular_claim for one in sheet_of(slug, **facts).duties}
    expected = CLAIMS | ({"display": "every product must show “Built with Meta Llama”"} if slug == LLAMA_2 else {})
    for key, words in expected.items():
        assert words in claims[key], key
    assert ("may not" in claims["improvement"]) is True
    assert ("cannot be used in the EU" in claims["eu-multimodal"]) == (slug in {LLAMA_32, "llama-3.3", LLAMA_4})


def test_the_page_shows_claims_and_why_also_of_what_does_not_apply(nora: Client) -> None:
    page = nora.get("/licences/duties/?version=llama-2&audience=public&route=meta-download&model_uses=none").content
    idle = page.decode().split("do not call for")[1]
    assert "Llama 2 to 4 have no such text" in idle
    assert 'href="/licences/llama-2/#agreement-1.b.i"' in idle
    assert "Popular claim, against the text." in page.decode()
    assert "Why?" in page.decode()


def test_a_printed_sheet_says_which_facts_and_which_day_it_rests_on(nora: Client) -> None:
    query = "version=llama-3.1&audience=public&audience=customers&route=provider-api&place=NO&aup_screening=research"
    page = nora.get(f"/licences/duties/?{query}").content.decode()
    said = " ".join(strip_tags(page.split("print-only")[1].split("</dl>")[0].replace("<", " <")).split())
    for words in (
        "Llama 3.1",
        "Customers or partners, Anyone: the public",
        "A provider’s API",
        "Norway",
        "Research: med",
    ):
        assert words in said
    assert "Do you do any of these with it? Not known yet" in said
    assert "Llama 3.1, as of" in page


def test_the_items_that_must_be_answered_are_listed_once(nora: Client) -> None:
    page = nora.get("/licences/duties/?version=llama-4&aup_screening=defence").content.decode()
    assert page.count("Military, warfare, nuclear and espionage uses") == 1
    assert "must be answered in words" in page


def test_the_notice_file_of_a_merge_has_a_line_for_each_version(nora: Client) -> None:
    answer = nora.get("/licences/llama-3.1/notice/?with=llama-2&with=llama-3.1")
    assert answer.content.decode() == f"{NOTICES[LLAMA_31]}\n{NOTICES[LLAMA_2]}\n"
    assert nora.get("/licences/llama-3.1/notice/?with=llama-99").status_code == 404
