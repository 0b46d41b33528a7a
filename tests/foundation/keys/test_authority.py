import multiprocessing
import os
import shutil
import stat
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.checks import run_checks

from foundation.audit.checkpoint import SignedRoot, parse_verifier_key, sign_checkpoint, verify_checkpoint
from foundation.audit.checkpoint_log import log_public_key
from foundation.keys import authority
from foundation.keys.errors import KeysUnusable
from foundation.keys.health import key_problems


@pytest.fixture(autouse=True)
def own_keys(settings, tmp_path):
    settings.KEY_DIR = tmp_path / "data" / "keys"
    settings.KEY_SECRET = "a secret of this test"
    settings.COMPANY_NAME = "Norrbro Group"
    authority.forget_loaded_keys()
    yield
    authority.forget_loaded_keys()


@pytest.fixture
def folder():
    authority.authority()
    return authority.authority_folder()


def test_the_first_use_makes_the_keys_and_later_uses_find_the_same(folder):
    fingerprint = authority.root_fingerprint()
    authority.forget_loaded_keys()
    assert authority.root_fingerprint() == fingerprint
    assert sorted(path.name for path in folder.parent.iterdir()) == ["authority"]


def test_only_the_portal_can_read_the_keys_and_each_is_encrypted(folder):
    for path in (folder.parent, folder):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    keys = sorted(folder.glob("*.key.pem"))
    assert [path.name.split(".")[0] for path in keys] == ["dsse", "issuing", "log", "root", "seal"]
    for path in keys:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert path.read_text().startswith("-----BEGIN ENCRYPTED PRIVATE KEY-----")


def test_the_chain_has_the_curves_lives_and_limits_that_were_promised(folder):
    loaded = authority.authority()
    root, issuing, seal = loaded.root, loaded.issuing.certificate, loaded.seal.certificate
    curves = []
    for certificate in (root, issuing, seal):
        key = certificate.public_key()
        assert isinstance(key, ec.EllipticCurvePublicKey)
        curves.append(key.curve.name)
    assert curves == ["secp384r1", "secp256r1", "secp256r1"]
    years = [round((c.not_valid_after_utc - c.not_valid_before_utc).days / 365.25) for c in (root, issuing, seal)]
    assert years == [20, 10, 10]
    limits = [c.extensions.get_extension_for_class(x509.BasicConstraints).value for c in (root, issuing, seal)]
    assert [(limit.ca, limit.path_length) for limit in limits] == [(True, 1), (True, 0), (False, None)]
    root.verify_directly_issued_by(root)
    issuing.verify_directly_issued_by(root)
    seal.verify_directly_issued_by(issuing)
    assert loaded.seal.chain == (issuing, root)


def test_no_certificate_sends_a_verifier_to_an_address(folder):
    person = authority.issue_certificate("Rita Reviewer", "PER-00002").certificate
    loaded = authority.authority()
    for certificate in (loaded.root, loaded.issuing.certificate, loaded.seal.certificate, person):
        kinds = {type(extension.value) for extension in certificate.extensions}
        assert not kinds & {x509.CRLDistributionPoints, x509.AuthorityInformationAccess}


def test_the_revocation_lists_last_as_long_as_their_issuers(folder):
    loaded = authority.authority()
    for crl, issuer in zip(loaded.crls, (loaded.root, loaded.issuing.certificate), strict=True):
        key = issuer.public_key()
        assert isinstance(key, ec.EllipticCurvePublicKey)
        assert crl.is_signature_valid(key)
        assert crl.next_update_utc == issuer.not_valid_after_utc
        assert len(crl) == 0


