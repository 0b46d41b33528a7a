"""A pack of a really decided review: what is in it, what is never in it, and that it comes out the same."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import zlib
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone

from evidence.actions import build_pack, request_pack
from evidence.errors import EvidenceError, NotDecided, RecordDisagrees
from evidence.history import history_of
from evidence.manifest import read_zip
from evidence.models import EvidencePack
from evidence.pack import make_pack
from evidence.pdf import draw
from evidence.record import build_record, record_bytes
from evidence.seal import sealing_keys
from evidence.verify import verify_pack
from foundation.accounts.policy import NotAllowed
from foundation.audit.actors import Actor
from foundation.audit.kinds import Kind
from foundation.audit.models import Checkpoint, Event
from foundation.files import store
from foundation.jobs.actions import Outcome, run
from foundation.jobs.models import Job
from foundation.keys import authority
from reviews.actions.conditions import meet_condition
from reviews.actions.moves import suspend
from reviews.models import CounselNote, Review, SignOff
from tests.evidence.builders import (
    COUNSEL_NOTE,
    Cast,
    declared_review,
    rejected_review,
    see_the_attribution,
)
from tests.evidence.conftest import build
from tests.licences.texts import AGREEMENT, AUP

pytestmark = pytest.mark.django_db


def files_of(pack: EvidencePack) -> dict[str, bytes]:
    return read_zip(store.read(pack.archive_id))


def record_of(pack: EvidencePack) -> dict:
    return json.loads(store.read(pack.record_id))


def test_a_pack_holds_everything_that_an_auditor_needs_and_nothing_else(pack: EvidencePack):
    files = files_of(pack)
    assert list(files) == [
        "review-REV-00001.pdf",
        "record.json",
        "texts/llama-3.1-LICENSE",
        "texts/llama-3.1-USE_POLICY",
        "log/events.jsonl",
        "log/checkpoint.txt",
        "log/proofs.json",
        "root.pem",
        "issuing.pem",
        "revocation.pem",
        "VERIFY.md",
        "SHA256SUMS",
        "seal.dsse.json",
    ]
    assert files["texts/llama-3.1-LICENSE"] == AGREEMENT.encode()
    assert files["texts/llama-3.1-USE_POLICY"] == AUP.encode()
    assert files["record.json"] == store.read(pack.record_id)
    assert files["review-REV-00001.pdf"] == store.read(pack.pdf_id)


def test_its_own_verifier_finds_it_sound_against_the_portals_root(pack: EvidencePack):
    report = verify_pack(store.read(pack.archive_id), root=authority.root_certificate_pem().encode())
    assert report.problems == []
    assert report.subject == "REV-00001, edition 1"
    assert len(report.checked) == 7  # files, archive, PDF, record, texts, lines of the log, proofs


def test_the_record_tells_who_decided_what_on_which_facts_texts_and_terms(pack: EvidencePack, cast: Cast):
    record = record_of(pack)
    assert record["decision"]["outcome"] == "approved_with_conditions"
    assert record["decision"]["licensee"]["name"] == "Norrbro B.V."
    assert record["decision"]["decided_by"] == cast.leo.reference
    assert [one["number"] for one in record["answers"]] == [1, 2, 3, 4, 5]
    assert record["answers"][1]["answer"] == "position_taken"
    assert record["positions"][0]["residual_risk"] == "Somebody may feel splashed."
    assert {one["step"] for one in record["signatures"]} >= {"reviewer", "approver", "risk_owner"}
    assert record["signatures_expected"] == record["signatures_present"] == len(record["signatures"])
    assert {one["text"] for one in record["conditions"]} >= {"Show the words on the about page."}
    assert [text["file"] for text in record["texts"]] == ["texts/llama-3.1-LICENSE", "texts/llama-3.1-USE_POLICY"]
    shown = {row["question"]: row["answer"] for row in record["facts"]["shown"]}
    assert shown["Principal place of business"] == "Netherlands"
    assert shown["Kind of entity"] == "company"
    assert shown["Acceptable use policy that was accepted"] == "not evidenced"
    assert any(answer == "Netherlands, Norway" for answer in shown.values())
    assert record["history"][-1]["kind"] == "review.approved"


def test_each_signature_holds_the_exact_document_that_was_signed(pack: EvidencePack):
    for shown, row in zip(record_of(pack)["signatures"], SignOff.objects.order_by("signed_at"), strict=True):
        assert shown["document"] == row.document
        assert shown["digest"] == row.digest == hashlib.sha256(row.document.encode()).hexdigest()
        assert shown["statement"] == json.loads(row.document)["statement"]


def test_every_part_that_was_signed_can_be_made_again_from_the_record(pack: EvidencePack):
    parts = record_of(pack)["parts"]
    assert set(parts) == {"answers", "positions", "duties", "plan", "scope", "conditions"}
    assert all(parts.values())


def test_clauses_relied_on_come_with_their_words_and_the_digest_of_those(pack: EvidencePack):
    clauses = {one["id"]: one for one in record_of(pack)["clauses"]}
    assert clauses["LICENSE 2"]["heading"].startswith("Herons")
    assert clauses["AUP 2.a"]["words"] == "with mud"
    assert clauses["AUP 2.a"]["text_sha256"] == hashlib.sha256(AUP.encode()).hexdigest()


def streams_of(pdf: bytes) -> bytes:
    """Everything in a PDF that is compressed, unpacked."""
    found = []
    for stream in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompressobj().decompress(stream[1]))
        except zlib.error:
            found.append(stream[1])
    return b"\n".join(found)


def test_counsels_notes_are_nowhere_in_a_pack(pack: EvidencePack):
    assert CounselNote.objects.filter(review=pack.review).exists()
    secret = COUNSEL_NOTE.split(":")[0].encode()
    files = files_of(pack)
    unpacked = streams_of(files["review-REV-00001.pdf"])
    assert b"Reasoning 1 of Rita" in unpacked, "the test must be able to find what is inside the streams"
    text = subprocess.run(
        ["pdftotext", "-", "-"], input=files["review-REV-00001.pdf"], capture_output=True, check=False
    )
    haystacks = [store.read(pack.archive_id), unpacked, text.stdout, *files.values()]
    for haystack in haystacks:
        assert secret not in haystack
        assert secret.hex().encode() not in haystack.lower()
        assert b"exposure is worse" not in haystack
        assert b"counsel_noted" not in haystack


def test_no_address_of_a_person_is_in_a_pack(pack: EvidencePack):
    for name, data in files_of(pack).items():
        if not name.startswith("texts/"):
            assert b"@norrbro.example" not in data, name


def test_the_record_made_again_has_the_same_bytes_also_later_and_in_another_language(review: Review, settings):
    keys = sealing_keys()
    first = build_record(review, edition=1, through=None, keys=keys)
    settings.LANGUAGES = [("en-gb", "English"), ("nl", "Dutch")]
    with time_machine.travel("2031-01-01T00:00:00Z"):
        again = build_record(Review.objects.get(pk=review.pk), edition=1, through=None, keys=keys)
    assert record_bytes(first) == record_bytes(again)
    assert draw(first, record_bytes(first)) == draw(again, record_bytes(again))


def test_what_happens_after_the_decision_does_not_change_the_first_edition(review: Review, cast: Cast):
    keys = sealing_keys()
    before = record_bytes(build_record(review, edition=1, through=None, keys=keys))
    condition = review.conditions.get(text="Show the words on the about page.")
    meet_condition(condition=condition, by=cast.petra, note="Seen on the page.")
    see_the_attribution(cast, review)
    suspend(review=review, by=cast.leo, reason="A complaint came in.")
    assert record_bytes(build_record(review, edition=1, through=None, keys=keys)) == before


def test_a_later_edition_tells_what_happened_since(pack: EvidencePack, cast: Cast):
    review = Review.objects.get(pk=pack.review_id)
    with pytest.raises(EvidenceError, match="nothing has happened since"):
        request_pack(review=review, by=cast.rita)
    suspend(review=review, by=cast.leo, reason="A complaint came in.")
    job = request_pack(review=review, by=cast.rita)
    assert run(job.pk) is Outcome.DONE, Job.objects.get(pk=job.pk).last_error
    second = EvidencePack.objects.get(review=review, edition=2)
    record = record_of(second)
    assert record["decision"]["outcome"] == "approved_with_conditions"
    assert [one["standing"] for one in record["later"]] == ["suspended"]
    assert verify_pack(store.read(second.archive_id)).sound
    assert record_of(pack)["later"] == []


def test_a_rejection_has_a_record_too_and_says_why(cast: Cast):
    pack = build(rejected_review(cast))
    record = record_of(pack)
    assert record["decision"]["outcome"] == "rejected"
    assert record["decision"]["reason"] == "The counterparty has not been named."
    assert record["signatures"] == []
    assert record["signatures_expected"] is None
    assert verify_pack(store.read(pack.archive_id)).sound


def test_an_open_review_has_no_record(cast: Cast):
    review = declared_review(cast)
    with pytest.raises(NotDecided, match="has not been decided"):
        history_of(review)
    with pytest.raises(NotDecided):
        request_pack(review=review, by=cast.rita)


def test_a_second_run_of_the_job_makes_nothing_twice(pack: EvidencePack):
    job = Job.objects.get(dedupe="evidence:REV-00001:1")
    assert build_pack(review_id=pack.review_id, edition=1) is None
    assert run(job.pk) is Outcome.NOT_DUE
    assert EvidencePack.objects.count() == 1
    assert Event.objects.filter(kind=Kind.EVIDENCE_BUILT).count() == 1


def test_files_are_there_before_the_row_and_a_run_that_dies_leaves_no_row(review: Review):
    finish = build_pack(review_id=review.pk, edition=1)
    assert finish is not None
    assert not EvidencePack.objects.exists()
    finish()
    pack = EvidencePack.objects.get()
    assert store.path_of(pack.archive_id).is_file()


def test_asking_again_while_it_is_being_made_makes_no_second_job(review: Review, cast: Cast):
    first = request_pack(review=review, by=cast.rita)
    assert request_pack(review=review, by=Actor.system("test")).pk == first.pk
    assert Job.objects.filter(kind="evidence.build_pack").count() == 1


def test_owners_and_strangers_ask_for_no_records(review: Review, cast: Cast):
    for person in (cast.olive, cast.sam, cast.ravi):
        with pytest.raises(NotAllowed):
            request_pack(review=review, by=person)


def test_a_record_whose_rows_do_not_fit_what_was_signed_is_not_sealed(review: Review):
    review.checks.filter(number=1).update(reasoning="Something that nobody signed.")
    with pytest.raises(RecordDisagrees, match="answers of REV-00001 are not those that were signed"):
        make_pack(review, edition=1)
    job = Job.objects.get(dedupe="evidence:REV-00001:1")
    assert run(job.pk) is Outcome.DEAD
    assert "Nothing is sealed over that" in Job.objects.get(pk=job.pk).last_error
    assert not EvidencePack.objects.exists()


@pytest.mark.parametrize("field", ["facts", "findings"])
def test_facts_and_findings_without_their_digest_are_not_sealed(review: Review, field: str):
    Review.objects.filter(pk=review.pk).update(**{f"{field}_digest": "0" * 64})
    with pytest.raises(RecordDisagrees):
        make_pack(review, edition=1)


def test_a_signature_that_was_changed_is_not_sealed(review: Review):
    sign_off = SignOff.objects.order_by("pk").first()
    assert sign_off is not None
    SignOff.objects.filter(pk=sign_off.pk).update(document=sign_off.document.replace("examined", "enjoyed"))
    with pytest.raises(RecordDisagrees, match="signature"):
        make_pack(review, edition=1)


def test_an_approval_with_an_empty_place_in_its_plan_is_not_sealed(review: Review):
    review.steps.create(round=review.round, order=3, key="nobody", role="risk_owner", why="Somebody removed it.")
    with pytest.raises(RecordDisagrees, match="lacks the signature"):
        make_pack(review, edition=1)


def test_the_proofs_rest_on_the_first_checkpoint_that_covers_the_lines(review: Review):
    made = make_pack(review, edition=1)
    checkpoint = Checkpoint.objects.get()
    with time_machine.travel(timezone.now()):
        again = make_pack(review, edition=1)
    assert Checkpoint.objects.count() == 1
    for pack in (made, again):
        assert read_zip(pack.archive)["log/checkpoint.txt"] == checkpoint.note.encode()


def test_every_listed_digest_is_what_sha256sum_says(pack: EvidencePack, tmp_path: Path):
    for name, data in files_of(pack).items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    done = subprocess.run(["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_instructions_name_the_fingerprint_that_openssl_prints(pack: EvidencePack, tmp_path: Path):
    files = files_of(pack)
    (tmp_path / "root.pem").write_bytes(files["root.pem"])
    command = ["openssl", "x509", "-in", "root.pem", "-noout", "-fingerprint", "-sha256"]
    printed = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert printed.strip().partition("=")[2] in files["VERIFY.md"].decode()


def test_the_envelope_verifies_with_the_openssl_commands_of_the_instructions(pack: EvidencePack, tmp_path: Path):
    for name, data in files_of(pack).items():
        if "/" not in name:
            (tmp_path / name).write_bytes(data)
    envelope = json.loads((tmp_path / "seal.dsse.json").read_text())
    record = record_of(pack)
    commands = re.findall(
        r"^    (\(printf|openssl pkeyutl|size=)(.*)$", (tmp_path / "VERIFY.md").read_text(), re.MULTILINE
    )
    assert len(commands) == 4
    # jq and xxd may be missing here: their two outputs are written for them, the rest runs as printed.
    der = bytes.fromhex("302a300506032b6570032100") + base64.b64decode(record["seal"]["envelope_key"])
    (tmp_path / "key.der").write_bytes(der)
    (tmp_path / "signature.bin").write_bytes(base64.b64decode(envelope["signatures"][0]["sig"]))
    script = "\n".join("".join(command) for command in commands if "xxd" not in "".join(command))
    done = subprocess.run(["bash", "-ec", script], cwd=tmp_path, capture_output=True, text=True)
    assert "Signature Verified Successfully" in done.stdout, done.stderr
