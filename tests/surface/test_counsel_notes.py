"""A counsel's note is seen by legal roles on the review's page, and is nowhere else: not in a page, a file or a row."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core import mail, serializers
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone

from evidence.models import EvidencePack
from foundation.accounts.actions import issue_token
from foundation.audit.canonical import digest
from foundation.audit.models import Event
from foundation.files import store
from foundation.jobs.actions import Outcome, run, run_all_due
from foundation.jobs.models import Job
from notifications.actions import read_log, remind
from notifications.models import Notice
from reviews.models import CounselNote, Review
from tests import journeys
from tests.evidence.test_pack import streams_of
from tests.journeys import Journey
from tests.surface.table import ROWS, Row
from tests.surface.world import PEOPLE, World, another, undone

pytestmark = pytest.mark.django_db

SECRET = "qvarxzoon"  # one word that nothing else contains, in any language or encoding
LEGAL = ("R", "L", "E")  # Edda holds every role, the legal ones too
OTHERS = tuple(letter for letter in PEOPLE if letter not in LEGAL)


class Lines(logging.Handler):
    """Everything that any part of the portal writes to its logs, down to the debugging."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@pytest.fixture(scope="module")
def logged() -> Iterator[Lines]:
    handler, root = Lines(), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield handler
    root.setLevel(before)
    root.removeHandler(handler)


@pytest.fixture(scope="module")
def sent() -> list[EmailMessage]:
    """The mail that went out with the notes in place; the outbox itself is emptied for every test."""
    return []


@pytest.fixture(scope="module")
def planted(world: World, django_db_blocker: Any, logged: Lines, sent: list[EmailMessage]) -> Iterator[Journey]:
    """Notes on every review, written on the page; then a review with notes of each stage is approved and packed."""
    with django_db_blocker.unblock():
        journey = journeys.declared(another(world.facts, "With notes"))
        plant(world, journey.review)
        journey = journeys.approved(journey)
        for review in Review.objects.all():
            plant(world, review)
        job = Job.objects.get(ref=journey.review.reference, kind="evidence.build_pack")
        assert run(job.pk) is Outcome.DONE, Job.objects.get(pk=job.pk).last_error
        read_log()
        remind(timezone.now())
        run_all_due()
        sent.extend(mail.outbox)
        yield journey


def plant(world: World, review: Review) -> None:
    answer = world.client("R").post(
        reverse("reviews:write-counsel-note", args=[review.reference]), {"text": f"Between us: {SECRET}."}
    )
    assert answer.status_code == 302
    assert CounselNote.objects.filter(review=review, text__contains=SECRET).exists()


def opened(data: bytes) -> Iterator[bytes]:
    """The bytes as they are, and everything that is packed inside them."""
    yield data
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield from opened(archive.read(name))
    if data[:5] == b"%PDF-":
        yield streams_of(data)
        words = subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=True).stdout
        yield words.replace(b"-\n", b"").replace(b"\n", b"")


def holds_the_note(data: bytes) -> bool:
    coded = (SECRET.encode(), SECRET.encode().hex().encode(), SECRET.encode("utf-16-be"), SECRET.encode("utf-16-le"))
    return any(word in piece.lower() for piece in opened(data) for word in coded)


def body_of(answer: Any) -> bytes:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return body + str(answer.headers).encode()


def test_legal_sees_the_note_on_the_reviews_page(world: World, planted: Journey):
    """So that the tests below are about a note that can be found."""
    page = reverse("reviews:detail", args=[planted.review.reference])
    for letter in LEGAL:
        assert holds_the_note(world.client(letter).get(page).content), letter
    for letter in OTHERS:
        assert not holds_the_note(world.client(letter).get(page).content), letter


@pytest.mark.parametrize("number", range(len(ROWS)), ids=[f"{n}-{row.name}" for n, row in enumerate(ROWS)])
def test_no_page_of_anybody_else_holds_the_note(world: World, planted: Journey, number: int):
    """Every address of the portal, and what each says to a form: refusals draw pages too."""
    row = ROWS[number]
    for letter in OTHERS:
        for method in ("get", "post"):
            assert not holds_the_note(fetched(world, row, letter, method)), f"{method} {row.name} as {letter}"


