"""The verifier finds what was changed, wherever it was changed, and says where."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.management import CommandError, call_command
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from evidence import dsse
from evidence.manifest import SEAL, SUMS, SUMS_TYPE, build_zip, sums_text
from evidence.problems import Report
from evidence.verify import verify_file, verify_pack, verify_pdf
from evidence.verify_log import check_log
from evidence.verify_record import check_record
from evidence.verify_texts import check_texts
from foundation.audit.canonical import canonical
from foundation.keys import certificates
from tests.conftest import REPOSITORY
from tests.evidence.sealed import Sealed

pytestmark = pytest.mark.django_db  # only so that the pack can be made; the verifier asks no database

Change = Callable[[dict[str, Any]], object]


def time_of(sealed: Sealed) -> datetime:
    return datetime.fromisoformat(json.loads(sealed.files["record.json"])["as_of"].replace("Z", "+00:00"))


def flipped(data: bytes, position: int, bit: int = 1) -> bytes:
    changed = bytearray(data)
    changed[position] ^= bit
    return bytes(changed)


def test_a_sound_pack_and_its_pdf_verify_with_and_without_a_root(sealed: Sealed):
    for root in (sealed.root, None):
        for data in (sealed.archive, sealed.pdf):
            report = verify_file(data, root=root)
            assert report.problems == []
            assert report.root_was_given is (root is not None)
            assert report.subject.startswith("REV-")


def test_one_changed_byte_anywhere_in_the_pack_is_found(sealed: Sealed):
    where = random.Random(2026)
    data = sealed.archive
    small = [data.index(content) for name, content in sealed.files.items() if len(content) < 30_000]
    positions = {where.randrange(len(data)) for _ in range(60)}
    positions |= {start + where.randrange(40) for start in small for _ in range(2)}
    positions |= {len(data) - where.randrange(1, 900) for _ in range(25)}  # the directory at the end
    for position in sorted(positions):
        assert not verify_pack(flipped(data, position), root=sealed.root).sound, position


def test_one_changed_byte_anywhere_in_the_pdf_alone_is_found(sealed: Sealed):
    where = random.Random(2027)
    data = sealed.pdf
    gap = re.search(rb"/Contents <", data)
    assert gap is not None
    positions = {where.randrange(len(data)) for _ in range(50)}
    positions |= {gap.end() + where.randrange(6000) for _ in range(70)}  # the container, which is outside what it signs
    positions |= {0, 5, len(data) - 1}
    for position in sorted(positions):
        assert not verify_pdf(flipped(data, position), root=sealed.root).sound, position


def test_every_byte_of_the_sums_and_the_envelope_counts(sealed: Sealed):
    for name in (SUMS, SEAL):
        start = sealed.archive.index(sealed.files[name])
        for position in range(start, start + len(sealed.files[name]), 97):
            assert not verify_pack(flipped(sealed.archive, position, 2), root=sealed.root).sound, (name, position)


def test_bytes_added_after_the_end_are_found(sealed: Sealed):
    assert not verify_pack(sealed.archive + b"\n", root=sealed.root).sound
    assert not verify_pdf(sealed.pdf + b"\n", root=sealed.root).sound


def test_an_update_after_the_seal_is_found(sealed: Sealed):
    out = io.BytesIO(sealed.pdf)
    writer = IncrementalPdfFileWriter(out)
    writer.root["/Lang"] = writer.root["/Lang"]
    writer.update_root()
    writer.write_in_place()
    report = verify_pdf(out.getvalue(), root=sealed.root)
    assert any("added after it was sealed" in str(problem) for problem in report.problems)


def test_a_pdf_whose_seal_was_stripped_is_no_record(sealed: Sealed):
    unsigned = sealed.pdf[: sealed.pdf.index(b"%%EOF") + 6]
    report = verify_pdf(unsigned, root=sealed.root)
    assert [problem.sentence for problem in report.problems if "0 signatures" in problem.sentence]
    assert not verify_pdf(unsigned).sound


def test_a_seal_of_another_root_is_refused(sealed: Sealed):
    other = certificates.make_root("Norrbro Group", datetime(2026, 1, 1, tzinfo=UTC)).certificate.public_bytes(
        Encoding.PEM
    )
    pack, pdf = verify_pack(sealed.archive, root=other), verify_pdf(sealed.pdf, root=other)
    assert any("does not come from this root" in str(problem) for problem in pack.problems)
    assert any("it is not the root that you gave" in str(problem) for problem in pack.problems)
    assert any("does not come from this root" in str(problem) for problem in pdf.problems)


def test_files_that_are_neither_pack_nor_pdf_are_named_as_such(sealed: Sealed):
    for data in (b"", b"hello", b"PK\x03\x04", b"%PDF-1.7 nothing more", sealed.archive[:-10], sealed.pdf[:-10]):
        assert not verify_file(data).sound
        assert not verify_file(data, root=sealed.root).sound
    assert not verify_file(sealed.archive, root=b"no certificate").sound


def forged(sealed: Sealed, files: dict[str, bytes], key: Ed25519PrivateKey | None = None) -> bytes:
    """A pack written again around changed files, as somebody would who has this software but not the portal's keys."""
    files = {name: data for name, data in files.items() if name not in {SUMS, SEAL}}
    files[SUMS] = sums_text(files).encode()
    files[SEAL] = dsse.sign(dsse.Envelope(SUMS_TYPE, files[SUMS]), key or Ed25519PrivateKey.generate())
    return build_zip(files, at=time_of(sealed))


