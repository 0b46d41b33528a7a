"""The catalogue: what it says, what it refuses, and how it stands to the official texts."""

from __future__ import annotations

import hashlib
import json
import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from licences.aup_subjects import DISCLOSURE, GROUPS, SECTORS
from licences.clauses import Kind, split
from licences.normalise import normalise
from licences.said_values import values_missing
from licences.terms import (
    CATALOGUE,
    CatalogueError,
    NamePrefix,
    document_of,
    load_catalogue,
    load_terms,
    terms_from_mapping,
)
from tests.licences.scenarios import ALL, DIGESTS, DISPLAYS, MONTHS, NOTICES

TERMS = {terms.slug: terms for terms in load_catalogue()}


# --- what it says -----------------------------------------------------------------------------------------------


def test_the_six_versions_come_oldest_first() -> None:
    assert tuple(TERMS) == ALL


@pytest.mark.parametrize("slug", ALL)
def test_each_version_has_its_own_values(slug: str) -> None:
    terms = TERMS[slug]
    assert terms.mau_threshold == 700_000_000
    assert terms.mau_month == MONTHS[slug]
    assert terms.mau_month_is_reading == (slug == "llama-4")
    assert terms.date_kind == ("effective" if slug == "llama-4" else "release")
    assert (terms.display.text if terms.display else "") == DISPLAYS[slug]
    assert terms.notice == NOTICES[slug]
    assert (terms.improvement_ban is not None) == (slug in {"llama-2", "llama-3"})
    assert (terms.eu_multimodal is not None) == (slug in {"llama-3.2", "llama-3.3", "llama-4"})
    assert tuple(terms.text(kind).sha256[:16] for kind in ("agreement", "aup")) == DIGESTS[slug]


def test_the_dates_are_those_of_the_headers() -> None:
    assert {slug: terms.date for slug, terms in TERMS.items()} == {
        "llama-2": "2023-07-18",
        "llama-3": "2024-04-18",
        "llama-3.1": "2024-07-23",
        "llama-3.2": "2024-09-25",
        "llama-3.3": "2024-12-06",
        "llama-4": "2025-04-05",
    }


@pytest.mark.parametrize("slug", ALL)
def test_the_month_tested_is_the_one_before_the_date(slug: str) -> None:
    year, month = map(int, TERMS[slug].date.split("-")[:2])
    before = (year, month - 1) if month > 1 else (year - 1, 12)
    assert TERMS[slug].mau_month == f"{before[0]}-{before[1]:02}"


def test_the_policy_has_29_items_and_31_from_3_2_on() -> None:
    assert [len(terms.aup_items) for terms in TERMS.values()] == [29, 29, 29, 31, 31, 31]


def test_printed_labels_are_kept_beside_the_position() -> None:
    printed = {slug: (TERMS[slug].item("2.a") or pytest.fail()).printed_label for slug in ALL}
    assert printed == {
        "llama-2": "2.1",
        "llama-3": "2.1",
        "llama-3.1": "",
        "llama-3.2": "2.8",
        "llama-3.3": "2.1",
        "llama-4": "3.1",
    }


@pytest.mark.parametrize("slug", ALL)
def test_every_subject_and_field_of_work_leads_to_an_item(slug: str) -> None:
    items = TERMS[slug].aup_items
    groups = {item.group for item in items} - {DISCLOSURE}
    later = slug in {"llama-3.2", "llama-3.3", "llama-4"}
    assert groups == set(GROUPS) - (set() if later else {"unlawful-tools"})
    assert {sector for item in items for sector in item.sectors} == set(SECTORS)


@pytest.mark.parametrize(
    ("slug", "model_id", "expected"),
    [
        ("llama-3.2", "meta-llama/Llama-3.2-11B-Vision-Instruct", "yes"),
        ("llama-3.2", "us.meta.llama3-2-90b-instruct-v1:0", "yes"),
        ("llama-3.2", "llama3.2-vision:latest", "yes"),
        ("llama-3.2", "meta-llama/Llama-Guard-3-11B-Vision", "yes"),
        ("llama-3.2", "meta-llama/Llama-3.2-3B-Instruct-QLORA_INT4_EO8", "no"),
        ("llama-3.2", "llama3.2:1b", "no"),
        ("llama-3.2", "our-own-name", "unknown"),
        ("llama-3.3", "meta-llama/Llama-3.3-70B-Instruct", "no"),
        ("llama-4", "meta-llama/Llama-4-Maverick-17B-128E", "yes"),
        ("llama-4", "our-own-name", "yes"),
        ("llama-4", "meta-llama/Llama-Guard-4-12B", "yes"),
        ("llama-4", "meta-llama/Llama-Prompt-Guard-2-22M", "no"),
        ("llama-2", "meta-llama/Llama-2-7b", "no"),
    ],
)
def test_multimodal_is_told_from_the_model(slug: str, model_id: str, expected: str) -> None:
    assert TERMS[slug].multimodality_of(model_id) == expected


