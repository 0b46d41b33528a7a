"""Terms that were written for other words than the text relied on: marked wherever they are shown or judged."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags

from foundation.accounts.actions import issue_token
from foundation.accounts.models import User
from foundation.accounts.roles import Role
from licences.actions import accept_text, import_text, sync_catalogue
from licences.assessment.finding import Finding
from licences.behind import Behind, clauses_uncited, duties_behind, items_behind, reworded
from licences.carry_over import match_clauses
from licences.clauses import split
from licences.facts import EntityFacts, Facts
from licences.matrix import obligation_rows
from licences.models import LicenceText, LlamaVersion, TextKind
from licences.normalise import words_digest
from licences.obligations import assess, assess_union
from licences.terms import CATALOGUE, load_terms
from licences.terms_now import every_terms
from tests.cast import make_person, signed_in
from tests.licences.conftest import SYSTEM
from tests.licences.texts import AGREEMENT, AUP

TERMS = load_terms(CATALOGUE / "llama-3.1.toml")


def behind(*clauses: str, documents: tuple[str, ...] = ()) -> Any:
    from dataclasses import replace

    return replace(TERMS, behind=Behind(clauses, documents))


def findings(terms: Any) -> list[Finding]:
    found = assess(Facts(EntityFacts("ENT-00001")), terms)
    return [one for one in found if one.key.startswith("terms-behind-text")]


# --- which clauses, which terms ---------------------------------------------------------------------------------


def test_words_places_and_new_clauses_count_and_layout_does_not() -> None:
    old = split(AGREEMENT.encode(), "agreement")
    other = AGREEMENT.replace("Herons must ask", "Herons need not ask").replace("      a. ", "    a. ")
    other = other.replace("      b. The keeper", "      b. Nobody paints at night.\n\n      c. The keeper")
    pairs = match_clauses(old, split(other.encode(), "agreement"), ())
    assert reworded("LICENSE", pairs) == ("LICENSE 2", "LICENSE 3.b")
    assert reworded("LICENSE", match_clauses(old, old, ())) == ()


def test_a_date_in_the_header_counts_because_the_users_test_rests_on_it() -> None:
    pairs = match_clauses(
        split(AGREEMENT.encode(), "agreement"),
        split(AGREEMENT.replace("May 4, 2031", "June 4, 2031").encode(), "agreement"),
        (),
    )
    assert reworded("LICENSE", pairs) == ("LICENSE preamble",)


def test_a_duty_is_marked_by_its_clause_and_by_what_stands_in_it() -> None:
    duties = {one.key: found for one, found in duties_behind(behind("LICENSE 2", "LICENSE 1.b.i"))}
    assert duties["mau"] == ("LICENSE 2",)
    assert duties["display"] == duties["copy"] == ("LICENSE 1.b.i",)
    assert "governing-law" not in duties


def test_an_item_of_the_policy_is_marked_for_itself_alone() -> None:
    assert [item.id for item in items_behind(behind("AUP 2.a"))] == ["2.a"]
    assert len(items_behind(behind(documents=("AUP",)))) == len(TERMS.aup_items)


def test_a_clause_that_no_term_speaks_of_is_named() -> None:
    assert clauses_uncited(behind("LICENSE 8", "LICENSE 7")) == ("LICENSE 8",)


# --- findings ---------------------------------------------------------------------------------------------------


def test_terms_that_are_up_to_date_have_no_such_finding() -> None:
    assert findings(TERMS) == []


def test_each_check_that_a_changed_clause_reaches_gets_a_finding_for_a_lawyer() -> None:
    found = {one.check: one for one in findings(behind("LICENSE 2", "LICENSE 7", "AUP 2.a", "LICENSE 9"))}
    assert set(found) == {1, 2, 5}
    assert {one.status for one in found.values()} == {"legal_judgement"}
    assert found[1].key == "terms-behind-text:1"
    assert found[1].clauses == ("LICENSE 2",)
    assert "the monthly active users test (LICENSE 2)" in found[1].explanation
    assert found[2].clauses == ("AUP 2.a",)
    assert found[5].clauses == ("LICENSE 7", "LICENSE 9")


def test_a_text_that_cannot_be_compared_is_for_a_lawyer_in_every_check() -> None:
    found = findings(behind(documents=("LICENSE", "AUP")))
    assert [one.check for one in found] == [1, 2, 3, 4, 5]
    assert all("is not the one that its terms were written for" in one.title for one in found)


def test_findings_stay_in_the_order_of_the_checks() -> None:
    checks = [one.check for one in assess(Facts(EntityFacts("ENT-00001")), behind(documents=("LICENSE", "AUP")))]
    assert checks == sorted(checks)


def test_a_version_behind_the_model_is_named_with_its_own_clauses() -> None:
    model = {"model_id": "x", "version": "llama-4", "ancestors": ["llama-3.1"], "ancestor_roles": ["weights"]}
    facts = Facts(EntityFacts("ENT-00001"), {}, model)
    newest = load_terms(CATALOGUE / "llama-4.toml")
    found = {one.key: one for one in assess_union([(facts, newest)], [behind("LICENSE 2"), newest])}
    assert found["union:terms-behind-text:llama-3.1"].parameters["cited"] == "llama-3.1 LICENSE 2"
    assert "union:terms-behind-text:llama-3.1" not in {
        one.key for one in assess_union([(facts, newest)], [TERMS, newest])
    }


# --- the matrix, as a table -------------------------------------------------------------------------------------


def test_the_matrix_gives_a_version_that_is_behind_a_cell_of_its_own() -> None:
    newest = load_terms(CATALOGUE / "llama-4.toml")
    row = next(one for one in obligation_rows([behind("LICENSE 7"), newest]) if one.key == "governing-law")
    assert [(cell.reach, cell.behind, cell.changed) for cell in row.cells] == [
        ("Llama 3.1", ("LICENSE 7",), ""),
        ("Llama 4", (), ""),
    ]
    assert row.is_behind


# --- pages, programs: an agreement with other numbers and another law is accepted -----------------------------------


@pytest.fixture
def leo(db: None) -> User:
    return make_person("Leo Lawyer", role=Role.LEGAL_APPROVER)


def other_words(official_texts: Path) -> bytes:
    data = (official_texts / "llama-3.1" / "LICENSE").read_text(encoding="utf-8")
    assert "700 million" in data
    assert "California" in data
    return data.replace("700 million", "600 million").replace("California", "Delaware").encode()


@pytest.fixture
def changed(official_base: list[LlamaVersion], official_texts: Path, leo: User) -> Iterator[LicenceText]:
    """The agreement of 3.1 with 600 million and Delaware, accepted."""
    version = LlamaVersion.objects.get(slug="llama-3.1")
    text = import_text(
        version=version,
        kind=TextKind.AGREEMENT,
        data=other_words(official_texts),
        source="a letter",
        imported_by=SYSTEM,
    )
    yield accept_text(text=text, by=leo, note="Read and accepted.")


def words_on(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return re.sub(r"\s+", " ", strip_tags(answer.content.decode().replace("<", " <")))


MARK = "The clause was reworded since these terms were written: read it, the sentence may be out of date."


@pytest.mark.official_texts
@pytest.mark.django_db
def test_the_version_page_marks_the_sentences_and_says_where_they_are_corrected(
    changed: LicenceText, leo: User
) -> None:
    said = words_on(signed_in(leo), "/licences/llama-3.1/")
    terms = said[: said.index("What the policy is about")]
    assert terms.count(MARK) == 2
    assert f"{MARK} LICENSE 2" in terms
    assert f"{MARK} LICENSE 7" in terms
    assert "Monthly active users test: LICENSE 2" in terms
    assert "licences/catalogue/llama-3.1.toml" in terms
    assert "Text reworded" in terms[: terms.index("Terms in our words")]  # beside the users test in the head
    assert MARK not in words_on(signed_in(leo), "/licences/llama-3.2/")


@pytest.mark.official_texts
@pytest.mark.django_db
def test_duty_sheet_matrix_list_names_and_comparison_are_marked(changed: LicenceText, leo: User) -> None:
    client = signed_in(leo)
    assert words_on(client, "/licences/duties/?version=llama-3.1&audience=public").count(MARK) == 2
    assert words_on(client, "/licences/matrix/").count("Text reworded") == 2
    assert "Text reworded" in words_on(client, "/licences/matrix/?show=changed")
    assert words_on(client, "/licences/").count("Text reworded") == 1
    assert "was written for another text" in words_on(client, "/licences/compare/llama-3/llama-3.1/")
    assert "was written for another text" not in words_on(client, "/licences/compare/llama-3.2/llama-3.3/")


@pytest.mark.official_texts
@pytest.mark.django_db
def test_programs_are_told(changed: LicenceText) -> None:
    issued = issue_token(
        by=make_person("Adam Admin", role=Role.ADMINISTRATOR),
        name="reader",
        scopes=["licences:read"],
        expires_at=changed.imported_at.replace(year=changed.imported_at.year + 1),
    )
    header = {"authorization": f"Bearer {issued.clear}"}
    listed = {one["slug"]: one for one in Client().get("/api/v1/licences", headers=header).json()}
    assert listed["llama-3.1"]["reworded_clauses"] == ["LICENSE 2", "LICENSE 7"]
    assert listed["llama-3.2"]["reworded_clauses"] == listed["llama-3.1"]["reworded_documents"] == []
    one = Client().get("/api/v1/licences/llama-3.1", headers=header).json()
    assert {duty["key"]: duty["reworded"] for duty in one["obligations"] if duty["reworded"]} == {
        "mau": ["LICENSE 2"],
        "governing-law": ["LICENSE 7"],
    }
    assert not any(item["reworded"] for item in one["aup_items"])
    schema = Client().get("/api/v1/licences/export/schema", headers=header).json()
    assert {"reworded_clauses", "reworded_documents"} <= set(schema["$defs"]["VersionOut"]["properties"])


@pytest.mark.official_texts
@pytest.mark.django_db
def test_whoever_decides_reads_which_terms_would_be_behind(
    official_base: list[LlamaVersion], official_texts: Path, leo: User
) -> None:
    import_text(
        version=LlamaVersion.objects.get(slug="llama-3.1"),
        kind=TextKind.AGREEMENT,
        data=other_words(official_texts),
        source="a letter",
        imported_by=SYSTEM,
    )
    said = words_on(signed_in(leo), "/licences/llama-3.1/")
    assert "If it is accepted, these terms are behind the text." in said
    assert "Governing law: LICENSE 7" in said
    assert "licences/catalogue/llama-3.1.toml" in said
    assert MARK not in said  # nothing is relied on yet


@pytest.mark.official_texts
@pytest.mark.django_db
def test_a_catalogue_that_was_corrected_for_the_new_text_clears_the_marks(
    changed: LicenceText, leo: User, tmp_path: Path, official_texts: Path
) -> None:
    known = TERMS.text("agreement")
    words = (CATALOGUE / "llama-3.1.toml").read_text(encoding="utf-8")
    words = words.replace(known.sha256, changed.sha256).replace(known.words, changed.words_digest)
    words = words.replace('threshold = "700000000"', 'threshold = "600000000"')
    (tmp_path / "llama-3.1.toml").write_text(words, encoding="utf-8")
    sync_catalogue(by=SYSTEM, folder=tmp_path)
    terms = every_terms()["llama-3.1"]
    assert (terms.mau_threshold, bool(terms.behind)) == (600_000_000, False)
    assert MARK not in words_on(signed_in(leo), "/licences/llama-3.1/")


@pytest.mark.django_db
def test_without_the_text_that_the_terms_were_written_for_everything_is_marked(
    llama_9: LlamaVersion, leo: User
) -> None:
    data = AGREEMENT.replace("towel", "blanket").encode()
    text = import_text(version=llama_9, kind=TextKind.AGREEMENT, data=data, source="a letter", imported_by=SYSTEM)
    accept_text(text=text, by=leo, note="All that we have.")
    assert every_terms()["llama-9"].behind == Behind(documents=("LICENSE",))
    said = words_on(signed_in(leo), "/licences/llama-9/")
    assert (
        "The text relied on is not the one that these terms were written for, and that one is not here, or cannot be read."
        in said
    )
    # Once it is here, the clauses can be held against each other.
    import_text(
        version=llama_9, kind=TextKind.AGREEMENT, data=AGREEMENT.encode(), source="a letter", imported_by=SYSTEM
    )
    assert every_terms()["llama-9"].behind == Behind(clauses=("LICENSE 1.b.i",))


@pytest.mark.django_db
def test_a_text_in_another_layout_leaves_no_mark(llama_9: LlamaVersion, leo: User) -> None:
    for data in (AGREEMENT, AGREEMENT.replace("      a. ", "    a. ")):
        text = import_text(
            version=llama_9, kind=TextKind.AGREEMENT, data=data.encode(), source="the river", imported_by=SYSTEM
        )
    accept_text(text=text, by=leo, note="The same words.")
    assert words_digest(AGREEMENT.encode()) == text.words_digest
    assert hashlib.sha256(AGREEMENT.encode()).hexdigest() != text.sha256
    assert not every_terms()["llama-9"].behind


@pytest.mark.django_db
def test_versions_with_their_terms_cost_one_query(llama_9: LlamaVersion, django_assert_num_queries: Any) -> None:
    import_text(version=llama_9, kind=TextKind.AUP, data=AUP.encode(), source="the river", imported_by=SYSTEM)
    every_terms()
    with django_assert_num_queries(1):
        every_terms()
