"""Ask the base: words lead to clauses on both databases, slips are forgiven, versions with one wording stand together."""

from __future__ import annotations

from html import unescape
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from foundation.accounts.models import User
from foundation.accounts.roles import Role
from licences import document
from licences.actions import accept_text, import_text
from licences.models import LlamaVersion, TextKind
from licences.search import passages
from licences.search.found import MOST_CLAUSES, SNIPPET, Answer, ask, marked, snippet
from licences.search.passages import words_of
from tests.cast import make_cast, make_person
from tests.licences.accepted import accept_invented_texts
from tests.licences.conftest import SYSTEM
from tests.licences.texts import AGREEMENT

pytestmark = pytest.mark.django_db


def citations(answer: Answer) -> list[str]:
    return [one.citation for one in answer.clauses]


def names(answer: Answer) -> list[list[str]]:
    """The versions of each wording of the first clause, newest wording first."""
    return [[one.name for one in wording.versions] for wording in answer.clauses[0].wordings]


def said(client: Client, question: str) -> str:
    """The words of the page that answers."""
    if "_auth_user_id" not in client.session:
        client.force_login(make_person("Nora New"))
    page = client.get("/licences/ask/", {"q": question}).content.decode()
    return " ".join(unescape(strip_tags(page)).split())


@pytest.fixture
def base(catalogue: list[LlamaVersion]) -> list[LlamaVersion]:
    """Every version with the invented texts."""
    accept_invented_texts(make_cast().leo)
    return catalogue


# --- words and numbers ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("herons ask first", "LICENSE 2"),
        ("towels for a guest", "LICENSE 1.b.i"),
        ("swimming on weekdays", "LICENSE 1.a"),
        ("known holes", "AUP 3"),
        ("1.b.ii", "LICENSE 1.b.ii"),
        ("aup 2", "AUP 2"),
        ("licence 3.a", "LICENSE 3.a"),
        ("Agreement 3.B", "LICENSE 3.b"),
        ("policy 1.a.ii", "AUP 1.a.ii"),
    ],
)
def test_words_and_numbers_lead_to_the_clause(base: list[LlamaVersion], question: str, first: str) -> None:
    assert citations(ask(question))[0] == first


def test_a_bare_number_is_looked_for_in_both_documents(base: list[LlamaVersion]) -> None:
    assert citations(ask("2")) == ["LICENSE 2", "AUP 2"]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("LICENSE 1.b.ii", ["LICENSE 1.b.ii"]),
        ("section 1(b)(ii)", ["LICENSE 1.b.ii"]),
        ("Licence, section 1.b.ii.", ["LICENSE 1.b.ii"]),
        ("1 b ii", ["LICENSE 1.b.ii"]),
        ("§ 3.a", ["LICENSE 3.a", "AUP 3.a"]),
        ("clause 1.a", ["LICENSE 1.a", "AUP 1.a"]),
        ("acceptable use policy 1.a.ii", ["AUP 1.a.ii"]),
        ("AUP eu-multimodal", ["AUP eu-multimodal"]),
        ("LICENSE definition.keeper", ["LICENSE definition.keeper"]),
    ],
)
def test_an_address_gives_that_clause_alone(base: list[LlamaVersion], question: str, found: list[str]) -> None:
    assert citations(ask(question)) == found


def test_an_address_that_no_version_has_is_said_to_be_none(base: list[LlamaVersion], client: Client) -> None:
    assert citations(ask("LICENSE 9")) == []
    assert "No version has LICENSE 9 " in said(client, "LICENSE 9")
    assert "No version has LICENSE 9.c or AUP 9.c " in said(client, "9.c")


def test_what_would_hold_a_missing_clause_is_offered(base: list[LlamaVersion], client: Client) -> None:
    assert ask("LICENSE 3.z").above == ("LICENSE 3",)
    assert "What would hold it: LICENSE 3." in said(client, "LICENSE 3.z")


@pytest.mark.parametrize("question", ["8b", "70B", "80", "3.1", "licence fees"])
def test_a_size_a_version_and_a_number_are_no_address(base: list[LlamaVersion], question: str) -> None:
    assert ask(question).not_there == ()


def test_an_address_asks_the_database_for_nothing_but_the_state_of_the_base(base: list[LlamaVersion]) -> None:
    ask("otter")
    with CaptureQueriesContext(
        connection,
    ) as captured:
        ask("LICENSE 1.b.i")
        ask("LICENSE 9")
    assert len(captured) == 4


def test_a_slip_asks_the_database_no_more_than_the_word(base: list[LlamaVersion]) -> None:
    ask("otter")
    for question in ("herons", "herrons", "users test", "EU", "definition keeper"):
        with CaptureQueriesContext(connection) as captured:
            ask(question)
        assert len(captured) == (5 if connection.vendor == "postgresql" else 2), question