def test_each_signing_act_has_a_key_and_certificate_of_its_own(folder):
    first, second = (authority.issue_certificate("Anaïs Pérez", "PER-00007", organisation="Norrbro B.V.") for _ in "12")
    assert first.certificate.serial_number != second.certificate.serial_number
    assert first.key.private_numbers() != second.key.private_numbers()
    assert first.certificate.subject.rfc4514_string() == "UID=PER-00007,CN=Anaïs Pérez,O=Norrbro B.V."
    first.certificate.verify_directly_issued_by(authority.authority().issuing.certificate)
    usage = first.certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.digital_signature, usage.content_commitment, usage.key_cert_sign) == (True, True, False)
    assert first.certificate.not_valid_after_utc == authority.authority().issuing.certificate.not_valid_after_utc
    assert sorted(path.name for path in authority.authority_folder().glob("*.key.pem"))[0] == "dsse.key.pem"
    assert len(list(authority.authority_folder().glob("*.key.pem"))) == 5  # the act's key is written nowhere


@pytest.mark.parametrize("name", ["x" * 300, "é" * 50, "two\nlines\0", "", "   "])
def test_a_name_that_does_not_fit_a_certificate_is_made_to_fit(folder, name):
    certificate = authority.issue_certificate(name, "PER-00007").certificate
    (common_name,) = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    assert 1 <= len(str(common_name.value).encode()) <= 64
    assert str(common_name.value).isprintable()


