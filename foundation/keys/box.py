"""Encrypts what the portal itself must read again, so that a copy of the database tells nothing of it.

The key follows from KEY_SECRET, another one for each purpose: what was written for one cannot be passed off as another.
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from foundation.keys.errors import KeysUnusable


def encrypt(text: str, *, purpose: str) -> str:
    """Encrypt and authenticate a text (Fernet)."""
    return _fernet(purpose).encrypt(text.encode("utf-8")).decode("ascii")


def decrypt(encrypted: str, *, purpose: str) -> str:
    """Undo `encrypt` of the same purpose."""
    try:
        return _fernet(purpose).decrypt(encrypted.encode("ascii")).decode("utf-8")
    except InvalidToken as error:
        raise KeysUnusable(
            "A stored secret cannot be decrypted, because KEY_SECRET is not the one it was made with or the row was"
            " changed: set KEY_SECRET to the old value (it was SECRET_KEY if KEY_SECRET was not set)."
        ) from error


def _fernet(purpose: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"licence-desk/{purpose}".encode()).derive(
        settings.KEY_SECRET.encode()
    )
    return Fernet(base64.urlsafe_b64encode(derived))
