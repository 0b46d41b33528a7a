"""Signed checkpoints of the log: C2SP tlog-checkpoint in a C2SP signed note, with Ed25519.

Pure: the key is passed in. A checkpoint that somebody outside keeps is what shows a cut tail or a rewritten log; the
chain alone cannot. The signature is the portal's own, and the portal alone vouches for the time at which it was made.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ALGORITHM = b"\x01"  # Ed25519, in C2SP signed-note
ROOT_LENGTH = 32
SIGNATURE_MARK = "— "

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class BadCheckpoint(ValueError):  # noqa: N818 - reads as a sentence where it is caught
    """This text is not a checkpoint that this key signed; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class SignedRoot:
    """What a checkpoint says: the log named `origin` has this root over its first `size` events."""

    origin: str
    size: int
    root: bytes


def sign_checkpoint(root: SignedRoot, key: Ed25519PrivateKey) -> str:
    """Write and sign a checkpoint."""
    if not is_origin(root.origin):
        raise BadCheckpoint(f"{root.origin!r} cannot name a log: use a name without spaces and plus signs.")
    if len(root.root) != ROOT_LENGTH or root.size < 0:
        raise BadCheckpoint("A checkpoint needs a size of at least 0 and a root of 32 bytes.")
    text = f"{root.origin}\n{root.size}\n{base64.b64encode(root.root).decode()}\n"
    signature = key_id(root.origin, key.public_key()) + key.sign(text.encode("utf-8"))
    return f"{text}\n{SIGNATURE_MARK}{root.origin} {base64.b64encode(signature).decode()}\n"


def parse_checkpoint(note: str) -> SignedRoot:
    """Read what a checkpoint says, without believing it: see `verify_checkpoint`."""
    return _read(note)[0]


def verify_checkpoint(note: str, key: Ed25519PublicKey) -> SignedRoot:
    """Return what the checkpoint says if this key signed it; other signatures, of witnesses, are allowed."""
    said, text, signatures = _read(note)
    expected = key_id(said.origin, key)
    for name, signature in signatures:
        if name == said.origin and signature[:4] == expected:
            try:
                key.verify(signature[4:], text.encode("utf-8"))
            except InvalidSignature as error:
                raise BadCheckpoint("The signature of the checkpoint is wrong: its text was changed.") from error
            return said
    raise BadCheckpoint("The checkpoint is not signed with this key.")


def key_id(name: str, key: Ed25519PublicKey) -> bytes:
    """The four bytes by which a signed note names its key (C2SP signed-note)."""
    return hashlib.sha256(name.encode("utf-8") + b"\n" + ALGORITHM + key.public_bytes_raw()).digest()[:4]


def verifier_key(name: str, key: Ed25519PublicKey) -> str:
    """Write the public key in the form that C2SP tools take: name+hash+base64."""
    return f"{name}+{key_id(name, key).hex()}+{base64.b64encode(ALGORITHM + key.public_bytes_raw()).decode()}"


def parse_verifier_key(text: str) -> Ed25519PublicKey:
    """Read a public key in the form that C2SP tools take."""
    parts = text.strip().split("+", 2)
    raw = _base64(parts[2]) if len(parts) == 3 else b""
    if len(raw) != 33 or raw[:1] != ALGORITHM:
        raise BadCheckpoint("This is not an Ed25519 verifier key: it looks like name+0123abcd+base64.")
    key = Ed25519PublicKey.from_public_bytes(raw[1:])
    if key_id(parts[0], key).hex() != parts[1]:
        raise BadCheckpoint("The hash in the verifier key does not fit its key: copy the whole line again.")
    return key


def is_origin(name: str) -> bool:
    """Whether this can name a log (C2SP signed-note: not empty, no space, no plus sign)."""
    return bool(name) and name.isprintable() and not any(character.isspace() or character == "+" for character in name)


def _read(note: str) -> tuple[SignedRoot, str, list[tuple[str, bytes]]]:
    # Mail and editors change line ends, and whoever kept a checkpoint must still be able to use it.
    text, separator, tail = note.replace("\r\n", "\n").rstrip("\n").rpartition("\n\n")
    lines = text.split("\n")
    if not separator or len(lines) < 3:
        raise BadCheckpoint("This is not a checkpoint: it has a name, a size, a root, an empty line and signatures.")
    if not is_origin(lines[0]) or not _SIZE.fullmatch(lines[1]):
        raise BadCheckpoint("The first two lines of a checkpoint are the name of the log and its size.")
    root = _base64(lines[2])
    if len(root) != ROOT_LENGTH:
        raise BadCheckpoint("The third line of a checkpoint is its root: 32 bytes in base64.")
    signatures = []
    for line in tail.split("\n"):
        name, space, value = line.removeprefix(SIGNATURE_MARK).partition(" ")
        if not line.startswith(SIGNATURE_MARK) or not space or len(signature := _base64(value)) < 5:
            raise BadCheckpoint("A line of signature in a checkpoint starts with a dash, a name and base64.")
        signatures.append((name, signature))
    return SignedRoot(lines[0], int(lines[1]), root), text + "\n", signatures


def _base64(value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadCheckpoint("A line of the checkpoint is not base64: copy it again.") from error
