"""The page that compares: the summary at its top, substance and letter, and the policy that stands in two places."""

from __future__ import annotations

import hashlib
import re

import pytest
from django.test import Client
from django.utils.html import strip_tags

from foundation.accounts.roles import Role
from foundation.files.store import path_of
from licences import document
from licences.actions import accept_text, import_text
from licences.models import LlamaVersion, TextKind
from tests.cast import make_person, signed_in
from tests.licences.conftest import SYSTEM
from tests.licences.texts import AGREEMENT, AUP

pytestmark = pytest.mark.django_db

TWICE = "/licences/compare/llama-9/llama-9/?doc=appended"


@pytest.fixture
def olive(db: None) -> Client:
    """Olive, who owns products, signed in."""
    return signed_in(make_person("Olive Owner", role=Role.PRODUCT_OWNER))


def words_on(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return re.sub(r"\s+", " ", strip_tags(answer.content.decode().replace("<", " <")))


def summary_on(client: Client, address: str) -> str:
    """The words of the summary alone."""
    page = client.get(address).content.decode()
    part = page[page.index('id="summary"') :].partition("</section>")[0]
    return re.sub(r"\s+", " ", strip_tags(part.replace("<", " <")))


def take_in(version: LlamaVersion, kind: TextKind, words: str) -> None:
    import_text(version=version, kind=kind, data=words.encode(), source="the river", imported_by=SYSTEM)


# --- the summary --------------------------------------------------------------------------------------------------


@pytest.mark.official_texts
def test_a_document_that_says_the_same_says_so_and_links_to_the_one_that_does_not(
    official_base: list[LlamaVersion], olive: Client
) -> None:
    said = summary_on(olive, "/licences/compare/llama-3.1/llama-3.2/")
    assert "Agreement Says the same, apart from names, dates and addresses." in said
    assert (
        "5 clauses changed in substance : 1.e reworded, 1.h added, 2.a reworded, 5 added, eu-multimodal added" in said
    )
    page = olive.get("/licences/compare/llama-3.1/llama-3.2/").content.decode()
    assert 'href="/licences/compare/llama-3.1/llama-3.2/?doc=aup&amp;view=redline#aup-1.h"' in page


@pytest.mark.official_texts
def test_every_link_of_a_summary_to_a_clause_leads_to_one(official_base: list[LlamaVersion], olive: Client) -> None:
    for old, new in (("llama-2", "llama-4"), ("llama-4", "llama-3.3"), ("llama-3", "llama-3.1")):
        for query in ("?doc=agreement", "?doc=aup&view=clean", "?letter=1"):
            page = olive.get(f"/licences/compare/{old}/{new}/{query}").content.decode()
            part = page[page.index('id="summary"') :].partition("</section>")[0]
            links = re.findall(r'class="clause-ref" href="([^#"]*)#([^"]+)"', part)
            assert len(links) > 5
            for address, anchor in links:
                where = page if not address else olive.get(address.replace("&amp;", "&")).content.decode()
                assert f'id="{anchor}"' in where, (old, new, query, address, anchor)


def test_without_texts_the_terms_still_say_what_changes(catalogue: list[LlamaVersion], olive: Client) -> None:
    said = summary_on(olive, "/licences/compare/llama-3/llama-3.1/")
    assert said.count("The clauses are not compared") == 2
    assert "The ban on improving other large language models" in said
    assert "barely" not in summary_on(olive, "/licences/compare/llama-3.3/llama-4/")  # nobody compared the words


def test_a_text_that_cannot_be_read_is_named_and_nothing_of_it_is_kept(llama_9: LlamaVersion, olive: Client) -> None:
    take_in(llama_9, TextKind.AGREEMENT, AGREEMENT)
    take_in(llama_9, TextKind.AGREEMENT, AGREEMENT.replace("towel", "sponge"))
    copy = llama_9.texts.get(is_current=False)
    document._split.cache_clear()
    document._against.cache_clear()
    path = path_of(copy.sha256)
    data = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(b"Other words")
    address = f"/licences/compare/llama-9/llama-9/?to={copy.sha256}"
    assert f"The stored file {copy.sha256} was changed" in words_on(olive, address)
    path.write_bytes(data)
    said = words_on(olive, address)
    assert "These texts cannot be compared" not in said
    assert "1 clause changed in substance: 1.b.i reworded." in said


# --- two texts of one version -------------------------------------------------------------------------------------

CHOOSE = "/licences/compare/?old=llama-9&new=llama-9"


def revisions(version: LlamaVersion, *changes: tuple[str, str]) -> list[str]:
    """The digests of the agreement, and of a copy with each of these words in place of others."""
    found = []
    for was, now in (("", ""), *changes):
        words = AGREEMENT.replace(was, now) if was else AGREEMENT
        take_in(version, TextKind.AGREEMENT, words)
        found.append(hashlib.sha256(words.encode()).hexdigest())
    return found


def test_one_version_twice_leads_to_its_texts_and_from_there_to_their_comparison(
    llama_9: LlamaVersion, olive: Client
) -> None:
    first, second, third = revisions(llama_9, ("towel", "basket"), ("towel", "bucket"))
    take_in(llama_9, TextKind.AUP, AUP)
    page = olive.get(f"{CHOOSE}&doc=agreement").content.decode()
    assert "Agreement: 3 texts are here." in words_on(olive, f"{CHOOSE}&doc=agreement")
    for side in ("from", "to"):
        assert set(re.findall(rf'name="{side}" value="(\w+)"', page)) == {first, second, third}
    assert re.search(rf'name="to" value="{first}"[^>]* checked', page)  # the one that is relied on
    assert "Kept apart" in page
    form = page[page.index('action="/licences/compare/llama-9/llama-9/"') :]
    assert 'name="doc" value="agreement"' in form
    said = summary_on(olive, f"/licences/compare/llama-9/llama-9/?doc=agreement&from={second}&to={third}")
    assert "1 clause changed in substance: 1.b.i reworded." in said


@pytest.mark.parametrize(("taken", "said"), [(1, "There is nothing to compare it with"), (0, "A text is not imported")])
def test_fewer_than_two_texts_are_no_choice(llama_9: LlamaVersion, olive: Client, taken: int, said: str) -> None:
    for _time in range(taken):
        take_in(llama_9, TextKind.AUP, AUP)
    assert said in words_on(olive, f"{CHOOSE}&doc=aup")


def test_the_comparison_of_two_texts_leads_back_to_the_choice(llama_9: LlamaVersion, olive: Client) -> None:
    _first, second = revisions(llama_9, ("towel", "barrel"))
    page = olive.get(f"/licences/compare/llama-9/llama-9/?to={second}").content.decode()
    assert f'href="{CHOOSE}&doc=agreement"'.replace("&", "&amp;") in page


def test_a_text_compared_with_itself_is_called_the_same_file(llama_9: LlamaVersion, olive: Client) -> None:
    revisions(llama_9, ("towel", "hammock"))
    said = summary_on(olive, "/licences/compare/llama-9/llama-9/")
    assert "Both sides are the same file, byte for byte." in said
    assert "apart from names" not in said


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("feeds\nthe otters", "feeds the\notters"), "Word for word the same: the files differ in layout, the style"),
        (("May 4, 2031", "May 5, 2031"), "They differ in 1 clause, as the letter shows: preamble ."),
    ],
)
def test_two_texts_that_say_the_same_say_what_differs(
    llama_9: LlamaVersion, olive: Client, change: tuple[str, str], expected: str
) -> None:
    _first, second = revisions(llama_9, change)
    address = f"/licences/compare/llama-9/llama-9/?to={second}"
    assert expected in summary_on(olive, address)
    page = olive.get(address).content.decode()
    for link, anchor in re.findall(r'class="clause-ref" href="([^#"]*)#([^"]+)"', page):
        assert f'id="{anchor}"' in olive.get(link.replace("&amp;", "&")).content.decode()