# --- definitions ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("definition keeper", "LICENSE definition.keeper"),
        ("definition of Otter Things", "LICENSE definition.otter-things"),
        ("what is Otter Things", "LICENSE definition.otter-things"),
        ("what does keeper mean?", "LICENSE definition.keeper"),
        ("define: you", "LICENSE definition.keeper"),
        ("keeper", "LICENSE definition.keeper"),
        ("definition of keepr", "LICENSE definition.keeper"),
        ("definition things", "LICENSE definition.otter-things"),
    ],
)
def test_a_definition_is_found_by_its_term_first(base: list[LlamaVersion], question: str, first: str) -> None:
    answer = ask(question)
    assert citations(answer)[0] == first
    assert answer.every_word


def test_the_word_alone_asks_for_all_definitions(base: list[LlamaVersion]) -> None:
    found = citations(ask("definitions"))
    assert found
    assert all(one.startswith("LICENSE definition.") for one in found)


def test_a_term_that_no_text_defines_is_said_to_be_none(base: list[LlamaVersion], client: Client) -> None:
    answer = ask("definition of herons")
    assert citations(answer)[0] == "LICENSE 2"
    assert "No text defines “herons”. What has the words is shown." in said(client, "definition of herons")


# --- names and short forms ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("Notice file", "LICENSE 1.b.iii"),
        ("users test", "LICENSE 2"),
        ("MAU threshold", "LICENSE 2"),
        ("EU paragraph", "AUP eu-multimodal"),
        ("name-prefix", "LICENSE 1.b.i"),
        ("improvement ban", "LICENSE 1.b.v"),
        ("Breach and end", "LICENSE 6"),
        ("indemnity", "LICENSE 5.c"),
    ],
)
def test_duties_are_found_by_the_names_that_the_pages_give_them(
    catalogue: list[LlamaVersion], question: str, first: str
) -> None:
    answer = ask(question)
    assert citations(answer)[0] == first
    assert answer.every_word


def test_our_words_are_shown_after_the_title_of_the_duty(catalogue: list[LlamaVersion]) -> None:
    words = [words for words, _said in ask("Notice file").clauses[0].ours]
    assert words
    assert all(one.startswith("Notice file: ") for one in words)


def test_a_short_form_is_searched_in_full_and_it_is_said(base: list[LlamaVersion], client: Client) -> None:
    assert citations(ask("EU"))[0] == "AUP eu-multimodal"
    assert citations(ask("MAU"))[0] == "LICENSE 2"
    assert citations(ask("700 M users"))[0] == "LICENSE 2"
    assert "“EU”, also as “European Union”." in said(client, "EU")
    assert "“700M”, also as “700 million”." in said(client, "700M")


def test_our_own_words_lead_to_the_clause_that_they_are_about(base: list[LlamaVersion]) -> None:
    answer = ask("prominently displays")
    assert citations(answer)[0] == "LICENSE 1.b.i"
    assert any("prominently" in words for words, _said in answer.clauses[0].ours)


def test_an_exact_display_is_found(base: list[LlamaVersion]) -> None:
    found = ask("“Built with Meta Llama 3”").clauses[0]
    assert found.citation == "LICENSE 1.b.i"
    assert any("Built with Meta Llama 3" in words for words, _said in found.ours)


# --- forgiving ------------------------------------------------------------------------------------------------
def test_a_slip_is_read_as_the_word_that_is_like_it_and_it_is_said(base: list[LlamaVersion], client: Client) -> None:
    answer = ask("herrons")
    assert (answer.words[0].words, answer.words[0].guessed) == (("herons",), True)
    assert "LICENSE 2" in citations(answer)
    client.force_login(make_person("Nora New"))
    page = " ".join(strip_tags(client.get("/licences/ask/?q=herrons").content.decode()).split())
    assert "“herrons” stands nowhere. Searched for “herons” instead." in page


def test_a_word_that_is_nearly_there_is_offered_and_not_searched(base: list[LlamaVersion], client: Client) -> None:
    answer = ask("hreosn ask")
    assert answer.words[0].words == ()
    assert answer.instead == "herons ask"
    page = said(client, "hreosn ask")
    assert "“hreosn” stands nowhere. Did you mean herons ask?" in page
    assert 'href="/licences/ask/?q=herons%20ask"' in client.get("/licences/ask/?q=hreosn+ask").content.decode()


