"""DSSE envelopes (Dead Simple Signing Envelope, v1.0) with Ed25519. Pure: keys are passed in.

The envelope is written as canonical JSON and read back strictly: base64 that decodes to the same bytes in two ways, or
JSON with another spelling, is refused, so that no byte of the file can change unnoticed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from foundation.audit.canonical import JSON, NotCanonical, canonical


class BadEnvelope(ValueError):  # noqa: N818 - reads as a sentence where it is caught
    """This is not an envelope that this key signed; the message says what is wrong."""


@dataclass(frozen=True)
class Envelope:
    """What was signed, and of which type."""

    payload_type: str
    payload: bytes


def pre_authentication_encoding(payload_type: str, payload: bytes) -> bytes:
    """The bytes that are signed: lengths make type and payload impossible to shift into each other (DSSE, PAE)."""
    kind = payload_type.encode("utf-8")
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def key_id(key: Ed25519PublicKey) -> str:
    """The name of a key in envelopes: SHA-256 of its SubjectPublicKeyInfo in DER."""
    spki = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(spki).hexdigest()


def sign(envelope: Envelope, key: Ed25519PrivateKey) -> bytes:
    """The envelope as a file."""
    signature = key.sign(pre_authentication_encoding(envelope.payload_type, envelope.payload))
    return _written(envelope, key_id(key.public_key()), signature)


def verify(data: bytes, key: Ed25519PublicKey) -> Envelope:
    """What this key signed; raises BadEnvelope for anything else."""
    envelope, name, signature = _read(data)
    if name != key_id(key):
        raise BadEnvelope("it names another key than the one that the sealed record states.")
    if _written(envelope, name, signature) != data:
        raise BadEnvelope("it is not written as the portal writes it: its text was changed.")
    try:
        key.verify(signature, pre_authentication_encoding(envelope.payload_type, envelope.payload))
    except InvalidSignature as error:
        raise BadEnvelope("its signature is wrong: what it signs was changed.") from error
    return envelope


def _written(envelope: Envelope, name: str, signature: bytes) -> bytes:
    document: dict[str, JSON] = {
        "payloadType": envelope.payload_type,
        "payload": base64.b64encode(envelope.payload).decode("ascii"),
        "signatures": [{"keyid": name, "sig": base64.b64encode(signature).decode("ascii")}],
    }
    return f"{canonical(document)}\n".encode()


def _read(data: bytes) -> tuple[Envelope, str, bytes]:
    try:
        document = json.loads(data)
        (signature,) = document["signatures"]
        payload = base64.b64decode(document["payload"], validate=True)
        envelope = Envelope(str(document["payloadType"]), payload)
        return envelope, str(signature["keyid"]), base64.b64decode(signature["sig"], validate=True)
    except (ValueError, KeyError, TypeError, binascii.Error, NotCanonical, RecursionError) as error:
        raise BadEnvelope("it is not a DSSE envelope with one signature.") from error