def test_openssl_accepts_the_chain_with_its_revocation_lists(folder, tmp_path):
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed on this machine.")
    person = authority.issue_certificate("Rita Reviewer", "PER-00002")
    (tmp_path / "root.pem").write_text(authority.root_certificate_pem())
    (tmp_path / "issuing.pem").write_text(authority.issuing_certificate_pem())
    (tmp_path / "crls.pem").write_text(authority.revocation_lists_pem())
    (tmp_path / "person.pem").write_bytes(person.certificate.public_bytes(serialization.Encoding.PEM))
    command = "openssl verify -x509_strict -crl_check_all -CAfile root.pem -untrusted issuing.pem -CRLfile crls.pem"
    done = subprocess.run([*command.split(), "person.pem"], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (0, "person.pem: OK"), done.stderr
    shown = subprocess.run(
        ["openssl", "x509", "-in", "root.pem", "-noout", "-fingerprint", "-sha256"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert shown.stdout.strip().split("=")[1] == authority.root_fingerprint()


def test_the_seal_key_signs_what_its_certificate_verifies(folder):
    seal = authority.seal_material()
    signature = seal.key.sign(b"the bytes", ec.ECDSA(hashes.SHA256()))
    key = seal.certificate.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    key.verify(signature, b"the bytes", ec.ECDSA(hashes.SHA256()))


def test_the_log_key_is_known_to_the_log_and_to_outsiders_by_one_line(folder):
    note = sign_checkpoint(SignedRoot("licences.example.com/audit", 1, bytes(32)), authority.log_key())
    outside = parse_verifier_key(authority.log_verifier_key())
    assert verify_checkpoint(note, outside) == verify_checkpoint(note, log_public_key())


def test_the_dsse_key_has_an_id_that_follows_from_its_public_key(folder):
    public = serialization.load_pem_public_key(authority.dsse_public_key_pem().encode())
    der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    digest = hashes.Hash(hashes.SHA256())
    digest.update(der)
    assert authority.dsse_key_id() == digest.finalize().hex()
    assert authority.dsse_key().public_key() != authority.log_key().public_key()


def _fingerprint_in_process(barrier, answers) -> None:
    authority.forget_loaded_keys()
    barrier.wait()
    answers.put(authority.root_fingerprint())


def test_processes_that_start_together_end_with_the_same_keys():
    fork = multiprocessing.get_context("fork")
    barrier, answers = fork.Barrier(6), fork.Queue()
    processes = [fork.Process(target=_fingerprint_in_process, args=(barrier, answers)) for _ in range(6)]
    for process in processes:
        process.start()
    fingerprints = {answers.get(timeout=60) for _ in processes}
    for process in processes:
        process.join(timeout=60)
    assert fingerprints == {authority.root_fingerprint()}
    assert [path.name for path in authority.authority_folder().parent.iterdir()] == ["authority"]


def test_what_a_killed_process_left_behind_is_no_hindrance():
    left = authority.authority_folder().parent / ".new-0123456789abcdef"
    left.mkdir(parents=True)
    (left / "root.key.pem").write_text("half")
    assert authority.root_fingerprint()


def test_good_keys_have_no_problem_and_absent_ones_are_not_made_by_asking(folder):
    assert key_problems() == []
    shutil.rmtree(folder)
    assert key_problems() == []
    assert not folder.exists()


def test_a_wrong_secret_is_explained(folder, settings):
    settings.KEY_SECRET = "another secret"
    with pytest.raises(KeysUnusable, match="KEY_SECRET is not the one it was made with"):
        authority.seal_material()
    (problem,) = key_problems()
    assert problem.serious
    assert [message.id for message in run_checks(tags=["security"]) if str(message.id).startswith("keys")] == [
        "keys.E001"
    ]


@pytest.mark.parametrize("name", ["issuing.key.pem", "seal.key.pem", "log.key.pem", "dsse.key.pem", "root.crt.pem"])
def test_a_lost_file_is_named(folder, name):
    (folder / name).unlink()
    authority.forget_loaded_keys()
    with pytest.raises(KeysUnusable, match=name):
        authority.authority()
    assert name in key_problems()[0].sentence


def test_a_damaged_certificate_is_named(folder):
    (folder / "seal.crt.pem").write_text("nonsense")
    assert "seal.crt.pem is damaged" in key_problems()[0].sentence


def test_a_lost_revocation_list_is_named(folder):
    (folder / "issuing.crl.pem").unlink()
    authority.forget_loaded_keys()
    with pytest.raises(KeysUnusable, match=r"issuing\.crl\.pem"):
        authority.revocation_lists_pem()


def test_nothing_misses_the_root_key_after_it_was_moved_to_a_safe_place(folder):
    (folder / "root.key.pem").unlink()
    authority.forget_loaded_keys()
    assert authority.issue_certificate("Rita Reviewer", "PER-00002")
    assert key_problems() == []


@pytest.mark.parametrize(("name", "mode"), [("log.key.pem", 0o640), ("seal.key.pem", 0o604), (".", 0o750)])
def test_keys_that_others_can_reach_are_named_with_the_command_that_helps(folder, name, mode):
    path = folder / name
    path.chmod(mode)
    (problem,) = key_problems()
    assert problem.serious
    assert "run chmod" in problem.sentence
    os.system(problem.sentence.split("run ")[1])  # noqa: S605 - the sentence must really help
    assert key_problems() == []


def test_a_key_that_belongs_to_another_certificate_is_found(folder, settings, tmp_path):
    settings.KEY_DIR = tmp_path / "other"
    authority.authority()
    shutil.copy(authority.authority_folder() / "seal.key.pem", folder / "seal.key.pem")
    shutil.copy(authority.authority_folder() / "issuing.crt.pem", folder / "issuing.crt.pem")
    settings.KEY_DIR = folder.parent
    sentences = " ".join(problem.sentence for problem in key_problems())
    for said in ("seal.crt.pem does not belong", "issuing.crt.pem was not issued", "seal.crt.pem was not issued"):
        assert said in sentences


def test_certificates_that_end_are_announced_a_year_before(folder):
    now = datetime.now(UTC)
    soon = key_problems(now + timedelta(days=9.5 * 365))
    assert [problem.serious for problem in soon] == [False, False]
    assert "plan a new authority" in soon[0].sentence
    late = key_problems(now + timedelta(days=11 * 365))
    assert [problem.serious for problem in late] == [True, True]
    early = key_problems(now - timedelta(days=1))
    assert "clock" in early[0].sentence


def test_a_certificate_issued_late_never_outlives_its_issuer(folder):
    with time_machine.travel(datetime.now(UTC) + timedelta(days=9 * 365), tick=False):
        late = authority.issue_certificate("Rita Reviewer", "PER-00002")
    assert late.certificate.not_valid_after_utc == authority.authority().issuing.certificate.not_valid_after_utc


def test_a_folder_that_cannot_be_written_is_explained(settings, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    settings.KEY_DIR = Path(tmp_path / "file")
    with pytest.raises(KeysUnusable, match="KEY_DIR"):
        authority.authority()
