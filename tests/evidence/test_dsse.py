"""The envelope: only these bytes, only this key."""

from __future__ import annotations

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from evidence.dsse import BadEnvelope, Envelope, pre_authentication_encoding, sign, verify

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
SIGNED = sign(Envelope("text/x", b"hello world"), KEY)


def test_the_signed_bytes_are_those_of_the_specification():
    # The example of the DSSE protocol document.
    assert pre_authentication_encoding("http://example.com/HelloWorld", b"hello world") == (
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )


def test_what_was_signed_comes_back():
    assert verify(SIGNED, KEY.public_key()) == Envelope("text/x", b"hello world")


def test_another_key_is_refused():
    with pytest.raises(BadEnvelope, match="another key"):
        verify(SIGNED, Ed25519PrivateKey.generate().public_key())


def test_every_changed_byte_is_refused():
    for position in range(len(SIGNED)):
        for bit in (1, 32):
            changed = bytearray(SIGNED)
            changed[position] ^= bit
            with pytest.raises(BadEnvelope):
                verify(bytes(changed), KEY.public_key())


def test_the_same_content_spelt_otherwise_is_refused():
    document = json.loads(SIGNED)
    with pytest.raises(BadEnvelope, match="not written as the portal writes it"):
        verify(json.dumps(document, indent=1).encode(), KEY.public_key())


def test_a_payload_shifted_into_the_type_is_refused():
    document = json.loads(SIGNED)
    document["payloadType"] = "text/xh"
    document["payload"] = base64.b64encode(b"ello world").decode()
    with pytest.raises(BadEnvelope):
        verify(json.dumps(document).encode(), KEY.public_key())