@pytest.mark.parametrize(
    ("prefix", "name", "expected"),
    [
        ("Llama", "Llama-Norrbro", "yes"),
        ("Llama", "norrbro/llama_norrbro", "yes"),
        ("Llama", "LlamaGuard-7b", "yes"),
        ("Llama", "Llama-3_3-Nemotron-Super-49B-v1", "yes"),
        ("Llama", "Llamazing", "arguable"),
        ("Llama", "LLAMAZING", "arguable"),
        ("Llama", "LLAMA-Norrbro", "yes"),
        ("Llama", "Hermes-3-Llama-3.1-70B", "no"),
        ("Llama", "DeepSeek-R1-Distill-Llama-70B", "no"),
        ("Llama", "Meta-Llama-3.2-3B-Instruct-ONNX-INT4", "no"),
        ("Llama", "meta-llama/Norrbro", "no"),
        ("Llama 3", "Llama-3-Groq-70B-Tool-Use", "yes"),
        ("Llama 3", "Llama3-OpenBioLLM-70B", "yes"),
        ("Llama 3", "llama 3 8b norrbro", "yes"),
        ("Llama 3", "Llama-3-70B-Norrbro", "yes"),
        ("Llama 3", "Meta-Llama-3-8B", "no"),
        ("Llama 3", "Hermes-2-Pro-Llama-3-8B", "no"),
        ("Llama 3", "Llama-Norrbro", "no"),
        ("Llama 3", "Llama-3.1-Tulu-3-8B", "arguable"),
        ("Llama 3", "Llama-3_3-Nemotron", "arguable"),
        ("Llama 3", "Llama 33B", "arguable"),
        ("Llama 3", "Llama-3B-Norrbro", "arguable"),
        ("Llama 3", "Llama-3.5B-Norrbro", "arguable"),
        ("Llama 3", "Llama 3rd Way", "arguable"),
        ("Llama 3", "Llama-3D-Maker", "arguable"),
    ],
)
def test_beginning_is_not_containing(prefix: str, name: str, expected: str) -> None:
    assert NamePrefix(prefix, True, ()).begins(name) == expected


@pytest.mark.parametrize("slug", ALL)
def test_terms_survive_being_stored_as_plain_json(slug: str) -> None:
    stored = json.loads(json.dumps(document_of(TERMS[slug])))
    assert terms_from_mapping(stored, "row") == TERMS[slug]


def test_a_newcomer_adds_a_version_by_copying_a_file(tmp_path: Path) -> None:
    content = (CATALOGUE / "llama-4.toml").read_text(encoding="utf-8")
    content = content.replace('slug = "llama-4"', 'slug = "llama-5"').replace('name = "Llama 4"', 'name = "Llama 5"')
    content = content.replace("Built with Llama", "Made with Llama 5")
    (tmp_path / "llama-5.toml").write_text(content, encoding="utf-8")
    terms = load_terms(tmp_path / "llama-5.toml")
    assert terms.name == "Llama 5"
    assert terms.display is not None
    assert terms.display.text == "Made with Llama 5"


# --- what it refuses --------------------------------------------------------------------------------------------


def broken(change: dict[str, Any], kind: str = "", slug: str = "llama-3.1") -> str:
    """The refusal of a document with one thing changed, in itself or in one obligation."""
    document = deepcopy(document_of(TERMS[slug]))
    place = next(one for one in document["obligation"] if one["kind"] == kind) if kind else document
    for key, value in change.items():
        if value is None:
            del place[key]
        else:
            place[key] = value
    with pytest.raises(CatalogueError) as caught:
        terms_from_mapping(document, "llama-3.1.toml")
    return str(caught.value)


