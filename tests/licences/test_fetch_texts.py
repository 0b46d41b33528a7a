"""Texts are fetched from the addresses of the catalogue; no network is said plainly."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from foundation.jobs.models import Job
from foundation.outbound.client import Response
from foundation.outbound.errors import OutboundFailed, OutboundRefused
from licences.actions import fetch_texts
from licences.models import LicenceText, LlamaVersion, TextKind
from licences.queries import current_text
from tests.licences.conftest import SYSTEM
from tests.licences.texts import AGREEMENT, AUP

pytestmark = pytest.mark.django_db


class Library:
    """A server of texts, and what it was asked."""

    def __init__(self, status: int = 200, agreement: str = AGREEMENT) -> None:
        self.status, self.agreement, self.asked = status, agreement, list[str]()

    def __call__(self, address: str) -> Response:
        self.asked.append(address)
        words = self.agreement if address.endswith("LICENSE") else AUP
        return Response(address, self.status, {}, words.encode(), "198.51.100.7")


def test_every_text_of_the_catalogue_is_fetched_and_becomes_current(llama_9: LlamaVersion) -> None:
    library = Library()
    fetched = fetch_texts(by=SYSTEM, get=library)
    assert all(one.text for one in fetched)
    assert LicenceText.objects.filter(is_current=True).count() == 2
    assert len(library.asked) == 4  # the known copy and the branch's head, for each document


def test_only_the_head_is_asked_for_once_a_text_is_current(llama_9: LlamaVersion) -> None:
    fetch_texts(by=SYSTEM, get=Library())
    again = Library()
    fetch_texts(by=SYSTEM, get=again)
    assert len(again.asked) == 2
    assert LicenceText.objects.count() == 2


def test_a_text_that_changed_at_its_address_is_kept_apart(llama_9: LlamaVersion) -> None:
    fetch_texts(by=SYSTEM, get=Library())
    fetch_texts(by=SYSTEM, get=Library(agreement=AGREEMENT.replace("towel", "blanket")))
    new = LicenceText.objects.get(match="different")
    assert (new.standing, new.is_current) == ("candidate", False)
    assert new.source.endswith("LICENSE")
    current = current_text(llama_9, TextKind.AGREEMENT)
    assert current is not None
    assert current.match == "repository_copy"


def test_an_answer_that_is_no_text_is_named_and_not_imported(llama_9: LlamaVersion) -> None:
    fetched = fetch_texts(by=SYSTEM, get=Library(status=404))
    assert {one.problem for one in fetched} == {
        "raw.githubusercontent.com answered with status 404. Check the address."
    }
    assert not LicenceText.objects.exists()


def test_a_web_page_in_place_of_the_text_is_named_and_not_imported(llama_9: LlamaVersion) -> None:
    fetched = fetch_texts(by=SYSTEM, get=Library(agreement="<!DOCTYPE html><p>Sign in to this hotel's network</p>"))
    assert [one.problem.partition(".")[0] for one in fetched if one.kind == TextKind.AGREEMENT] == [
        "A web page stands there, not a text"
    ] * 2
    assert not LicenceText.objects.filter(kind="agreement").exists()


def test_a_host_that_does_not_answer_is_asked_once(llama_9: LlamaVersion) -> None:
    asked = []

    def silence(address: str) -> Response:
        asked.append(address)
        raise OutboundFailed("raw.githubusercontent.com was not found.")

    fetched = fetch_texts(by=SYSTEM, get=silence)
    assert len(asked) == 1
    assert all(one.unreachable for one in fetched)


def test_a_refused_address_does_not_stop_the_others(llama_9: LlamaVersion) -> None:
    library = Library()

    def guarded(address: str) -> Response:
        if address.endswith("LICENSE"):
            raise OutboundRefused("The portal does not go there.")
        return library(address)

    fetched = fetch_texts(by=SYSTEM, get=guarded)
    assert [bool(one.text) for one in fetched] == [False, False, True, True]


def test_the_command_says_plainly_that_there_is_no_network(
    llama_9: LlamaVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nowhere(*_args: object, **_options: object) -> list[object]:
        raise OSError("no network")

    monkeypatch.setattr("socket.getaddrinfo", nowhere)
    err = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("fetch_licence_texts", stderr=err)
    assert ended.value.code == 1
    assert "this machine does not reach raw.githubusercontent.com" in err.getvalue()
    assert "manage.py import_licence_texts DIR" in err.getvalue()


def test_the_fetching_can_be_left_to_a_worker(llama_9: LlamaVersion) -> None:
    call_command("fetch_licence_texts", later=True, stdout=StringIO())
    assert Job.objects.filter(kind="licences.fetch_texts").count() == 1