@pytest.mark.parametrize("number", [n for n, row in enumerate(ROWS) if row.name != "reviews:detail"])
def test_legal_meets_the_note_on_no_other_page(world: World, planted: Journey, number: int):
    row = ROWS[number]
    for letter in LEGAL:
        assert not holds_the_note(fetched(world, row, letter, "get")), f"{row.name} as {letter}"


def fetched(world: World, row: Row, letter: str, method: str) -> bytes:
    with undone():
        address = reverse(row.name, args=row.at(world)) + (f"?{row.query}" if row.query else "")
        data = row.data(world, letter) if method == "post" else None
        return body_of(getattr(world.client(letter), method)(address, data))


@pytest.mark.parametrize("name", ["portal:search", "portal:portfolio", "reviews:list", "deployments:product-list"])
def test_nobody_finds_a_review_by_the_words_of_its_note(world: World, planted: Journey, name: str):
    for letter in PEOPLE:
        found = world.client(letter).get(reverse(name), {"q": SECRET}, follow=True).content.decode()
        assert planted.review.reference not in found, letter
        assert planted.product.name not in found, letter


def test_the_pages_and_files_of_the_record_hold_no_note(world: World, planted: Journey):
    reference = planted.review.reference
    addresses = [
        reverse("evidence:record", args=[reference]),
        reverse("portal:product", args=[planted.product.reference]),
        *(reverse("evidence:download", args=[reference, 1, form]) for form in ("zip", "pdf", "json")),
    ]
    for address in addresses:
        for letter in ("R", "A", "O"):
            answer = world.client(letter).get(address)
            assert answer.status_code == 200, address
            assert not holds_the_note(body_of(answer)), f"{address} as {letter}"


def test_no_byte_of_the_pack_holds_the_note(planted: Journey):
    pack = EvidencePack.objects.get(review=planted.review)
    archive = store.read(pack.archive_id)
    assert any(b"Examined for check 1" in piece for piece in opened(archive)), "the test must be able to look inside"
    for blob in (pack.archive_id, pack.pdf_id, pack.record_id):
        assert not holds_the_note(store.read(blob))


def test_no_stored_file_holds_the_note(planted: Journey):
    files = [path for path in Path(settings.BLOB_DIR).rglob("*") if path.is_file()]
    assert files
    for path in files:
        assert not holds_the_note(path.read_bytes()), path


def test_no_line_of_the_log_knows_of_the_note(planted: Journey):
    """Neither its words nor their digest: a digest of a short note can be guessed."""
    commitment = digest({"text": f"Between us: {SECRET}."})
    assert Event.objects.exists()
    for event in Event.objects.prefetch_related("personal_values"):
        said = event.body + json.dumps(dict(event.personal))
        assert SECRET not in said
        assert commitment not in said


def test_no_other_table_holds_the_note(planted: Journey):
    assert SECRET in serializers.serialize("json", CounselNote.objects.all())
    for model in apps.get_models():
        if model is not CounselNote:
            rows = serializers.serialize("json", model._base_manager.all())
            assert SECRET not in rows, model._meta.label


def test_no_notice_or_mail_holds_the_note(planted: Journey, sent: list[EmailMessage]):
    assert Notice.objects.exists()
    assert sent
    for notice in Notice.objects.all():
        assert SECRET not in f"{notice.title} {notice.text}"
    for message in sent:
        assert not holds_the_note(message.message().as_bytes())
        assert SECRET not in f"{message.subject} {message.body}"


def test_no_line_of_the_servers_log_holds_the_note(planted: Journey, logged: Lines):
    assert logged.lines
    assert not any(SECRET in line for line in logged.lines)


def test_no_answer_of_the_api_holds_the_note(world: World, planted: Journey):
    issued = issue_token(by=world.cast.adam, name="CI", scopes=["gate:check"], expires_at=world.token.expires_at)
    for journey in (planted, world.review, world.suspended):
        answer = world.client("-").post(
            reverse("api-1:check"),
            json.dumps({"product": journey.product.reference, "environment": "Production US", "model": journeys.MODEL}),
            content_type="application/json",
            headers={"authorization": f"Bearer {issued.clear}"},
        )
        assert answer.status_code == 200
        assert answer.json()["review"] == journey.review.reference
        assert not holds_the_note(answer.content)
