"""A lawyer gives an address: a worker fetches the text, it arrives as an upload would, and the page says what came."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils.html import strip_tags

from foundation.accounts.models import User
from foundation.accounts.roles import Role
from foundation.audit.models import Event
from foundation.jobs.actions import Outcome, run
from foundation.jobs.models import Job
from foundation.outbound.client import Response
from foundation.outbound.errors import OutboundFailed
from licences.actions import import_text
from licences.actions.bring_text import BRING_JOB, bring_text
from licences.actions.import_text import LARGEST_TEXT
from licences.models import AddressCheck, LicenceText, LlamaVersion, TextKind
from licences.queries import current_text, terms_for
from tests.cast import make_person, signed_in
from tests.licences.conftest import SYSTEM
from tests.licences.test_watch_texts import Publisher
from tests.licences.texts import AGREEMENT, AUP

pytestmark = pytest.mark.django_db

PLAIN = {"Content-Type": "text/plain"}
CHANGED = AGREEMENT.replace("a towel", "a blanket")


@pytest.fixture
def publisher(settings: object) -> Iterator[Publisher]:
    """A real server on this machine, which the portal may reach."""
    settings.OUTBOUND_ALLOW = ("127.0.0.1/32",)  # type: ignore[attr-defined]
    server = Publisher()
    yield server
    server.server.shutdown()
    server.server.server_close()


@pytest.fixture
def leo(db: None) -> User:
    return make_person("Leo Lawyer", role=Role.LEGAL_APPROVER)


@pytest.fixture
def llama(llama_9: LlamaVersion) -> LlamaVersion:
    """Llama 9 with both its texts."""
    for kind, words in ((TextKind.AGREEMENT, AGREEMENT), (TextKind.AUP, AUP)):
        import_text(version=llama_9, kind=kind, data=words.encode(), source="the river", imported_by=SYSTEM)
    return llama_9


def give(person: User, address: str, **more: object) -> tuple[int, str]:
    """What the form answers, and what its page says."""
    visit = signed_in(person)
    answer = visit.post("/licences/llama-9/texts/", {"kind": "agreement", "address": address, **more}, follow=True)
    return answer.status_code, said_by(answer.content)


def page(person: User) -> str:
    return said_by(signed_in(person).get("/licences/llama-9/").content)


def said_by(content: bytes) -> str:
    return re.sub(r"\s+", " ", strip_tags(content.decode().replace("<", " <")))


def work() -> list[Outcome]:
    """What a worker does with the texts that were asked for."""
    return [run(one.pk) for one in Job.objects.filter(kind=BRING_JOB, state="queued")]


def test_an_address_that_is_looked_at_anyway_is_not_fetched_twice(llama_9: LlamaVersion, leo: User) -> None:
    watched = terms_for(llama_9).agreement.web
    status, said = give(leo, watched)
    assert status == 422
    assert "looks at this address by itself once a day" in said
    assert not Job.objects.filter(kind=BRING_JOB).exists()


# --- what arrives -----------------------------------------------------------------------------------------------
def test_the_form_reaches_nothing_and_says_that_the_text_is_on_its_way(
    llama: LlamaVersion, leo: User, publisher: Publisher
) -> None:
    status, said = give(leo, f"{publisher.address}/raw/NEW")
    assert status == 200
    assert "On its way: a worker fetches the address" in said
    assert "Leo Lawyer asked for it" in said
    assert Job.objects.get(kind=BRING_JOB).state == "queued"
    assert LicenceText.objects.count() == 2


def test_other_words_arrive_as_a_candidate_with_their_address_and_who_brought_them(
    llama: LlamaVersion, leo: User, publisher: Publisher
) -> None:
    publisher.answers["/raw/NEW"] = (200, PLAIN, CHANGED)
    before = current_text(llama, TextKind.AGREEMENT)
    give(leo, f"{publisher.address}/raw/NEW")
    assert work() == [Outcome.DONE]
    candidate = LicenceText.objects.get(standing="candidate")
    assert (candidate.source, candidate.imported_by) == (f"{publisher.address}/raw/NEW", leo.reference)
    assert current_text(llama, TextKind.AGREEMENT) == before
    said = page(leo)
    assert "Other words: kept apart until legal decides" in said
    assert "Read it and decide" in said
    assert [one.kind for one in Event.objects.filter(subject="llama-9").order_by("pk")][-3:] == [
        "licence.text_asked_for",
        "licence.text_imported",
        "licence.text_fetched",
    ]


def test_the_words_that_are_relied_on_already_are_said_to_be_the_same(
    llama: LlamaVersion, leo: User, publisher: Publisher
) -> None:
    give(leo, f"{publisher.address}/raw/LICENSE")
    work()
    assert LicenceText.objects.count() == 2
    assert AddressCheck.objects.get().outcome == "same"
    assert "Same words as the text relied on" in page(leo)


def test_a_known_copy_where_there_was_none_is_relied_on(llama_9: LlamaVersion, leo: User, publisher: Publisher) -> None:
    give(leo, f"{publisher.address}/raw/LICENSE")
    work()
    assert current_text(llama_9, TextKind.AGREEMENT) is not None
    assert "A copy that Meta is known to have published" in page(leo)


def test_once_decided_the_list_says_so_and_not_that_it_waits(
    llama: LlamaVersion, leo: User, publisher: Publisher
) -> None:
    publisher.answers["/raw/NEW"] = (200, PLAIN, CHANGED)
    give(leo, f"{publisher.address}/raw/NEW")
    work()
    candidate = LicenceText.objects.get(standing="candidate")
    signed_in(leo).post(f"/licences/llama-9/texts/{candidate.sha256}/refuse/", {"note": "Nobody knows its origin."})
    assert "Read it and decide" not in page(leo)
    assert "Other words: kept apart until legal decides" not in page(leo)


def test_asked_for_again_it_is_looked_at_again_and_stands_in_the_list_once(
    llama: LlamaVersion, leo: User, publisher: Publisher
) -> None:
    for status in (404, 200):
        publisher.answers["/raw/NEW"] = (status, PLAIN, CHANGED)
        give(leo, f"{publisher.address}/raw/NEW")
        work()
    assert Job.objects.filter(kind=BRING_JOB).count() == 2
    assert AddressCheck.objects.get().outcome == "changed"


def test_a_worker_that_does_it_twice_imports_it_once(llama: LlamaVersion, leo: User, publisher: Publisher) -> None:
    publisher.answers["/raw/NEW"] = (200, PLAIN, CHANGED)
    give(leo, f"{publisher.address}/raw/NEW")
    check = AddressCheck.objects.select_related("version", "asked_by").get()
    bring_text(check=check, last_attempt=False)  # and killed before it could say so
    assert work() == [Outcome.DONE]
    assert LicenceText.objects.filter(standing="candidate").count() == 1


# --- what does not ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((404, PLAIN, ""), "answered with status 404"),
        ((200, {"Content-Type": "text/html"}, "<p>License</p>"), "A web page stands there, not a text"),
        ((200, PLAIN, " <!DOCTYPE html><title>License</title>"), "A web page stands there, not a text"),
        ((200, PLAIN, "x" * (LARGEST_TEXT + 1)), "is larger than"),
        ((200, PLAIN, "\0 text"), "so it is not plain text"),
        ((200, PLAIN, ""), "is empty"),
        ((302, {"Location": "http://169.254.169.254/latest"}, ""), "sends on to 169.254.169.254"),
        ((302, {"Location": "http://127.0.0.2/LICENSE"}, ""), "sends on to 127.0.0.2"),
    ],
)
def test_what_is_no_text_is_not_taken_in_and_the_page_says_why(
    llama: LlamaVersion, leo: User, publisher: Publisher, answer: tuple[int, dict[str, str], str], reason: str
) -> None:
    publisher.answers["/raw/NEW"] = answer
    give(leo, f"{publisher.address}/raw/NEW")
    assert work() == [Outcome.DONE]  # trying again would not help, and nobody has to look at a dead job
    assert LicenceText.objects.count() == 2
    assert "Not taken in" in page(leo)
    assert reason in page(leo)


def test_bytes_that_are_no_utf_8_are_named(llama: LlamaVersion, leo: User) -> None:
    give(leo, "https://otters.example/LICENSE")
    check = AddressCheck.objects.select_related("version", "asked_by").get()
    latin = Response(check.address, 200, PLAIN, "Otter’s café".encode("cp1252"), "198.51.100.7")
    bring_text(check=check, last_attempt=False, get=lambda _address: latin)()
    assert "not UTF-8 text" in page(leo)


def test_a_name_that_leads_to_a_private_address_is_refused_by_the_worker(
    llama: LlamaVersion, leo: User, publisher: Publisher, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.OUTBOUND_ALLOW = ()  # type: ignore[attr-defined]
    monkeypatch.setattr(
        "foundation.outbound.client.socket.getaddrinfo", lambda *_a, **_k: [(2, 1, 6, "", ("10.0.0.1", 443))]
    )
    give(leo, "https://inside.otters.example/LICENSE")
    work()
    assert "inside.otters.example is at an address that is not public" in page(leo)


def test_silence_is_tried_again_and_then_said_without_a_dead_job(llama: LlamaVersion, leo: User) -> None:
    give(leo, "https://otters.example/LICENSE")
    check = AddressCheck.objects.select_related("version", "asked_by").get()

    def silence(_address: str) -> Response:
        raise OutboundFailed("otters.example did not answer in time. Try again later.")

    with pytest.raises(OutboundFailed):
        bring_text(check=check, last_attempt=False, get=silence)
    assert "did not answer in time. Try again later. A worker tries once more" in page(leo)
    bring_text(check=check, last_attempt=True, get=silence)()
    assert "Nothing answered" in page(leo)


def test_who_lost_the_role_meanwhile_brings_nothing(llama: LlamaVersion, leo: User, publisher: Publisher) -> None:
    publisher.answers["/raw/NEW"] = (200, PLAIN, CHANGED)
    give(leo, f"{publisher.address}/raw/NEW")
    leo.memberships.all().delete()
    check = AddressCheck.objects.select_related("version", "asked_by").get()
    bring_text(check=check, last_attempt=False)()
    assert LicenceText.objects.count() == 2
    assert AddressCheck.objects.get().outcome == "not_there"


# --- the form ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("otters.example/LICENSE", "start with https://"),
        ("ftp://otters.example/LICENSE", "start with https://"),
        ("https://10.0.0.1/LICENSE", "not public"),
        ("https://[::1]/LICENSE", "not public"),
        ("https://2130706433/LICENSE", "unusual form"),
        ("https://leo:secret@otters.example/LICENSE", "before the host"),
        ("https://otters.example/a b", "a space"),
        ("", "Choose a file, or give its address"),
    ],
)
def test_an_address_that_cannot_be_fetched_is_named_at_once_and_what_was_typed_stays(
    llama: LlamaVersion, leo: User, address: str, reason: str
) -> None:
    answer = signed_in(leo).post(
        "/licences/llama-9/texts/", {"kind": "aup", "address": address, "source": "A letter of May"}
    )
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert reason in said_by(answer.content)
    assert f'value="{address}"' in shown or not address
    assert 'value="A letter of May"' in shown
    assert '<option value="aup" selected>' in shown
    assert not Job.objects.filter(kind=BRING_JOB).exists()


def test_an_address_with_an_at_sign_is_an_address_and_an_e_mail_address_is_no_source(
    llama: LlamaVersion, leo: User, client: Client
) -> None:
    assert give(leo, "https://cdn.otters.example/otters@1.2/LICENSE.md")[0] == 200
    assert AddressCheck.objects.get().outcome == "asked"
    status, said = give(leo, "", source="leo@otters.example")
    assert status == 422
    assert "An e-mail address alone does not go into the log" in said
