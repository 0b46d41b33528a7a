"""A text that cannot be split into clauses is shown as it is, with the line, and nobody is offered to accept it."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils.html import strip_tags

from foundation.accounts.roles import Role
from licences import raw_text
from licences.actions import accept_text, import_text
from licences.errors import LicenceError
from licences.models import LicenceText, LlamaVersion, TextKind
from tests.cast import make_person, signed_in
from tests.licences.conftest import SYSTEM
from tests.licences.texts import AGREEMENT, AUP

pytestmark = pytest.mark.django_db

BROKEN = AGREEMENT.replace("2. Herons.", "4. Herons.").replace("a towel", "<b>a towel</b> & soap")
SENTENCE = "Line 27: found “4.” where “2.” or “c.” or “iii.” was expected next."


@pytest.fixture
def leo(db: None) -> Client:
    """Leo, who decides on texts, signed in."""
    return signed_in(make_person("Leo Lawyer", role=Role.LEGAL_APPROVER))


@pytest.fixture
def olive(db: None) -> Client:
    """Olive, who owns products, signed in."""
    return signed_in(make_person("Olive Owner", role=Role.PRODUCT_OWNER))


def take_in(version: LlamaVersion, words: str, kind: TextKind = TextKind.AGREEMENT) -> LicenceText:
    return import_text(version=version, kind=kind, data=words.encode(), source="the river", imported_by=SYSTEM)


def page_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


def words_of(page: str) -> str:
    return re.sub(r"\s+", " ", strip_tags(page.replace("<", " <")))


def compared(text: LicenceText) -> str:
    return f"/licences/compare/llama-9/llama-9/?doc={text.kind}&to={text.sha256}"


def raw_lines(page: str) -> list[tuple[str, str]]:
    return re.findall(r'<span class="raw-no">(\d+)</span><code>(.*?)</code>', page, re.DOTALL)


def test_a_comparison_shows_the_whole_file_with_its_lines_and_marks_where_it_fails(
    llama_9: LlamaVersion, olive: Client
) -> None:
    take_in(llama_9, AGREEMENT)
    text = take_in(llama_9, BROKEN)
    page = page_of(olive, compared(text))
    assert SENTENCE in words_of(page)
    assert "One of them cannot be split into clauses." in words_of(page)
    lines = raw_lines(page)
    assert [number for number, _words in lines] == [str(n + 1) for n in range(len(BROKEN.split("\n")))]
    assert (
        next(words for _n, words in lines if "Give" in words).strip()
        == "i. Give each guest &lt;b&gt;a towel&lt;/b&gt; &amp; soap, and (A) a spoon;"
    )
    assert [number for number, words in lines if "<mark>" in words] == ["27"]
    place = f"{text.sha256[:8]}-line-27"
    assert f'href="#{place}"' in page
    assert page.count(f'id="{place}"') == 1


def test_a_text_is_shown_though_there_is_none_to_compare_it_with(llama_9: LlamaVersion, olive: Client) -> None:
    page = page_of(olive, compared(take_in(llama_9, BROKEN)))
    assert "A text is not imported" in page
    assert SENTENCE in words_of(page)
    assert raw_lines(page)


def test_two_texts_that_cannot_be_split_are_both_shown(llama_9: LlamaVersion, olive: Client) -> None:
    first, second = take_in(llama_9, BROKEN), take_in(llama_9, BROKEN.replace("soap", "sand"))
    page = page_of(olive, f"{compared(first)}&from={second.sha256}")
    assert "Neither can be split into clauses." in page
    for text in (first, second):
        assert f'id="{text.sha256[:8]}-line-27"' in page


def test_a_text_that_can_be_split_shows_no_raw_lines(llama_9: LlamaVersion, olive: Client) -> None:
    take_in(llama_9, AGREEMENT)
    text = take_in(llama_9, AGREEMENT.replace("towel", "cushion"))
    assert not raw_lines(page_of(olive, compared(text)))


def test_a_policy_that_cannot_be_split_is_shown_too(llama_9: LlamaVersion, olive: Client) -> None:
    text = take_in(llama_9, AUP.replace("2. Splash people", "B) Splash people"), TextKind.AUP)
    (marked,) = [one for one in raw_lines(page_of(olive, compared(text))) if "<mark>" in one[1]]
    assert marked[0] == "14"
    assert "1. with mud" in marked[1]


def test_of_a_very_long_file_the_lines_around_the_failure_are_shown(
    llama_9: LlamaVersion, olive: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(raw_text, "MOST_LINES", 10)
    raw_text.raw_if_unsplittable.cache_clear()
    page = page_of(olive, compared(take_in(llama_9, BROKEN)))
    raw_text.raw_if_unsplittable.cache_clear()
    assert [int(number) for number, _words in raw_lines(page)] == list(range(22, 32))
    assert "the original file has all of them" in page


def test_a_text_relied_on_that_can_no_longer_be_split_is_shown_on_its_versions_page(
    llama_9: LlamaVersion, olive: Client
) -> None:
    text = take_in(llama_9, BROKEN)
    LicenceText.objects.filter(pk=text.pk).update(standing="accepted", is_current=True)
    page = page_of(olive, "/licences/llama-9/")
    assert SENTENCE in words_of(page)
    assert raw_lines(page)


def test_nobody_is_offered_to_accept_it_and_the_page_says_why(llama_9: LlamaVersion, leo: Client) -> None:
    take_in(llama_9, AGREEMENT)
    text = take_in(llama_9, BROKEN)
    page = page_of(leo, "/licences/llama-9/")
    assert "Accept" not in page[page.index('id="candidates"') :].partition("</section>")[0]
    assert "It cannot be accepted: no check could cite a clause of it." in page
    assert SENTENCE in words_of(page)
    assert f"{compared(text).replace('&', '&amp;')}#text" in page
    refusing = f'action="/licences/llama-9/texts/{text.sha256}/refuse/"'
    assert refusing in page
    answer = leo.post(f"/licences/llama-9/texts/{text.sha256}/accept/", {"note": "Read."})
    assert answer.status_code == 422
    leo.post(f"/licences/llama-9/texts/{text.sha256}/refuse/", {"note": "Its numbering is broken."})
    text.refresh_from_db()
    assert text.standing == "refused"


def test_the_same_words_in_a_layout_that_cannot_be_split_are_not_offered_either(
    llama_9: LlamaVersion, leo: Client
) -> None:
    take_in(llama_9, AGREEMENT)
    one_line = AGREEMENT.replace("\n", " ").replace("well- kept", "well-kept").replace("week- days", "week-days")
    text = take_in(llama_9, one_line)
    assert text.words_digest == llama_9.texts.get(is_current=True).words_digest
    page = page_of(leo, "/licences/llama-9/")
    assert "Accept: same words" not in page
    assert "It cannot be accepted" in page


def test_the_sentence_of_the_page_is_what_the_action_says(llama_9: LlamaVersion) -> None:
    text = take_in(llama_9, BROKEN)
    with pytest.raises(LicenceError, match="no check could cite it"):
        accept_text(text=text, by=make_person("Leo Lawyer", role=Role.LEGAL_APPROVER), note="Read.")
