import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from foundation.audit.checkpoint import (
    BadCheckpoint,
    SignedRoot,
    key_id,
    parse_checkpoint,
    parse_verifier_key,
    sign_checkpoint,
    verifier_key,
    verify_checkpoint,
)

KEY = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
ROOT = SignedRoot("licences.example.com/audit", 12, b"\x01" * 32)


def test_what_was_signed_is_read_back_and_verifies():
    note = sign_checkpoint(ROOT, KEY)
    assert verify_checkpoint(note, KEY.public_key()) == parse_checkpoint(note) == ROOT
    assert note.split("\n")[:3] == [ROOT.origin, "12", base64.b64encode(ROOT.root).decode()]


def test_the_published_example_of_the_signed_note_format_is_understood():
    # The example key and signature of the Go package golang.org/x/mod/sumdb/note, which the C2SP format comes from.
    key = parse_verifier_key("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    signature = base64.b64decode(
        "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    )
    assert signature[:4] == key_id("PeterNeumann", key)
    key.verify(signature[4:], text.encode())


def test_the_verifier_key_reads_back_as_the_same_key():
    line = verifier_key(ROOT.origin, KEY.public_key())
    assert parse_verifier_key(line).public_bytes_raw() == KEY.public_key().public_bytes_raw()


def test_a_signature_of_a_witness_beside_ours_is_allowed():
    witness = sign_checkpoint(ROOT, Ed25519PrivateKey.generate()).split("\n")[-2].replace(ROOT.origin, "witness")
    assert verify_checkpoint(sign_checkpoint(ROOT, KEY) + witness + "\n", KEY.public_key()) == ROOT


@pytest.mark.parametrize(
    ("old", "new"), [("\n12\n", "\n13\n"), ("licences.example.com/audit\n", "licences.example.org/audit\n")]
)
def test_a_changed_text_is_refused(old, new):
    with pytest.raises(BadCheckpoint):
        verify_checkpoint(sign_checkpoint(ROOT, KEY).replace(old, new, 1), KEY.public_key())


def test_a_changed_root_is_called_changed():
    note = sign_checkpoint(ROOT, KEY)
    other = base64.b64encode(b"\x02" * 32).decode()
    with pytest.raises(BadCheckpoint, match="text was changed"):
        verify_checkpoint(note.replace(base64.b64encode(ROOT.root).decode(), other), KEY.public_key())


def test_another_key_is_refused():
    with pytest.raises(BadCheckpoint, match="not signed with this key"):
        verify_checkpoint(sign_checkpoint(ROOT, KEY), Ed25519PrivateKey.generate().public_key())


@pytest.mark.parametrize(
    "note",
    [
        "",
        "one line",
        "log\n12\nAAAA\n\n— log AAAAAAAA\n",
        f"log\n012\n{base64.b64encode(bytes(32)).decode()}\n\n— log AAAAAAAA\n",
        f"log\n-1\n{base64.b64encode(bytes(32)).decode()}\n\n— log AAAAAAAA\n",
        f"lo g\n1\n{base64.b64encode(bytes(32)).decode()}\n\n— log AAAAAAAA\n",
        f"log\n1\n{base64.b64encode(bytes(32)).decode()}\n\n- log AAAAAAAA\n",
        f"log\n1\n{base64.b64encode(bytes(32)).decode()}\n\n— log not base64\n",
        f"log\n1\n{base64.b64encode(bytes(32)).decode()}\n\n",
        f"log\n1\n{base64.b64encode(bytes(32)).decode()}\n— log AAAAAAAA\n",
        f"log\r1\r{base64.b64encode(bytes(32)).decode()}\r\r— log AAAAAAAA\r",
    ],
)
def test_what_is_not_a_checkpoint_is_refused_with_a_sentence(note):
    with pytest.raises(BadCheckpoint, match=r"\w+ \w+ .*\."):
        parse_checkpoint(note)


@pytest.mark.parametrize(
    "changed",
    [
        lambda note: note.removesuffix("\n"),
        lambda note: f"{note}\n",
        lambda note: f"{note}\n\n\n",
        lambda note: note.replace("\n", "\r\n"),
        lambda note: note.replace("\n", "\r\n").removesuffix("\r\n"),
        lambda note: note.replace("\n", "\r\n") + "\r\n",
    ],
    ids=["none", "one more", "three more", "CRLF", "CRLF, none at the end", "CRLF, one more"],
)
def test_line_ends_that_mail_and_editors_change_do_not_matter(changed):
    note = sign_checkpoint(ROOT, KEY)
    witness = sign_checkpoint(ROOT, Ed25519PrivateKey.generate()).split("\n")[-2].replace(ROOT.origin, "witness")
    for sound in (note, f"{note}{witness}\n"):
        assert verify_checkpoint(changed(sound), KEY.public_key()) == parse_checkpoint(changed(sound)) == ROOT


def test_an_empty_line_between_signatures_is_no_line_end_at_the_end():
    note = sign_checkpoint(ROOT, KEY)
    with pytest.raises(BadCheckpoint):
        verify_checkpoint(f"{note}\n{note.splitlines()[-1]}\n", KEY.public_key())


@pytest.mark.parametrize("line", ["", "a+b", "log+00000000+" + base64.b64encode(b"\x01" + bytes(32)).decode()])
def test_what_is_not_a_verifier_key_is_refused(line):
    with pytest.raises(BadCheckpoint):
        parse_verifier_key(line)


@pytest.mark.parametrize(
    "root", [SignedRoot("a b", 1, bytes(32)), SignedRoot("a", 1, b""), SignedRoot("a", -1, bytes(32))]
)
def test_it_signs_nothing_that_it_could_not_read_back(root):
    with pytest.raises(BadCheckpoint):
        sign_checkpoint(root, KEY)