def test_words_that_are_like_nothing_find_nothing(base: list[LlamaVersion], client: Client) -> None:
    answer = ask("competitive intelligence")
    assert (answer.clauses, answer.instead) == ((), "")
    page = said(client, "competitive intelligence")
    assert "“competitive” stands nowhere, and nothing is like it." in page
    assert "Nothing found" in page


def test_a_word_of_another_script_is_read_whole(base: list[LlamaVersion], client: Client) -> None:
    assert words_of("Österreich O\u0308sterreich Straße otter’s 3.1") == [
        "österreich",
        "österreich",
        "straße",
        "otter's",
        "3.1",
    ]
    page = said(client, "Österreich")
    assert "“Österreich” stands nowhere, and nothing is like it." in page
    assert "Nothing found" in page


def test_an_accent_is_found_on_both_databases(base: list[LlamaVersion]) -> None:
    newest = base[-1]
    words = AGREEMENT.replace("Otter 2", newest.name).replace("Herons must ask", "Herons of Zürich must ask")
    text = import_text(
        version=newest, kind=TextKind.AGREEMENT, data=words.encode(), source="invented", imported_by=SYSTEM
    )
    accept_text(text=text, by=another_lawyer(), note="Invented for tests")
    assert citations(ask("ZÜRICH")) == ["LICENSE 2"]
    assert ask("Zurich").words[0].words == ("zürich",)
    assert citations(ask("Zurich")) == ["LICENSE 2"]


def test_a_beginning_of_a_word_is_enough(base: list[LlamaVersion]) -> None:
    assert citations(ask("reflec"))[0] == "LICENSE 3.b"


def test_british_spelling_finds_american_texts(base: list[LlamaVersion]) -> None:
    assert "LICENSE preamble" in citations(ask("licence agreement community"))


def test_where_no_clause_has_all_the_words_those_with_some_are_shown(base: list[LlamaVersion]) -> None:
    answer = ask("herons reflections")
    assert not answer.every_word
    assert {"LICENSE 2", "LICENSE 3.b"} <= set(citations(answer))


@pytest.mark.parametrize(
    "question",
    ["zzzzqqqq", "!!!", "'", '"', "a & b | !c", "herons') OR 1=1 --", "NEAR(herons)", "* ^ :", "\\", "x" * 5000, "\0"],
)
def test_whatever_is_entered_is_answered(base: list[LlamaVersion], client: Client, question: str) -> None:
    client.force_login(make_person("Nora New"))
    assert client.get("/licences/ask/", {"q": question}).status_code == 200


def test_nothing_like_it_says_so(base: list[LlamaVersion], client: Client) -> None:
    client.force_login(make_person("Nora New"))
    page = client.get("/licences/ask/?q=zzzzqqqq").content.decode()
    assert "nothing is like it" in page
    assert "Nothing found" in page


# --- versions -------------------------------------------------------------------------------------------------
def test_versions_with_one_wording_stand_together_and_others_apart(base: list[LlamaVersion]) -> None:
    newest = base[-1]
    words = AGREEMENT.replace("Otter 2", newest.name).replace("Herons must ask first", "Herons must ask twice")
    text = import_text(
        version=newest, kind=TextKind.AGREEMENT, data=words.encode(), source="invented", imported_by=SYSTEM
    )
    assert names(ask("herons ask")) == [[one.name for one in base]]  # a candidate is not searched
    accept_text(text=text, by=another_lawyer(), note="Invented for tests")
    assert names(ask("herons ask")) == [["Llama 4"], [one.name for one in base[:-1]]]


def another_lawyer() -> User:

    return make_person("Lena Lawyer", role=Role.LEGAL_APPROVER)


def test_a_base_without_texts_still_finds_our_words(catalogue: list[LlamaVersion]) -> None:
    answer = ask("critical infrastructure")
    assert citations(answer)[0] == "AUP 2.d"
    assert answer.clauses[0].wordings == ()


def test_no_more_is_shown_than_somebody_reads(base: list[LlamaVersion]) -> None:
    assert len(ask("meta llama model materials use").clauses) <= MOST_CLAUSES


# --- what is shown --------------------------------------------------------------------------------------------
def test_a_snippet_is_cut_between_words_around_what_was_found() -> None:
    text = "mud " * 200 + "heron " + "pond " * 200
    cut = snippet(text, ["heron"])
    assert "heron" in cut
    assert len(cut) <= SNIPPET + 4
    assert cut.startswith("… mud")
    assert cut.endswith("pond …")


def test_marks_cover_inflections_and_lose_no_character() -> None:
    pieces = marked("Displays, displayed; a notice, unnoticed", ["display", "notices"])
    assert "".join(piece.text for piece in pieces) == "Displays, displayed; a notice, unnoticed"
    assert [piece.text for piece in pieces if piece.found] == ["Displays", "displayed", "notice"]


