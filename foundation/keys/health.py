"""What is wrong, or soon will be, with the portal's keys."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from django.conf import settings
from django.utils import timezone

from foundation.keys.authority import (
    ISSUING,
    KEYS_IN_USE,
    ROOT,
    SEAL,
    authority_folder,
    is_made,
    load_certificate,
    load_private_key,
)
from foundation.keys.errors import KeysUnusable

WARN_BEFORE = timedelta(days=365)  # what is signed in the last year would outlive its certificate


@dataclass(frozen=True, slots=True)
class KeyProblem:
    """One problem. A serious one means that nothing can be signed or that the keys may be known to others."""

    sentence: str
    serious: bool


def key_problems(now: datetime | None = None) -> list[KeyProblem]:
    """List what is wrong with the keys; an installation that has made none yet has no problem."""
    folder = authority_folder()
    try:
        if not is_made():
            return []
        return [*_open_to_others(folder), *_unusable(folder), *_ending(folder, now or timezone.now())]
    except KeysUnusable as error:
        return [KeyProblem(str(error), serious=True)]


def _open_to_others(folder: Path) -> list[KeyProblem]:
    problems = []
    for path in [folder.parent, folder, *sorted(folder.glob("*.key.pem"))]:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            mode = 700 if path.is_dir() else 600
            problems.append(KeyProblem(f"Others on this machine can reach {path}: run chmod {mode} {path}", True))
    return problems


def _unusable(folder: Path) -> list[KeyProblem]:
    problems = []
    keys = {name: load_private_key(folder, name, settings.KEY_SECRET) for name in KEYS_IN_USE}
    chain = {name: load_certificate(folder, name) for name in (ROOT, ISSUING, SEAL)}
    for name in (ISSUING, SEAL):
        if chain[name].public_key() != keys[name].public_key():
            problems.append(KeyProblem(f"{name}.crt.pem does not belong to {name}.key.pem: restore the backup.", True))
    for name, issuer in ((ISSUING, ROOT), (SEAL, ISSUING), (ROOT, ROOT)):
        try:
            chain[name].verify_directly_issued_by(chain[issuer])
        except (InvalidSignature, TypeError, ValueError):
            problems.append(KeyProblem(f"{name}.crt.pem was not issued by {issuer}.crt.pem: restore the backup.", True))
    return problems


def _ending(folder: Path, now: datetime) -> list[KeyProblem]:
    certificates: dict[str, x509.Certificate] = {name: load_certificate(folder, name) for name in (ROOT, ISSUING, SEAL)}
    problems = []
    for name, certificate in certificates.items():
        end = certificate.not_valid_after_utc
        if end <= now:
            problems.append(KeyProblem(f"The {name} certificate ended on {end:%d %B %Y}: make a new authority.", True))
        elif end <= now + WARN_BEFORE:
            problems.append(
                KeyProblem(f"The {name} certificate ends on {end:%d %B %Y}: plan a new authority before.", False)
            )
        if certificate.not_valid_before_utc > now:
            problems.append(KeyProblem(f"The {name} certificate is not valid yet: check this machine's clock.", True))
    return problems