@pytest.mark.parametrize(
    ("change", "kind", "says"),
    [
        ({"name": None}, "", ["llama-3.1.toml", "name", "is missing", 'Write name = "Llama 3.1"']),
        ({"slug": "Llama 3.1"}, "", ["slug", 'Write slug = "llama-3.1"']),
        ({"date": "July 23"}, "", ["date", "Write date = 2025-04-05"]),
        ({"date_kind": "born"}, "", ["date_kind", "effective, release"]),
        ({"text": []}, "", ["text", "[[text]]"]),
        ({"colour": "blue"}, "", ["colour", "is not known here", "slug"]),
        ({"models": "8B"}, "", ["models must be a table"]),
        ({"kind": "share-alike"}, "copy", ["obligation[", "kind", "share-alike", "notice"]),
        ({"clauses": []}, "notice", ["clauses", 'Write clauses = ["LICENSE 1.b.i"]']),
        ({"clauses": ["Section 2"]}, "mau", ["clauses", "Section 2", "LICENSE 1.b.i"]),
        ({"trigger": "whenever"}, "display", ["trigger", "making-available"]),
        ({"summary": " "}, "display", ["summary", "own words"]),
        ({"parameters": {}}, "display", ["parameters (display).text", "is missing"]),
        ({"parameters": {"text": "Built with Llama", "trigger": "eats"}}, "display", ["trigger", "contains, uses"]),
        (
            {"parameters": {"threshold": "many", "month": "2024-06", "month_is_reading": "no"}},
            "mau",
            ['threshold = "700000000"'],
        ),
        (
            {"parameters": {"threshold": "1", "month": "June", "month_is_reading": "no"}},
            "mau",
            ['month = "2024-06"'],
        ),
        ({"parameters": {"text": "x", "font": "large"}}, "notice", ["font", "is not known here"]),
    ],
)
def test_a_mistake_is_refused_with_the_key_and_what_to_write(
    change: dict[str, Any], kind: str, says: list[str]
) -> None:
    message = broken(change, kind)
    for part in says:
        assert part in message


def test_a_forgotten_obligation_is_refused_with_its_meaning() -> None:
    document = deepcopy(document_of(TERMS["llama-4"]))
    document["obligation"] = [one for one in document["obligation"] if one["kind"] != "notice"]
    with pytest.raises(CatalogueError, match=r'kind "notice" is missing: the line in the Notice file'):
        terms_from_mapping(document, "llama-4.toml")


def test_an_obligation_or_item_given_twice_is_refused() -> None:
    document = deepcopy(document_of(TERMS["llama-4"]))
    document["obligation"].append(document["obligation"][0])
    with pytest.raises(CatalogueError, match="there twice"):
        terms_from_mapping(document, "llama-4.toml")
    document = deepcopy(document_of(TERMS["llama-4"]))
    document["aup_item"].append(document["aup_item"][0])
    with pytest.raises(CatalogueError, match=r'id "1" is there twice'):
        terms_from_mapping(document, "llama-4.toml")


def test_two_primary_copies_of_one_text_are_refused() -> None:
    document = deepcopy(document_of(TERMS["llama-2"]))
    document["text"] = [one | {"standing": "primary"} for one in document["text"]]
    with pytest.raises(CatalogueError, match="exactly one text"):
        terms_from_mapping(document, "llama-2.toml")


def test_a_sector_that_the_screening_does_not_offer_is_refused() -> None:
    document = deepcopy(document_of(TERMS["llama-4"]))
    document["aup_item"][2]["sectors"] = ["gardening"]
    with pytest.raises(CatalogueError, match=r"aup_item\[3\].sectors.*gardening.*cybersecurity"):
        terms_from_mapping(document, "llama-4.toml")