def test_a_pack_written_again_with_another_text_needs_the_portals_key(sealed: Sealed):
    name = next(name for name in sealed.files if name.endswith("-LICENSE"))
    archive = forged(sealed, sealed.files | {name: sealed.files[name].replace(b"towel", b"tower")})
    problems = [str(problem) for problem in verify_pack(archive, root=sealed.root).problems]
    assert any(problem.startswith("seal.dsse.json: ") for problem in problems)
    assert any(problem.startswith(f"{name}: ") for problem in problems)


def test_a_record_that_names_the_forgers_own_key_is_not_the_one_in_the_sealed_pdf(sealed: Sealed):
    key = Ed25519PrivateKey.generate()
    record = json.loads(sealed.files["record.json"])
    record["seal"]["envelope_key"] = base64.b64encode(key.public_key().public_bytes_raw()).decode()
    record["decision"]["outcome"] = "approved"
    archive = forged(sealed, sealed.files | {"record.json": canonical(record).encode()}, key)
    problems = [str(problem) for problem in verify_pack(archive, root=sealed.root).problems]
    assert problems == [f"{sealed.pdf_name}: the record attached to it is not record.json."]


def test_members_that_are_added_left_out_or_reordered_are_found(sealed: Sealed):
    files = sealed.files
    at = time_of(sealed)
    without = {name: data for name, data in files.items() if name != "VERIFY.md"}
    added = files | {"extra.txt": b"hello"}
    reordered = dict(reversed(files.items()))
    assert any("not in the pack" in str(one) for one in verify_pack(build_zip(without, at=at)).problems)
    assert any("not listed" in str(one) for one in verify_pack(build_zip(added, at=at)).problems)
    assert verify_pack(build_zip(reordered, at=at)).sound, "the order is no content"
    assert not verify_pack(build_zip(files, at=at + timedelta(seconds=2))).sound


def sign_off_says(record: dict[str, Any], **changes: Any) -> None:
    """Change what a signed document says, and its digest with it."""
    one = record["signatures"][0]
    one["document"] = canonical(json.loads(one["document"]) | changes)
    one["digest"] = hashlib.sha256(one["document"].encode()).hexdigest()


CHANGES: list[tuple[str, Change, str]] = [
    ("facts", lambda r: r["facts"]["document"]["entity"].update(mau=1), "facts do not have the digest"),
    ("findings", lambda r: r["findings"]["document"]["findings"].pop(), "findings do not have the digest"),
    ("declaration", lambda r: r["facts"]["declaration"].update(document="{}"), "does not have its digest"),
    ("signed document", lambda r: r["signatures"][0].update(document="{}"), "does not have its digest"),
    ("signed statement", lambda r: r["signatures"][0].update(statement="I looked."), "statement differ"),
    ("signer", lambda r: r["signatures"][0]["person"].update(name="Somebody Else"), "name of the signer"),
    ("signer's key", lambda r: r["signatures"][0]["person"].update(reference="USR-99999"), "signer"),
    ("another review", lambda r: sign_off_says(r, review="REV-09999"), "review differ"),
    ("another round", lambda r: sign_off_says(r, round=7), "round differ"),
    ("other facts", lambda r: sign_off_says(r, covers={"facts": "0" * 64}), "another version of: facts"),
    ("other texts", lambda r: sign_off_says(r, covers={"agreement": "0" * 64}), "another version of: agreement"),
    ("a missing signature", lambda r: r["signatures"].pop(), "number of signatures"),
    ("an expected signature", lambda r: r.update(signatures_expected=9), "expected signatures"),
    ("an answer", lambda r: r["answers"][0].update(reasoning="Nothing."), "answers are not those that were signed"),
    ("a part", lambda r: r["parts"]["answers"]["answers"].pop(), "another version of: answers"),
    ("a position", lambda r: r["positions"][0].update(reading="Nothing."), "positions taken are not those"),
    ("the scope", lambda r: r["scope"].update(use="Everything"), "scope is not the one"),
    ("the dates", lambda r: r["decision"].update(valid_until="2099-01-01"), "scope is not the one"),
    ("a condition", lambda r: r["conditions"][0].update(text="None."), "is not the one that was signed"),
    ("the approval", lambda r: r["decision"]["approval_digests"].update(answers="0" * 64), "approval rests on another"),
    ("a lost part", lambda r: r.pop("signatures"), "missing or of the wrong kind"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "said"), [pytest.param(*rest, id=name) for name, *rest in CHANGES])
