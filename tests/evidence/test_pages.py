"""The pages of records: who sees which, how they are found, and that every download leaves a line in the log."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deployments.models import Approval
from evidence.models import EvidencePack
from evidence.verify import verify_pack
from foundation.accounts.company_day import company_day
from foundation.accounts.models import User
from foundation.audit.kinds import Kind
from foundation.audit.models import Event
from foundation.files import store
from foundation.jobs.models import Job
from foundation.keys import authority
from reviews.actions.moves import suspend
from reviews.models import Review
from tests.evidence.builders import Cast, approved_review, declared_review, rejected_review
from tests.evidence.conftest import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def sign_in() -> Callable[[User], Client]:
    def as_person(person: User) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return as_person


def downloads() -> list[dict[str, Any]]:
    return [event.facts | {"by": event.actor_ref} for event in Event.objects.filter(kind=Kind.EVIDENCE_DOWNLOADED)]


# person, status of the record's page, of a download, and how many records the list shows
WHO = [
    ("anna", 200, 200, 1),
    ("rita", 200, 200, 1),
    ("leo", 200, 200, 1),
    ("olive", 200, 200, 1),
    ("petra", 200, 200, 1),  # signed for attribution
    ("ravi", 200, 200, 1),  # signed for the risk
    ("ada", 403, 403, 0),  # sees the review, has no right to its record: administrators run the machine
    ("sam", 404, 404, 0),  # may not know of the review
]


@pytest.mark.parametrize(("name", "shown", "file", "listed"), WHO)
def test_auditors_legal_the_owner_and_who_signed_see_records_and_others_do_not(
    pack: EvidencePack, cast: Cast, sign_in: Any, name: str, shown: int, file: int, listed: int
):
    client = sign_in(getattr(cast, name))
    assert client.get("/records/REV-00001/").status_code == shown
    assert client.get("/records/REV-00001/1/zip/").status_code == file
    assert len(downloads()) == (1 if file == 200 else 0)
    response = client.get("/records/")
    assert response.status_code == 200
    assert len(response.context["page"].object_list) == listed
    together = client.post("/records/download/", {"pack": [pack.pk]})
    assert together.status_code == (200 if listed else 302)
    if listed:
        b"".join(together.streaming_content)


def test_who_signed_one_review_reads_its_record_and_no_other(pack: EvidencePack, cast: Cast, sign_in: Any):
    other = build(rejected_review(cast)).review.reference  # decided before anybody signed
    client = sign_in(cast.ravi)
    assert client.get("/records/REV-00001/").status_code == 200
    assert client.get(f"/records/{other}/").status_code == 403
    assert [one.review.reference for one in client.get("/records/").context["page"]] == ["REV-00001"]


def test_another_product_owner_of_the_team_reads_it_and_one_of_another_team_does_not(
    pack: EvidencePack, cast: Cast, sign_in: Any
):
    from foundation.accounts.actions import grant_role
    from tests.evidence.builders import SEED

    assert sign_in(cast.sam).get("/records/REV-00001/").status_code == 404
    grant_role(by=SEED, person=cast.sam, role="product_owner", team=cast.team)
    client = sign_in(User.objects.get(pk=cast.sam.pk))
    assert client.get("/records/REV-00001/").status_code == 200
    assert len(client.get("/records/").context["page"].object_list) == 1


@pytest.mark.parametrize(("name", "shown"), [("anna", True), ("petra", True), ("olive", True), ("ada", False)])
def test_the_review_offers_its_record_to_whoever_may_read_it(
    pack: EvidencePack, cast: Cast, sign_in: Any, name: str, shown: bool
):
    page = sign_in(getattr(cast, name)).get("/reviews/REV-00001/").content.decode()
    assert ("/records/REV-00001/" in page) is shown


def test_nobody_gets_anything_without_signing_in(pack: EvidencePack, client: Client):
    for path in ("", "list.csv", "root.pem", "REV-00001/", "REV-00001/1/zip/"):
        assert client.get(f"/records/{path}").status_code == 302
    for path in ("download/", "REV-00001/build/"):
        assert client.post(f"/records/{path}").status_code == 302
    assert downloads() == []


def test_an_auditor_of_one_team_sees_the_records_of_that_team_alone(pack: EvidencePack, cast: Cast, sign_in: Any):
    from foundation.accounts.actions import grant_role
    from tests.evidence.builders import SEED

    grant_role(by=SEED, person=cast.sam, role="auditor", team=cast.other_team)
    assert len(sign_in(cast.sam).get("/records/").context["page"].object_list) == 0
    grant_role(by=SEED, person=cast.sam, role="auditor", team=cast.team)
    assert len(sign_in(User.objects.get(pk=cast.sam.pk)).get("/records/").context["page"].object_list) == 1


@pytest.mark.parametrize(
    ("form", "media_type"), [("zip", "application/zip"), ("pdf", "application/pdf"), ("json", "application/json")]
)
def test_each_form_is_an_attachment_that_no_browser_interprets_and_an_event(
    pack: EvidencePack, cast: Cast, sign_in: Any, form: str, media_type: str
):
    response = sign_in(cast.anna).get(f"/records/REV-00001/1/{form}/")
    assert response["Content-Type"] == media_type
    assert response["Content-Disposition"] == f'attachment; filename="REV-00001.{form}"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response.content == store.read({"zip": pack.archive_id, "pdf": pack.pdf_id, "json": pack.record_id}[form])
    assert downloads() == [{"form": form, "records": ["REV-00001/1"], "by": cast.anna.reference}]


def test_what_is_downloaded_verifies_with_the_root_that_the_page_gives(pack: EvidencePack, cast: Cast, sign_in: Any):
    client = sign_in(cast.anna)
    root = client.get("/records/root.pem")
    assert root["Content-Disposition"] == 'attachment; filename="root.pem"'
    assert verify_pack(client.get("/records/REV-00001/1/zip/").content, root=root.content).sound


def test_forms_and_editions_that_do_not_exist_are_not_found(pack: EvidencePack, cast: Cast, sign_in: Any):
    client = sign_in(cast.anna)
    for path in ("REV-00001/1/exe/", "REV-00001/2/zip/", "REV-99999/", "nonsense/", "REV-99999/1/zip/"):
        assert client.get(f"/records/{path}").status_code == 404, path
    assert downloads() == []


def test_a_file_that_was_changed_on_the_disk_is_not_handed_out(pack: EvidencePack, cast: Cast, sign_in: Any):
    path = store.path_of(pack.pdf_id)
    path.write_bytes(path.read_bytes()[:-1])
    response = sign_in(cast.anna).get("/records/REV-00001/1/pdf/", follow=True)
    assert "was changed: restore" in response.content.decode()
    assert downloads() == []


def test_the_page_shows_the_digests_the_fingerprint_and_how_to_verify(pack: EvidencePack, cast: Cast, sign_in: Any):
    page = sign_in(cast.anna).get("/records/REV-00001/").content.decode()
    for expected in ("sha256sum -c SHA256SUMS", "verify_evidence REV-00001.zip", "Rita Reviewer (Legal reviewer)"):
        assert expected in page
    for digest in (pack.archive_id, pack.pdf_id, pack.record_id):
        assert digest in page.replace("<wbr>", "")
    assert authority.root_fingerprint() in page.replace("<wbr>", "")


def test_while_the_record_is_being_made_the_page_says_so(review: Review, cast: Cast, sign_in: Any):
    client = sign_in(cast.olive)
    assert "The record is being made" in client.get("/records/REV-00001/").content.decode()
    listed = client.get("/records/").content.decode()
    assert "Being made" in listed
    assert "/records/REV-00001/" in listed


def test_when_the_job_was_given_up_on_the_page_says_why_and_whom_to_ask(review: Review, cast: Cast, sign_in: Any):
    Job.objects.filter(ref="REV-00001").update(
        state="dead", finished_at=timezone.now(), last_error="The colour printer is on fire."
    )
    page = sign_in(cast.olive).get("/records/REV-00001/").content.decode()
    assert "The colour printer is on fire." in page
    assert "Ask an administrator: Ada Administrator." in page


def test_an_undecided_review_has_a_page_that_says_so(cast: Cast, sign_in: Any):
    declared_review(cast)
    assert "not decided yet" in sign_in(cast.rita).get("/records/REV-00001/").content.decode()


def test_legal_asks_for_a_new_edition_when_something_happened(pack: EvidencePack, cast: Cast, sign_in: Any):
    client = sign_in(cast.rita)
    said = client.post("/records/REV-00001/build/", follow=True).content.decode()
    assert "nothing has happened since" in said
    suspend(review=pack.review, by=cast.leo, reason="A complaint came in.")
    said = client.post("/records/REV-00001/build/", follow=True).content.decode()
    assert "The record is being made" in said
    assert Job.objects.filter(dedupe="evidence:REV-00001:2", state="queued").exists()
    assert sign_in(cast.olive).post("/records/REV-00001/build/").status_code == 403


def found(client: Client, **query: str) -> list[str]:
    return [pack.review.reference for pack in client.get("/records/", query).context["page"].object_list]


def test_records_are_found_by_product_entity_version_dates_person_and_state(cast: Cast, sign_in: Any):
    first, second = approved_review(cast, "Claims assistant"), rejected_review(cast, "Garden adviser")
    build(first)
    build(second)
    one, two = first.reference, second.reference
    client = sign_in(cast.anna)
    today, tomorrow = company_day(timezone.now()), company_day(timezone.now()) + timedelta(days=2)
    assert found(client) == [two, one]
    assert found(client, product="garden") == [two]
    assert found(client, product=first.component.product.reference) == [one]
    assert found(client, product=two.lower()) == [two]
    assert found(client, product="70B") == [two, one]
    assert found(client, entity="norrbro") == [two, one]
    assert found(client, entity=cast.entity.reference) == [two, one]
    assert found(client, entity="ENT-99999") == []
    assert found(client, version="llama-3.1") == [two, one]
    assert found(client, version="llama-4") == []
    assert found(client, state="rejected") == [two]
    assert found(client, person="ravi") == [one]
    assert found(client, person="olive") == [two, one]
    assert found(client, since=tomorrow.isoformat()) == []
    assert found(client, since=(today - timedelta(days=2)).isoformat(), until=tomorrow.isoformat()) == [two, one]
    assert found(client, until="2001-01-01") == []
    assert found(client, since="not a day", page="nonsense", product="") == [two, one]


def test_the_csv_lists_what_is_filtered_and_computes_nothing(pack: EvidencePack, cast: Cast, sign_in: Any):
    product = pack.review.component.product
    type(product).objects.filter(pk=product.pk).update(name="=1+1")
    client = sign_in(cast.anna)
    response = client.get("/records/list.csv", {"version": "llama-3.1"})
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(response.getvalue().decode())))
    assert [row["Review"] for row in rows] == ["REV-00001"]
    assert rows[0]["Product name"] == "'=1+1"
    assert rows[0]["SHA-256 of the pack"] == pack.archive_id
    assert (
        len(list(csv.reader(io.StringIO(client.get("/records/list.csv", {"version": "llama-4"}).getvalue().decode()))))
        == 1
    )


def test_ticked_records_come_together_and_each_still_verifies(cast: Cast, sign_in: Any):
    packs = [build(approved_review(cast, "Claims assistant")), build(rejected_review(cast, "Garden adviser"))]
    response = sign_in(cast.anna).post("/records/download/", {"pack": [str(pack.pk) for pack in packs]})
    assert response["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(response.getvalue())) as bundle:
        assert bundle.testzip() is None
        for pack, name in zip(packs, bundle.namelist(), strict=True):
            assert name == f"{pack.review.reference}-edition-1.zip"
            assert verify_pack(bundle.read(name)).sound
    (event,) = downloads()
    assert event["records"] == ["REV-00001/1", "REV-00002/1"]


def test_ticking_nothing_or_nonsense_is_answered_with_a_sentence(pack: EvidencePack, cast: Cast, sign_in: Any):
    client = sign_in(cast.anna)
    for ticked in ([], ["x"], ["999999"], ["9" * 40]):
        response = client.post("/records/download/", {"pack": ticked}, follow=True)
        assert "Tick the records" in response.content.decode()
    assert downloads() == []


def test_the_number_of_queries_does_not_grow_with_the_records(cast: Cast, sign_in: Any):
    client = sign_in(cast.anna)

    def counted() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get("/records/").status_code == 200
        return len(queries)

    build(rejected_review(cast, "One"))
    counted()  # what is cached on first use
    with_one = counted()
    for name in ("Two", "Three", "Four"):
        pack = build(rejected_review(cast, name))
    assert pack.review.reference in client.get("/records/").content.decode()
    assert counted() == with_one
    assert with_one < 20


def test_a_page_of_records_has_no_more_than_a_page_full(cast: Cast, sign_in: Any, monkeypatch: pytest.MonkeyPatch):
    from evidence import views

    monkeypatch.setattr(views, "PAGE_SIZE", 1)
    for name in ("One", "Two"):
        build(rejected_review(cast, name))
    client = sign_in(cast.anna)
    assert found(client, page="1") == ["REV-00002"]
    assert found(client, page="2") == ["REV-00001"]
    assert "Page 1 of 2" in client.get("/records/").content.decode()


def test_an_approval_that_no_longer_counts_says_so_beside_its_decision(pack, cast, sign_in):
    assert "Expired" not in sign_in(cast.anna).get("/records/").content.decode()
    approval = Approval.objects.get(review_reference=pack.review.reference)
    with time_machine.travel(approval.valid_until + timedelta(days=1)):
        anna = sign_in(cast.anna)
        listed, page = anna.get("/records/"), anna.get(f"/records/{pack.review.reference}/")
    assert "Expired" in listed.content.decode()
    assert "This approval does not count today" in page.content.decode()
    assert "The approval ended on" in page.content.decode()