def test_what_is_found_is_shown_as_its_file_prints_it_with_the_hits_marked(
    base: list[LlamaVersion], client: Client
) -> None:
    newest = base[-1]
    words = AGREEMENT.replace("Otter 2", newest.name)
    words = words.replace("Sharing and Feeding.", "Sharing and Otter’s Feeding.").replace(
        "Lend no otter to a heron.",
        "**Lend** no otter’s \\*towel\\* to a “heron” © of [the pond](https://otters.example).",
    )
    text = import_text(
        version=newest, kind=TextKind.AGREEMENT, data=words.encode(), source="invented", imported_by=SYSTEM
    )
    accept_text(text=text, by=another_lawyer(), note="Invented for tests")
    for question, hit in (("lend heron", "heron"), ("otter's", "otter’s"), ("otter’s", "otter’s")):
        shown = next(one for one in ask(question).clauses if one.citation == "LICENSE 1.b.ii").wordings[0].says
        assert "".join(piece.text for piece in shown) == "Lend no otter’s *towel* to a “heron” © of the pond."
        assert hit in [piece.text for piece in shown if piece.found]
    assert ask("1.b").clauses[0].heading.startswith("Sharing and Otter’s Feeding")
    client.force_login(make_person("Nora New"))
    assert "to a “<mark>heron</mark>” ©" in client.get("/licences/ask/?q=lend+heron").content.decode()


def test_a_file_that_is_damaged_is_still_found_by_what_is_stored_of_it(
    base: list[LlamaVersion], file_store: Path
) -> None:
    passages._read.cache_clear()
    document._split.cache_clear()
    for file in file_store.rglob("*"):
        if file.is_file():
            file.chmod(0o600)
            file.write_bytes(b"nothing of it")
    assert ask("herons ask first").clauses[0].wordings[0].says
    passages._read.cache_clear()


# --- the official texts ---------------------------------------------------------------------------------------
@pytest.mark.official_texts
@pytest.mark.parametrize(
    ("question", "first", "versions"),
    [
        ("prominently display", "LICENSE 1.b.i", ["Llama 3.1", "Llama 3.2", "Llama 3.3", "Llama 4"]),
        ("improve any other large language model", "LICENSE 1.b.v", ["Llama 2", "Llama 3"]),
        ("european union multimodal", "AUP eu-multimodal", ["Llama 3.2", "Llama 3.3", "Llama 4"]),
        ("700 million users", "LICENSE 2", None),
        ("atribution notice", "LICENSE 1.b.iii", None),
    ],
)
def test_what_lawyers_ask_finds_the_clause(
    official_base: list[LlamaVersion], question: str, first: str, versions: list[str] | None
) -> None:
    answer = ask(question)
    assert citations(answer)[0] == first
    assert names(answer)[0] == (versions or [one.name for one in official_base])
    shown = answer.clauses[0].wordings[0].says
    assert any(piece.found for piece in shown)


@pytest.mark.official_texts
@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("trademrak", "LICENSE 5.a"),
        ("Bild with Llama", "LICENSE 1.b.i"),
        ("EU", "AUP eu-multimodal"),
        ("European Economic Area", "LICENSE definition.meta"),
        ("MAU", "LICENSE 2"),
        ("700M", "LICENSE 2"),
        ("csam", "AUP 1.a.ii"),
        ("IP", "LICENSE 5"),
        ("definition Llama Materials", "LICENSE definition.llama-materials"),
        ("what is Llama Materials", "LICENSE definition.llama-materials"),
        ("definition licensee", "LICENSE definition.licensee"),
        ("what is Llama 3.1", "LICENSE definition.llama"),
        ("definition of Mark", "LICENSE 5.a"),
    ],
)
def test_slips_short_forms_and_terms_lead_to_the_clause_of_the_official_texts(
    official_base: list[LlamaVersion], question: str, found: str
) -> None:
    assert citations(ask(question))[0] == found


@pytest.mark.official_texts
def test_nothing_is_guessed_that_the_official_texts_do_not_say(official_base: list[LlamaVersion]) -> None:
    for question in ("competitive intelligence", "Österreich", "LICENSE 9"):
        assert ask(question).clauses == ()
    assert ask("usres").words[0].words == ("users",)


@pytest.mark.official_texts
def test_official_clauses_are_shown_with_the_quotes_of_their_file(official_base: list[LlamaVersion]) -> None:
    said = "".join(piece.text for piece in ask("LICENSE 1.b.i").clauses[0].wordings[0].says)
    assert "“" in said
    assert "\\" not in said
    assert '"' not in said
