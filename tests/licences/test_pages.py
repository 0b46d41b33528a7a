"""The pages of the licence base: what they show, to whom, and with how many queries."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from foundation.accounts.models import User
from foundation.accounts.roles import Role
from foundation.files.store import path_of
from licences.actions import import_text
from licences.known_models import HIDDEN_BASES, KNOWN_BY_NAME
from licences.models import LicenceText, LlamaVersion, TextKind
from licences.normalise import normalise
from licences.queries import current_text
from licences.rule_words import RULES
from tests.cast import make_person, signed_in
from tests.licences.conftest import SYSTEM
from tests.licences.texts import AGREEMENT, AUP

pytestmark = pytest.mark.django_db

OTHER_WORDS = AGREEMENT.replace("towel", "blanket").encode()
TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


@pytest.fixture
def leo(db: None) -> Client:
    """Leo, who approves for legal, signed in."""
    return signed_in(make_person("Leo Lawyer", role=Role.LEGAL_APPROVER))


@pytest.fixture
def olive(db: None) -> Client:
    """Olive, who owns products, signed in."""
    return signed_in(make_person("Olive Owner", role=Role.PRODUCT_OWNER))


@pytest.fixture
def texts(llama_9: LlamaVersion) -> LlamaVersion:
    """Llama 9 with both its texts."""
    for kind, words in ((TextKind.AGREEMENT, AGREEMENT), (TextKind.AUP, AUP)):
        import_text(version=llama_9, kind=kind, data=words.encode(), source="the river", imported_by=SYSTEM)
    return llama_9


@pytest.fixture
def candidate(texts: LlamaVersion) -> LicenceText:
    """A copy of the agreement with a word changed, kept apart."""
    return import_text(version=texts, kind=TextKind.AGREEMENT, data=OTHER_WORDS, source="a letter", imported_by=SYSTEM)


def words_on(client: Client, address: str, status: int = 200) -> str:
    """What a page says, without its markup."""
    answer = client.get(address)
    assert answer.status_code == status, address
    return re.sub(r"\s+", " ", strip_tags(answer.content.decode().replace("<", " <")))


# --- everybody reads, nobody unknown ----------------------------------------------------------------------------

ADDRESSES = (
    "/licences/",
    "/licences/compare/",
    "/licences/compare/llama-9/llama-9/",
    "/licences/model-names/?id=llama3.1",
    "/licences/llama-9/",
    "/licences/llama-9/agreement/raw/",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_signed_in_person_reads_and_others_are_asked_to_sign_in(
    texts: LlamaVersion, olive: Client, address: str
) -> None:
    assert olive.get(address).status_code == 200
    asked = Client().get(address)
    assert asked.status_code == 302
    assert "/login/" in asked["Location"]
    assert olive.post(address).status_code == 405


@pytest.mark.parametrize(
    "address",
    [
        "/licences/llama-12/",
        "/licences/compare/llama-9/llama-12/",
        "/licences/compare/llama-9/llama-9/?from=" + "0" * 64,
        "/licences/llama-9/notes/raw/",
        "/licences/llama-9/aup/raw/?sha256=" + "0" * 64,
    ],
)
def test_what_is_not_there_is_404(texts: LlamaVersion, olive: Client, address: str) -> None:
    assert olive.get(address).status_code == 404


# --- every version, every consecutive pair -----------------------------------------------------------------------


@pytest.mark.official_texts
def test_the_list_shows_the_facts_that_differ(official_base: list[LlamaVersion], olive: Client) -> None:
    said = words_on(olive, "/licences/")
    assert "“Built with Meta Llama 3” for products that use the materials" in said
    assert "begins with “Llama” also for models made with its outputs" in said
    assert "March 2025 more than 700 million; the month is a reading" in said
    assert said.count("Both here") == 6
    assert "no model is caught today" in said


@pytest.mark.official_texts
def test_every_version_shows_each_clause_once_under_its_address(
    official_base: list[LlamaVersion], olive: Client
) -> None:
    for version in official_base:
        page = olive.get(f"/licences/{version.slug}/").content.decode()
        anchors = re.findall(r'<article class="clause[^>]* id="([^"]+)"', page)
        assert len(anchors) == len(set(anchors))
        for kind in TextKind:
            text = current_text(version, kind)
            assert text is not None
            assert sum(anchor.startswith(f"{kind.value}-") for anchor in anchors) == text.clauses.count()
            assert text.label[1:] in strip_tags(page).replace("&#x27;", "'")
            assert text.sha256 in page
        for target in re.findall(rf'href="/licences/{re.escape(version.slug)}/#([^"]+)"', page):
            assert f'id="{target}"' in page, (version.slug, target)


@pytest.mark.official_texts
def test_printed_labels_stand_beside_ids_that_count_by_nesting(
    official_base: list[LlamaVersion], olive: Client
) -> None:
    page = olive.get("/licences/llama-4/").content.decode()
    clause = page[page.index('id="aup-2.a"') :].partition("</article>")[0]
    assert "printed 3.1" in clause
    appended = olive.get("/licences/llama-3/").content.decode()
    clause = appended[appended.index('id="agreement-appended-aup.1.a"') :].partition("</article>")[0]
    assert "AUP 1.a" in clause
    assert "printed" not in clause  # this copy prints what counting by nesting gives


@pytest.mark.official_texts
@pytest.mark.parametrize("view", ["redline", "split", "clean"])
def test_every_consecutive_pair_renders_in_every_view(
    official_base: list[LlamaVersion], olive: Client, view: str
) -> None:
    for old, new in pairwise(official_base):
        for kind in TextKind.values:
            page = olive.get(f"/licences/compare/{old.slug}/{new.slug}/?doc={kind}&view={view}")
            assert page.status_code == 200
            anchors = re.findall(r'<article class="clause[^>]* id="([^"]+)"', page.content.decode())
            assert len(anchors) == len(set(anchors)) > 15


@pytest.mark.official_texts
def test_counts_and_remarks_tell_substance_from_names(official_base: list[LlamaVersion], olive: Client) -> None:
    said = words_on(olive, "/licences/compare/llama-3.1/llama-3.2/?doc=aup&show=changed")
    assert "2 reworded 3 added 0 removed 0 moved" in said
    assert "printed 1.7 added" in said
    same = words_on(olive, "/licences/compare/llama-3.2/llama-3.3/?doc=aup&show=changed")
    assert "0 reworded 0 added 0 removed 0 moved" in same
    assert "No clause changed in substance" in same
    all_of_it = words_on(olive, "/licences/compare/llama-3.2/llama-3.3/?doc=aup")
    assert all_of_it.count("same apart from names, addresses and dates") > 3


@pytest.mark.official_texts
def test_from_3_3_to_4_the_page_says_that_the_effect_in_the_eu_reverses(
    official_base: list[LlamaVersion], olive: Client
) -> None:
    page = olive.get("/licences/compare/llama-3.3/llama-4/").content.decode()
    assert "barely change and the effect reverses" in page
    assert 'href="/licences/llama-4/#aup-eu-multimodal"' in page
    assert "the effect reverses" not in olive.get("/licences/compare/llama-3/llama-3.1/").content.decode()


@pytest.mark.official_texts
def test_no_sentence_of_a_text_is_in_a_template(official_texts: Path) -> None:
    runs = set()
    for path in official_texts.glob("llama-*/*"):
        if path.is_file():
            words = normalise(path.read_bytes()).lower().split()
            runs |= {" ".join(words[at : at + 14]) for at in range(len(words) - 13)}
    for template in TEMPLATES.rglob("*.html"):
        words = strip_tags(template.read_text(encoding="utf-8")).lower().split()
        found = runs & {" ".join(words[at : at + 14]) for at in range(len(words) - 13)}
        assert not found, template


# --- queries: recorded, and they do not grow ----------------------------------------------------------------------


def queries_of(client: Client, address: str) -> list[str]:
    """The queries that the licence base itself makes for a page; the shell around it has tests of its own."""
    client.get(address)  # texts are split and compared once per process
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return [query["sql"] for query in captured if '"licences_' in query["sql"]]


@pytest.mark.official_texts
@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/licences/", 4),
        ("/licences/llama-3.1/", 3),
        ("/licences/matrix/", 1),
        ("/licences/duties/?version=llama-3.1&audience=public", 1),
        ("/licences/compare/", 1),
        ("/licences/compare/llama-3.3/llama-4/", 2),
        ("/licences/compare/llama-3.3/llama-4/?doc=aup&view=split", 2),
        ("/licences/model-names/", 0),
        ("/licences/model-names/?id=llama3.1", 1),
        ("/licences/llama-3.1/agreement/raw/", 2),
    ],
)
def test_pages_ask_a_fixed_number_of_queries(
    official_base: list[LlamaVersion], olive: Client, address: str, queries: int
) -> None:
    assert len(queries_of(olive, address)) == queries


def test_more_texts_mean_no_more_queries(candidate: LicenceText, leo: Client) -> None:
    few = len(queries_of(leo, "/licences/llama-9/"))
    for word in ("rug", "cloth", "sponge"):
        data = AGREEMENT.replace("towel", word).encode()
        import_text(version=candidate.version, kind=TextKind.AGREEMENT, data=data, source="mud", imported_by=SYSTEM)
    assert len(queries_of(leo, "/licences/llama-9/")) == few


@pytest.mark.official_texts
def test_a_citation_can_be_read_where_its_link_lands(official_base: list[LlamaVersion], olive: Client) -> None:
    page = olive.get("/licences/llama-3/").content.decode()
    for cited in (
        "LICENSE definition.llama-materials",
        "LICENSE definition.llama",
        "LICENSE appended-aup.intro",
        "LICENSE appended-aup.1.a.i",
        "AUP prohibited-uses",
    ):
        anchor = cited.replace("LICENSE ", "agreement-").replace("AUP ", "aup-")
        clause = page[page.index(f'id="{anchor}"') :].partition("</article>")[0]
        assert f">{cited}</small>" in clause, cited
    newer = olive.get("/licences/llama-4/").content.decode()
    assert ">AUP eu-multimodal</small>" in newer
    assert "LICENSE 1.b.i</small>" not in newer  # the number beside it says so already


# --- one text -------------------------------------------------------------------------------------------------------


def test_the_original_file_comes_byte_for_byte_and_never_as_a_page(texts: LlamaVersion, olive: Client) -> None:
    answer = olive.get("/licences/llama-9/agreement/raw/")
    assert answer.content == AGREEMENT.encode()
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="llama-9-LICENSE.txt"'
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_revision_is_downloaded_by_its_digest(candidate: LicenceText, olive: Client) -> None:
    answer = olive.get(f"/licences/llama-9/agreement/raw/?sha256={candidate.sha256}")
    assert answer.content == OTHER_WORDS
    assert candidate.sha256[:8] in answer["Content-Disposition"]


def test_markup_in_a_text_is_shown_as_words(llama_9: LlamaVersion, olive: Client) -> None:
    data = AGREEMENT.replace("a towel", "<script>alert(1)</script>").encode()
    import_text(version=llama_9, kind=TextKind.AGREEMENT, data=AGREEMENT.encode(), source="", imported_by=SYSTEM)
    new = import_text(version=llama_9, kind=TextKind.AGREEMENT, data=data, source="", imported_by=SYSTEM)
    page = olive.get(f"/licences/compare/llama-9/llama-9/?to={new.sha256}").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_a_version_without_texts_says_what_to_do(llama_9: LlamaVersion, olive: Client) -> None:
    assert "manage.py import_licence_texts" in words_on(olive, "/licences/llama-9/")
    assert "1 version lacks a text" in words_on(olive, "/licences/")


def test_a_damaged_file_is_named_instead_of_shown(texts: LlamaVersion, olive: Client) -> None:
    from licences import document

    document._split.cache_clear()
    document._plain_text.cache_clear()
    text = current_text(texts, TextKind.AUP)
    assert text is not None
    path = path_of(text.sha256)
    path.chmod(0o600)
    path.write_bytes(b"Other words")
    said = words_on(olive, "/licences/llama-9/")
    assert "This text cannot be shown" in said
    assert f"The stored file {text.sha256} was changed" in said


def test_a_text_without_clauses_is_not_compared_but_named(texts: LlamaVersion, olive: Client) -> None:
    data = AGREEMENT.replace("2. Herons.", "4. Herons.").encode()
    text = import_text(version=texts, kind=TextKind.AGREEMENT, data=data, source="", imported_by=SYSTEM)
    said = words_on(olive, f"/licences/compare/llama-9/llama-9/?to={text.sha256}")
    assert "These texts cannot be compared" in said
    assert "Line 27" in said


# --- choose, ask ----------------------------------------------------------------------------------------------------


def test_two_chosen_versions_lead_to_their_comparison(catalogue: list[LlamaVersion], olive: Client) -> None:
    answer = olive.get("/licences/compare/?old=llama-2&new=llama-4&doc=aup")
    assert answer["Location"] == "/licences/compare/llama-2/llama-4/?doc=aup"


def test_a_version_that_is_not_there_is_refused_with_a_sentence(catalogue: list[LlamaVersion], olive: Client) -> None:
    said = words_on(olive, "/licences/compare/?old=llama-2&new=llama-12", status=422)
    assert "There is a problem" in said


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("meta-llama/Llama-3.1-8B-Instruct", "Probably Llama 3.1"),
        ("meta-llama/Llama-Guard-3-8B", "The sources disagree: Llama 3.1 or Llama 3.2"),
        ("mistralai/Mistral-7B-v0.1", "Not Llama, by its name"),
        ("our-assistant-v2", "The name does not tell"),
        ("lmsys/vicuna-7b-v1.3", "Probably the first LLaMA, which has no Community Licence"),
    ],
)
def test_anybody_asks_what_a_model_name_means(
    catalogue: list[LlamaVersion], olive: Client, name: str, expected: str
) -> None:
    said = words_on(olive, f"/licences/model-names/?id={name}")
    assert expected in said
    assert f"Name asked {name} Rule" in said


def test_an_empty_name_is_refused_with_a_sentence(catalogue: list[LlamaVersion], olive: Client) -> None:
    assert "There is a problem" in words_on(olive, "/licences/model-names/?id=", status=422)


# --- legal decides ---------------------------------------------------------------------------------------------------


def test_a_lawyer_reads_the_redline_and_accepts(candidate: LicenceText, leo: Client) -> None:
    page = leo.get("/licences/llama-9/").content.decode()
    assert "Accept: new reviews rely on it" in page
    redline = words_on(leo, f"/licences/compare/llama-9/llama-9/?to={candidate.sha256}&show=changed")
    assert re.search(r"1 reworded .*\[deleted: towel \] .*\[added: blanket \]", redline)
    answer = leo.post(f"/licences/llama-9/texts/{candidate.sha256}/accept/", {"note": "Sent by Meta."}, follow=True)
    assert "Accepted. New reviews rely on it." in strip_tags(answer.content.decode())
    candidate.refresh_from_db()
    assert candidate.is_current


def test_a_lawyer_refuses(candidate: LicenceText, leo: Client) -> None:
    leo.post(f"/licences/llama-9/texts/{candidate.sha256}/refuse/", {"note": "A paraphrase."})
    candidate.refresh_from_db()
    assert (candidate.standing, candidate.is_current) == ("refused", False)


def test_a_decision_without_a_reason_comes_back_with_the_error(candidate: LicenceText, leo: Client) -> None:
    answer = leo.post(f"/licences/llama-9/texts/{candidate.sha256}/accept/", {"note": " "})
    assert answer.status_code == 422
    assert f'href="#id_{candidate.pk}_note"' in answer.content.decode()
    candidate.refresh_from_db()
    assert candidate.standing == "candidate"


@pytest.mark.parametrize("act", ["accept", "refuse"])
def test_posting_past_the_page_is_refused(candidate: LicenceText, olive: Client, act: str) -> None:
    page = words_on(olive, "/licences/llama-9/")
    assert "Accept: new reviews" not in page
    assert "Only a legal reviewer or approver of the whole company decides" in page
    answer = olive.post(f"/licences/llama-9/texts/{candidate.sha256}/{act}/", {"note": "Mine."})
    assert answer.status_code == 403
    candidate.refresh_from_db()
    assert candidate.standing == "candidate"


def upload(client: Client, data: bytes, name: str = "LICENSE.txt") -> object:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return client.post(
        "/licences/llama-9/texts/",
        {"kind": "agreement", "file": SimpleUploadedFile(name, data), "source": "Meta's page, read today"},
    )


def test_a_lawyer_adds_a_copy_and_it_is_kept_apart(texts: LlamaVersion, leo: Client) -> None:
    answer = upload(leo, OTHER_WORDS)
    assert answer["Location"] == "/licences/llama-9/#candidates"  # type: ignore[index]
    text = LicenceText.objects.get(standing="candidate")
    assert (text.source, text.imported_by) == ("Meta's page, read today", User.objects.get(name="Leo Lawyer").reference)
    assert "Leo Lawyer" in words_on(leo, "/licences/llama-9/")


def test_nobody_else_adds_a_copy(texts: LlamaVersion, olive: Client) -> None:
    assert upload(olive, OTHER_WORDS).status_code == 403  # type: ignore[attr-defined]
    assert LicenceText.objects.count() == 2


@pytest.mark.parametrize(("data", "name"), [(b"%PDF-1.7 a licence", "LICENSE.txt"), (b"text", "LICENSE.exe")])
def test_a_file_that_is_no_text_comes_back_with_the_error(
    texts: LlamaVersion, leo: Client, data: bytes, name: str
) -> None:
    assert upload(leo, data, name).status_code == 422  # type: ignore[attr-defined]
    assert LicenceText.objects.count() == 2


# --- words for people -------------------------------------------------------------------------------------------------


def test_days_rules_and_importers_are_written_for_people(texts: LlamaVersion, olive: Client) -> None:
    LicenceText.objects.update(imported_by="import_licence_texts")
    said = words_on(olive, "/licences/llama-9/")
    assert re.search(r"\(seen \d{1,2} [A-Z][a-z]{2} \d{4}\)", said)
    assert "by command" in said
    assert "import_licence_texts Source" not in said
    named = words_on(olive, "/licences/model-names/?id=meta-llama/Llama-3.1-8B-Instruct")
    assert "Rule The version stands in the name version-in-name" in named


def test_every_rule_for_names_has_words() -> None:
    folder = TEMPLATES.parent / "licences"
    written = "".join(
        (folder / name).read_text("utf-8") for name in ("model_names.py", "added_versions.py", "queries.py")
    )
    rules = set(re.findall(r'rule="([a-z0-9-]+)"|_ask\(\s*raw(?:_id)?, [^"]*?"([a-z0-9-]+)"', written))
    used = {one or other for one, other in rules} | {one.rule for one in (*KNOWN_BY_NAME, *HIDDEN_BASES)}
    assert {"unknown-version", "no-version", "vicuna", "look-alike", "confirmed-here"} <= used <= set(RULES)


def test_a_text_that_cannot_be_split_is_told_with_one_full_stop(texts: LlamaVersion, leo: Client) -> None:
    upload(leo, AGREEMENT.replace("2. Herons.", "4. Herons.").encode())
    said = words_on(leo, "/licences/llama-9/")
    assert "cannot be split into clauses: Line 27" in said
    assert ".." not in said.replace("...", "")