def test_a_file_that_is_no_toml_or_has_the_wrong_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "llama-9.toml").write_text("slug = ", encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"llama-9.toml: is no valid TOML"):
        load_terms(tmp_path / "llama-9.toml")
    (tmp_path / "llama-9.toml").write_text((CATALOGUE / "llama-4.toml").read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(CatalogueError, match='Write slug = "llama-9"'):
        load_terms(tmp_path / "llama-9.toml")
    with pytest.raises(CatalogueError, match="cannot be read"):
        load_terms(tmp_path / "absent.toml")
    with pytest.raises(CatalogueError, match=r"has no \.toml file"):
        load_catalogue(tmp_path / "nowhere")


# --- how it stands to the official texts ------------------------------------------------------------------------


@pytest.mark.official_texts
@pytest.mark.parametrize("slug", ALL)
def test_the_digests_are_those_of_the_official_files(slug: str, official_texts: Path) -> None:
    folder = official_texts / slug
    primary = {text.kind: text.sha256 for text in TERMS[slug].texts if text.standing == "primary"}
    assert primary == {
        "agreement": hashlib.sha256((folder / "LICENSE").read_bytes()).hexdigest(),
        "aup": hashlib.sha256((folder / "USE_POLICY.md").read_bytes()).hexdigest(),
    }
    revisions = {text.sha256 for text in TERMS[slug].texts if text.standing == "revision"}
    files = (folder / "revisions").iterdir() if (folder / "revisions").is_dir() else ()
    assert revisions == {hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.official_texts
@pytest.mark.parametrize("slug", ALL)
def test_every_cited_clause_is_in_the_official_text(slug: str, official_texts: Path) -> None:
    policy = split((official_texts / slug / "USE_POLICY.md").read_bytes(), "aup")
    agreement = split((official_texts / slug / "LICENSE").read_bytes(), "agreement")
    addressable = {f"LICENSE {clause.id}" for clause in agreement} | {f"AUP {clause.id}" for clause in policy}
    cited = {clause for obligation in TERMS[slug].obligations for clause in obligation.clauses}
    assert cited <= addressable
    items = [(clause.id, clause.printed_label) for clause in policy if clause.id[0].isdigit()]
    assert items == [(item.id, item.printed_label) for item in TERMS[slug].aup_items]


@pytest.mark.official_texts
@pytest.mark.parametrize("slug", ALL)
def test_quoted_strings_stand_in_the_clause_that_is_cited(slug: str, official_texts: Path) -> None:
    clauses = {
        clause.id: clause.words for clause in split((official_texts / slug / "LICENSE").read_bytes(), "agreement")
    }
    terms = TERMS[slug]
    assert normalise(terms.notice.encode()) in clauses["1.b.iii"]
    assert terms.aup.web in clauses["1.b.iv"]
    assert "greater than 700 million" in clauses["2"]
    if terms.display and terms.name_prefix:
        assert f'display "{terms.display.text}"' in clauses["1.b.i"]
        assert f'include "{terms.name_prefix.prefix}" at the beginning' in clauses["1.b.i"]
        assert f" {terms.display.trigger} any of them" in clauses["1.b.i"]
        assert ("outputs or results" in clauses["1.b.i"]) == terms.name_prefix.outputs
        assert f'"{terms.mark}" (the "Mark")' in clauses["5.a"]
    if terms.improvement_ban:
        assert f"excluding {terms.improvement_ban.parameters['excluded']} or" in clauses["1.b.v"]


@pytest.mark.official_texts
@pytest.mark.parametrize("slug", ALL)
def test_what_a_draft_is_held_to_holds_for_our_own_files(slug: str, official_texts: Path) -> None:
    """Quoted words, names and the threshold stand in the clauses that each duty cites."""
    files: dict[str, tuple[str, Kind]] = {"LICENSE": ("LICENSE", "agreement"), "AUP": ("USE_POLICY.md", "aup")}
    clauses = {
        f"{document} {clause.id}": clause.words
        for document, (name, kind) in files.items()
        for clause in split((official_texts / slug / name).read_bytes(), kind)
    }
    for duty in TERMS[slug].obligations:
        words = [clauses[one] for one in duty.clauses if one in clauses]
        assert values_missing(duty.kind, duty.parameters, words) == [], duty.key


@pytest.mark.official_texts
@pytest.mark.parametrize("slug", ALL)
def test_the_catalogue_copies_no_run_of_fourteen_words(slug: str, official_texts: Path) -> None:
    ours = (CATALOGUE / f"{slug}.toml").read_text(encoding="utf-8").replace(TERMS[slug].notice, "")
    official = "\n".join(
        path.read_text(encoding="utf-8") for path in official_texts.glob("llama-*/*") if path.is_file()
    )
    runs = _runs(official)
    assert not [" ".join(run) for run in _runs(ours) if run in runs]


def _runs(text: str, length: int = 14) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9]+", text.lower())
    return {tuple(words[start : start + length]) for start in range(len(words) - length + 1)}