# --- substance and letter -----------------------------------------------------------------------------------------


@pytest.mark.official_texts
def test_the_letter_counts_what_the_substance_leaves_out(official_base: list[LlamaVersion], olive: Client) -> None:
    address = "/licences/compare/llama-3.2/llama-3.3/?doc=agreement&show=changed"
    assert "No clause changed in substance" in words_on(olive, address)
    page = olive.get(address).content.decode()
    assert (
        'href="/licences/compare/llama-3.2/llama-3.3/?doc=agreement&amp;view=redline&amp;show=changed&amp;letter=1"'
        in page
    )
    letter = words_on(olive, f"{address}&letter=1")
    assert "same apart from names, addresses, dates and signs" in letter
    assert "[added: December 6" in letter
    assert "Says the same, apart from names, dates and addresses." in letter  # the summary is of the substance


@pytest.mark.official_texts
def test_a_hyphen_is_counted_and_the_page_promises_no_less(official_base: list[LlamaVersion], olive: Client) -> None:
    said = words_on(olive, "/licences/compare/llama-3.3/llama-4/?doc=aup&show=changed")
    assert "1 clause changed in substance: 3.e reworded." in said
    assert "A hyphen or comma more or less is." in said
    assert "quotes and signs are neither" not in said


@pytest.mark.official_texts
def test_no_name_is_marked_in_substance(official_base: list[LlamaVersion], olive: Client) -> None:
    said = words_on(olive, "/licences/compare/llama-3/llama-3.1/?doc=agreement")
    marked = re.findall(r"\[(?:added|deleted): (.*?) \]", said)
    # The display text, the name prefix and the mark differ by more than the name of the version.
    assert sorted(one for one in marked if len(one) < 15) == ["Llama"] * 3 + ["Llama 3"] * 2 + ["Meta Llama 3"]


