"""Meta's addresses are watched: other words become a candidate, legal is told, and nothing else changes by itself."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from foundation.accounts.roles import Role
from foundation.outbound import client
from licences.actions import accept_text, import_text, sync_catalogue, watch_texts
from licences.actions.import_text import LARGEST_TEXT
from licences.models import AddressCheck, LicenceText, LlamaVersion, TextKind
from licences.queries import current_text
from notifications.actions import read_log
from notifications.models import Notice
from notifications.queries import still_waiting
from tests.cast import make_person
from tests.licences.conftest import SYSTEM, invented_catalogue
from tests.licences.test_web_copy import PAGE
from tests.licences.texts import AGREEMENT, AUP

pytestmark = pytest.mark.django_db

Answer = tuple[int, dict[str, str], str]


class Publisher:
    """A real HTTP server on this machine; what it answers by path can be changed."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {
            "/raw/LICENSE": (200, {"Content-Type": "text/plain"}, AGREEMENT),
            "/raw/USE_POLICY.md": (200, {"Content-Type": "text/plain"}, AUP),
            "/web/license": (404, {"Content-Type": "text/html"}, "<p>Gone</p>"),
            "/web/use": (200, {"Content-Type": "text/html; charset=utf-8"}, PAGE),
        }
        publisher = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, headers, body = publisher.answers.get(self.path, (404, {}, ""))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def get(self, address: str) -> client.Response:
        """The portal's own client, sent to this server in place of the host that the catalogue names."""
        here = address.replace("https://otters.example", self.address)
        return client.fetch(here, max_bytes=LARGEST_TEXT, timeout=5.0)

    def watch(self) -> None:
        watch_texts(by=SYSTEM, get=self.get)


@pytest.fixture
def publisher(settings: object) -> Iterator[Publisher]:
    settings.OUTBOUND_ALLOW = ("127.0.0.1/32",)  # type: ignore[attr-defined]
    server = Publisher()
    yield server
    server.server.shutdown()
    server.server.server_close()


@pytest.fixture
def version(db: None, file_store: Path, tmp_path: Path, publisher: Publisher) -> LlamaVersion:
    """Llama 9, published by the server of this test, with both texts here."""
    folder = invented_catalogue(tmp_path / "catalogue")
    file = folder / "llama-9.toml"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    own = {
        "agreement = { raw": 'agreement = { raw = "https://otters.example/raw/LICENSE", web = "https://otters.example/web/license" }\n',
        "aup = { raw": 'aup = { raw = "https://otters.example/raw/USE_POLICY.md", web = "https://otters.example/web/use" }\n',
    }
    file.write_text(
        "".join(next((new for start, new in own.items() if line.startswith(start)), line) for line in lines),
        encoding="utf-8",
    )
    sync_catalogue(by=SYSTEM, folder=folder)
    found = LlamaVersion.objects.get(slug="llama-9")
    for kind, words in ((TextKind.AGREEMENT, AGREEMENT), (TextKind.AUP, AUP)):
        import_text(version=found, kind=kind, data=words.encode(), source="folder", imported_by=SYSTEM)
    return found


def outcomes() -> dict[str, str]:
    return {one.address.removeprefix("https://otters.example/"): one.outcome for one in AddressCheck.objects.all()}


def test_the_same_words_are_noted_with_the_day_also_on_a_web_page(version: LlamaVersion, publisher: Publisher) -> None:
    publisher.watch()
    assert outcomes() == {
        "raw/LICENSE": "same",
        "raw/USE_POLICY.md": "same",
        "web/license": "not_there",
        "web/use": "same",
    }
    assert LicenceText.objects.count() == 2
    # The label of the catalogue says what was known when it was written; the page says what is known today.
    LicenceText.objects.update(label="matches the copy; web copy not checked")
    visit = Client()
    visit.force_login(make_person("Nora New"))
    page = visit.get("/licences/llama-9/").content.decode()
    assert f"Matches the copy; web copy had the same words on {date_format(timezone.now(), 'j M Y')}" in page
    assert (
        page.count("Matches the copy; web copy not checked") == 2
    )  # of the agreement, whose page is gone: both places


def test_one_changed_word_becomes_a_candidate_with_a_redline_and_legal_is_told_once(
    version: LlamaVersion, publisher: Publisher
) -> None:
    leo = make_person("Leo Lawyer", role=Role.LEGAL_APPROVER)
    nora = make_person("Nora New")
    status, headers, words = publisher.answers["/raw/LICENSE"]
    publisher.answers["/raw/LICENSE"] = (status, headers, words.replace("a towel", "a blanket"))
    before = current_text(version, TextKind.AGREEMENT)
    for _again in range(2):
        publisher.watch()
        read_log()
    candidate = LicenceText.objects.get(standing="candidate")
    assert current_text(version, TextKind.AGREEMENT) == before
    assert outcomes()["raw/LICENSE"] == "changed"

    notices = list(Notice.objects.filter(kind="licence.text_imported"))
    assert [one.person for one in notices] == [leo]
    assert nora.pk not in {one.person_id for one in notices}
    assert notices[0].title == "A licence text with other words waits for legal: Llama 9, agreement"
    assert notices[0].link == "/licences/llama-9/#candidates"
    assert still_waiting(leo, notices) == {notices[0].pk}

    visit = Client()
    visit.force_login(leo)
    redline = visit.get(f"/licences/compare/llama-9/llama-9/?doc=agreement&to={candidate.sha256}").content.decode()
    assert "<ins>" in redline
    assert "blanket" in redline
    accept_text(text=candidate, by=leo, note="Read and accepted.")
    assert still_waiting(leo, notices) == set()
    publisher.watch()
    assert outcomes()["raw/LICENSE"] == "same"