def test_a_record_that_contradicts_itself_is_found_even_under_a_good_seal(sealed: Sealed, change: Change, said: str):
    record = json.loads(sealed.files["record.json"])
    check_record(record, file="record.json", report=(sound := Report()))
    assert sound.problems == []
    change(record)
    check_record(record, file="record.json", report=(report := Report()))
    assert any(said in problem.sentence for problem in report.problems), report.problems


def lines_of(files: dict[str, bytes]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in files["log/events.jsonl"].splitlines()]


def written(lines: list[dict[str, Any]]) -> bytes:
    return "".join(f"{canonical(line)}\n" for line in lines).encode()


def without_last(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return lines[:-1]


def swapped(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [lines[1], lines[0], *lines[2:]]


def retold(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    lines[0]["body"] = lines[0]["body"].replace("review.opened", "review.closed")
    return lines


@pytest.mark.parametrize("change", [without_last, swapped, retold])
def test_a_log_that_was_cut_reordered_or_retold_is_found(sealed: Sealed, change: Callable[[Any], Any]):
    files = sealed.files
    record = json.loads(files["record.json"])
    changed = files | {"log/events.jsonl": written(change(lines_of(files)))}
    check_log(record, changed, report := Report())
    assert report.problems


def test_proofs_of_another_log_are_found(sealed: Sealed):
    files = sealed.files
    record = json.loads(files["record.json"])
    proofs = json.loads(files["log/proofs.json"])
    first = next(iter(proofs["proofs"]))
    proofs["proofs"][first] = ["0" * 64, *proofs["proofs"][first][1:]]
    check_log(record, files | {"log/proofs.json": f"{canonical(proofs)}\n".encode()}, report := Report())
    assert [f"event {first} is not in the log that the checkpoint signed."] == [one.sentence for one in report.problems]
    note = files["log/checkpoint.txt"].replace(b"\n", b" ", 1)
    check_log(record, files | {"log/checkpoint.txt": note}, report := Report())
    assert "not a checkpoint of this portal's log" in report.problems[0].sentence


def test_without_a_checkpoint_the_report_says_what_was_not_checked(sealed: Sealed):
    files = {name: data for name, data in sealed.files.items() if name not in {"log/checkpoint.txt", "log/proofs.json"}}
    check_log(json.loads(files["record.json"]), files, report := Report())
    assert report.sound
    assert any("was not checked" in sentence for sentence in report.checked)


def test_a_clause_that_is_not_in_the_text_is_found(sealed: Sealed):
    record = json.loads(sealed.files["record.json"])
    record["clauses"][0]["digest"] = "0" * 64
    check_texts(record, sealed.files, report := Report())
    assert "does not have the digest of that clause" in report.problems[0].sentence


def verify_as_an_auditor_would(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command where no database can be reached."""
    nowhere = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"}
    command = [sys.executable, "manage.py", "verify_evidence", *arguments]
    return subprocess.run(command, cwd=REPOSITORY, env=os.environ | nowhere, capture_output=True, text=True)


def test_the_command_needs_no_database_and_ends_with_one_on_a_problem(sealed: Sealed, tmp_path, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    good, bad, root = tmp_path / "good.zip", tmp_path / "bad.zip", tmp_path / "root.pem"
    good.write_bytes(sealed.archive)
    bad.write_bytes(flipped(sealed.archive, 500))
    root.write_bytes(sealed.root)
    done = verify_as_an_auditor_would(str(good), "--root", str(root))
    assert done.returncode == 0, done.stderr
    assert "is sound: REV-" in done.stdout
    done = verify_as_an_auditor_would(str(bad), "--root", str(root))
    assert done.returncode == 1
    assert "WRONG: the archive: The archive is damaged: Bad CRC-32 for file 'review-REV-" in done.stdout


def test_the_command_says_whose_root_it_took(sealed: Sealed, tmp_path, capsys):
    good = tmp_path / "good.pdf"
    good.write_bytes(sealed.pdf)
    call_command("verify_evidence", str(good))
    assert "THE FILE'S OWN ROOT: compare its fingerprint" in capsys.readouterr().out
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify_evidence", str(tmp_path / "nothing.zip"))