# --- the policy in two places -------------------------------------------------------------------------------------


@pytest.mark.official_texts
def test_llama_3s_two_policies_are_compared(official_base: list[LlamaVersion], olive: Client) -> None:
    said = words_on(olive, "/licences/compare/llama-3/llama-3/?doc=appended&show=changed")
    assert "Llama 3: the policy in its two places" in said
    assert "1.f reworded, 3.g moved from 4, reporting.4 reworded." in said
    assert "2 reworded 0 added 0 removed 1 moved" in said
    assert "[deleted: Llama 3 ] [added: Llama ] Materials" in said
    letter = words_on(olive, "/licences/compare/llama-3/llama-3/?doc=appended&letter=1&show=changed")
    assert "facebookresearch" in letter
    assert "facebookresearch" not in said


@pytest.mark.official_texts
def test_the_two_policies_are_reached_from_the_version_and_from_its_comparisons(
    official_base: list[LlamaVersion], olive: Client
) -> None:
    link = 'href="/licences/compare/llama-3/llama-3/?doc=appended"'
    for address in (
        "/licences/llama-3/",
        "/licences/compare/llama-2/llama-3/",
        "/licences/compare/llama-3/llama-3.1/",
        "/licences/compare/llama-3/llama-3.1/?doc=aup",
    ):
        assert link in olive.get(address).content.decode(), address
    for address in ("/licences/llama-3.1/", "/licences/compare/llama-3.1/llama-3.2/"):
        assert "doc=appended" not in olive.get(address).content.decode(), address


@pytest.mark.official_texts
@pytest.mark.parametrize(
    ("pair", "counted"),
    [
        ("llama-2/llama-3", "4 reworded 0 added 0 removed 0 moved"),
        ("llama-3/llama-3.1", "2 reworded 0 added 1 removed 0 moved"),
    ],
)
def test_an_appended_policy_does_not_drown_what_changed_in_the_agreement(
    official_base: list[LlamaVersion], olive: Client, pair: str, counted: str
) -> None:
    said = words_on(olive, f"/licences/compare/{pair}/")
    assert counted in said
    assert "Its 36 clauses are left out here" in said
    letter = olive.get(f"/licences/compare/{pair}/?letter=1").content.decode()
    assert 'id="agreement-appended-aup.3.g"' in letter


def test_an_appended_policy_of_any_version_is_recognised(llama_9: LlamaVersion, olive: Client) -> None:
    take_in(llama_9, TextKind.AUP, AUP)
    take_in(llama_9, TextKind.AGREEMENT, f"{AGREEMENT}\n{AUP.replace('with mud', 'with mud or ink')}")
    copy = llama_9.texts.get(kind=TextKind.AGREEMENT)
    accept_text(text=copy, by=make_person("Leo Lawyer", role=Role.LEGAL_APPROVER), note="Read.")
    assert "2.a reworded." in summary_on(olive, TWICE)
    assert f'href="{TWICE}"' in olive.get("/licences/llama-9/").content.decode()


def test_a_version_with_one_policy_has_no_second_one_to_compare(llama_9: LlamaVersion, olive: Client) -> None:
    assert olive.get(TWICE).status_code == 404
    take_in(llama_9, TextKind.AGREEMENT, AGREEMENT)
    assert olive.get(TWICE).status_code == 404


def test_two_versions_are_never_compared_by_an_appended_policy(catalogue: list[LlamaVersion], olive: Client) -> None:
    said = words_on(olive, "/licences/compare/llama-2/llama-3/?doc=appended")
    assert "Acceptable use policy, clause by clause" in said