def test_a_copy_with_the_same_words_is_told_as_such_with_its_document(
    version: LlamaVersion, publisher: Publisher
) -> None:
    make_person("Leo Lawyer", role=Role.LEGAL_APPROVER)
    for path, before, after in (("/raw/LICENSE", "      a. ", "    a. "), ("/raw/USE_POLICY.md", "\n\n", "\n\n\n")):
        status, headers, words = publisher.answers[path]
        publisher.answers[path] = (status, headers, words.replace(before, after))
    publisher.watch()
    read_log()
    titles = sorted(Notice.objects.filter(kind="licence.text_imported").values_list("title", flat=True))
    assert titles == [
        "A copy with the same words waits, one click: Llama 9, acceptable use policy",
        "A copy with the same words waits, one click: Llama 9, agreement",
    ]


def test_a_changed_web_page_becomes_a_candidate_cut_out_of_it(version: LlamaVersion, publisher: Publisher) -> None:
    status, headers, page = publisher.answers["/web/use"]
    publisher.answers["/web/use"] = (status, headers, page.replace("Lie about fish", "Lie about birds"))
    publisher.watch()
    candidate = LicenceText.objects.get(standing="candidate")
    assert candidate.kind == "aup"
    assert candidate.clauses.get(clause_id="1.b").body == "Lie about birds"
    check = AddressCheck.objects.get(address__endswith="/web/use")
    assert (check.outcome, check.problem) == ("changed", "Not word for word on the page: 1.b.")


@pytest.mark.parametrize(
    "onward", ["http://10.0.0.1/LICENSE", "http://169.254.169.254/latest", "http://[::1]/x", "http://127.0.0.2/x"]
)
def test_a_redirect_to_a_private_address_is_refused(version: LlamaVersion, publisher: Publisher, onward: str) -> None:
    publisher.answers["/raw/LICENSE"] = (302, {"Location": onward}, "")
    publisher.watch()
    check = AddressCheck.objects.get(address__endswith="/raw/LICENSE")
    assert check.outcome == "not_there"
    assert "sends on to" in check.problem
    assert LicenceText.objects.count() == 2


def test_a_private_address_in_the_catalogue_is_refused(
    version: LlamaVersion, publisher: Publisher, settings: object
) -> None:
    settings.OUTBOUND_ALLOW = ()  # type: ignore[attr-defined]
    publisher.watch()
    assert set(outcomes().values()) <= {"not_there", "unreachable"}


def test_what_does_not_answer_is_noted_and_the_last_good_look_is_kept(
    version: LlamaVersion, publisher: Publisher
) -> None:
    publisher.watch()
    publisher.server.shutdown()
    publisher.server.server_close()
    publisher.watch()
    check = AddressCheck.objects.get(address__endswith="/raw/LICENSE")
    assert check.outcome == "unreachable"
    # Nobody wrote this address here: whoever reads it has nothing to put right.
    assert check.problem == (
        "The portal could not reach otters.example. Nothing has to be done now: it looks again once a day."
    )
    assert check.words_seen_at is not None
    assert check.words_seen_at < check.checked_at


def test_the_page_of_the_version_says_what_was_found(version: LlamaVersion, publisher: Publisher) -> None:
    visit = Client()
    visit.force_login(make_person("Nora New"))
    assert "Nobody has looked there yet" in visit.get("/licences/llama-9/").content.decode()
    publisher.watch()
    page = visit.get("/licences/llama-9/").content.decode()
    assert "Same words as the text relied on" in page
    assert "The page does not show the text" in page


def test_another_layout_of_the_same_words_takes_one_click(version: LlamaVersion, publisher: Publisher) -> None:
    leo = make_person("Leo Lawyer", role=Role.LEGAL_APPROVER)
    status, headers, words = publisher.answers["/raw/LICENSE"]
    publisher.answers["/raw/LICENSE"] = (status, headers, words + "\n\n")
    publisher.watch()
    assert outcomes()["raw/LICENSE"] == "same"
    candidate = LicenceText.objects.get(standing="candidate")
    visit = Client()
    visit.force_login(leo)
    page = visit.get("/licences/llama-9/").content.decode()
    assert "Accept: same words" in page
    address = f"/licences/llama-9/texts/{candidate.sha256}/accept/"
    assert visit.post(address, {"note": "Same words as the text relied on so far."}).status_code == 302
    candidate.refresh_from_db()
    assert candidate.is_current


def never(address: str) -> client.Response:
    raise AssertionError(f"asked for {address}")


def test_versions_without_texts_are_not_watched(llama_9: LlamaVersion) -> None:
    assert watch_texts(by=SYSTEM, get=never) == []
