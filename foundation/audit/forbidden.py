"""What must never stand in a hashed event: secrets, a counsel's note, and personal data in clear.

Pure. The log can never forget, so a mistake here cannot be undone: a key that looks wrong is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

from foundation.audit.canonical import JSON
from foundation.audit.errors import AuditError

SECRET_WORDS = frozenset(
    {
        *("password", "passwd", "passphrase", "secret", "secrets", "token", "tokens", "credential", "credentials"),
        *("cookie", "cookies", "otp", "totp", "pin", "authorization", "bearer", "privatekey", "apikey"),
        *("sessionid", "sessionkey", "recoverycode", "recoverycodes"),
    }
)
SECRET_PAIRS = frozenset(
    {
        ("private", "key"),
        ("api", "key"),
        ("session", "key"),
        ("session", "id"),
        ("recovery", "code"),
        ("recovery", "codes"),
        ("counsel", "note"),
        ("counsels", "note"),
        ("counsel", "notes"),
        ("privileged", "note"),
        ("legal", "note"),
    }
)
ALLOWED_KEYS = frozenset(
    {"token_ref", "token_prefix", "token_scopes", "token_expires_at"}
)  # name a token, do not hold it
PERSONAL_PAIRS = frozenset({("user", "agent"), ("ip", "address"), ("full", "name"), ("display", "name")})
PERSONAL_WORDS = frozenset({"email", "emails", "mail", "ip", "phone", "telephone", "useragent", "surname", "birthday"})

_EMAIL = re.compile(r"[^@\s/]+@[^@\s/]+\.[^@\s/]+")  # without a slash: https://cdn.example/otters@1.2/LICENSE is none
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")


def refuse_unsafe_facts(facts: Mapping[str, JSON], *, personal: bool = False) -> None:
    """Refuse keys that name a secret or a counsel's note and, unless `personal`, keys and values of personal data."""
    for key, value in facts.items():
        if not isinstance(key, str):
            raise AuditError(f"The key {key!r} is not text: keys of facts must be text.")
        _refuse_key(key, personal)
        if not personal:
            _refuse_value(key, value)


def _refuse_key(key: str, personal: bool) -> None:
    if key in ALLOWED_KEYS:
        return
    words = [word.lower() for word in _WORDS.findall(key.replace("e-mail", "email").replace("e_mail", "email"))]
    pairs = set(pairwise(words))
    if SECRET_WORDS.intersection(words) or pairs & SECRET_PAIRS:
        raise AuditError(f"{key!r} looks like a secret or a counsel's note, which the log never holds: leave it out.")
    if not personal and (PERSONAL_WORDS.intersection(words) or pairs & PERSONAL_PAIRS):
        raise AuditError(f"{key!r} looks like personal data: pass it in personal=, where it can be erased later.")


def _refuse_value(key: str, value: JSON) -> None:
    if isinstance(value, str):
        if _EMAIL.fullmatch(value):
            raise AuditError(f"The fact {key!r} is an e-mail address: pass it in personal=, to be erased later.")
    elif isinstance(value, Mapping):
        refuse_unsafe_facts(value)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _refuse_value(key, item)
