"""The portal's keys: made on first use under KEY_DIR, kept encrypted, loaded once per process.

What they prove, in honest words: these are the portal's own keys, certified by a root that the portal made itself. A
signature made with them shows that this portal sealed exactly these bytes, and the time in it comes from the portal's
clock. It is an electronic seal with an attested simple signature, not a signature under the signer's sole control
(eIDAS, article 26). Nobody trusts the root until they compare its fingerprint, got another way, and import it.

Files of KEY_DIR/authority: `*.crt.pem`, `*.crl.pem` and `*.key.pem`. The root's key is used at creation only: an
administrator may move root.key.pem to a safe place, and nothing here misses it.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.utils import timezone

from foundation.audit.checkpoint import verifier_key
from foundation.audit.checkpoint_log import log_origin
from foundation.keys import certificates
from foundation.keys.certificates import CertifiedKey
from foundation.keys.errors import KeysUnusable

ROOT, ISSUING, SEAL, LOG, DSSE = "root", "issuing", "seal", "log", "dsse"
KEYS_IN_USE = (ISSUING, SEAL, LOG, DSSE)
PEM = serialization.Encoding.PEM
DER = serialization.Encoding.DER


@dataclass(frozen=True, slots=True)
class Authority:
    """Every key and certificate that the portal uses, loaded."""

    root: x509.Certificate
    issuing: CertifiedKey
    seal: CertifiedKey
    log: Ed25519PrivateKey
    dsse: Ed25519PrivateKey
    crls: tuple[x509.CertificateRevocationList, ...]


def authority() -> Authority:
    """Return the portal's authority; make it if this installation has none yet."""
    folder = authority_folder()
    if not is_made():
        _create(folder, timezone.now())
    return _load(folder, settings.KEY_SECRET)


def is_made() -> bool:
    """Whether this installation has keys; asking makes none."""
    folder = authority_folder()
    try:
        return stat.S_ISDIR(folder.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise KeysUnusable(
            f"{folder} cannot be looked into ({error.strerror}): run this as the user that the portal runs as."
        ) from error


def authority_folder() -> Path:
    """Where the keys of this installation are."""
    return Path(settings.KEY_DIR) / "authority"


def root_certificate_pem() -> str:
    """The root certificate: what an auditor imports after comparing its fingerprint."""
    return authority().root.public_bytes(PEM).decode()


def root_fingerprint() -> str:
    """SHA-256 of the root certificate, written as `openssl x509 -fingerprint -sha256` prints it."""
    return authority().root.fingerprint(hashes.SHA256()).hex(":").upper()


def issuing_certificate_pem() -> str:
    """The issuing certificate, which verifiers need between the root and a signature."""
    return authority().issuing.certificate.public_bytes(PEM).decode()


def revocation_lists_pem() -> str:
    """The revocation lists of root and issuing authority, to ship beside what was signed."""
    return "".join(crl.public_bytes(PEM).decode() for crl in authority().crls)


def seal_material() -> CertifiedKey:
    """The key with which the portal seals a document."""
    return authority().seal


def log_key() -> Ed25519PrivateKey:
    """The key with which the portal signs checkpoints of the audit log."""
    return authority().log


def known_log_key() -> Ed25519PublicKey:
    """The public key of the log, for a verification: it makes no keys, with which nothing can have been signed."""
    if not is_made():
        raise KeysUnusable(f"There are no keys in {settings.KEY_DIR}: set DATA_DIR to the folder that the portal uses.")
    return log_key().public_key()


def log_verifier_key() -> str:
    """The public key of the log in the form that C2SP tools take, to keep outside the portal."""
    return verifier_key(log_origin(), log_key().public_key())


def dsse_key() -> Ed25519PrivateKey:
    """The key with which the portal signs DSSE envelopes: sidecars and gate approvals."""
    return authority().dsse


def dsse_public_key_pem() -> str:
    """The public key of DSSE envelopes."""
    key = dsse_key().public_key()
    return key.public_bytes(PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


def dsse_key_id() -> str:
    """The keyid in DSSE envelopes: SHA-256 of the public key (SubjectPublicKeyInfo, DER)."""
    key = dsse_key().public_key()
    return sha256(key.public_bytes(DER, serialization.PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def issue_certificate(common_name: str, uid: str, *, organisation: str = "") -> CertifiedKey:
    """Make a key and certificate for one signing act by one person; the caller drops the key after signing.

    One certificate per act, because readers stumble over two neighbouring signatures of one certificate. It is valid
    as long as the issuing authority, because readers without long-term validation call an expired one broken.
    """
    name = certificates.subject(organisation or settings.COMPANY_NAME, common_name, uid)
    return certificates.make_leaf(name, authority().issuing, timezone.now())


def forget_loaded_keys() -> None:
    """Load the keys anew on next use: after they were replaced, and in tests."""
    _load.cache_clear()


def load_private_key(folder: Path, name: str, secret: str) -> ec.EllipticCurvePrivateKey | Ed25519PrivateKey:
    """Read and decrypt one private key; say what is wrong where that fails."""
    path = folder / f"{name}.key.pem"
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), secret.encode())
    except OSError as error:
        raise KeysUnusable(f"{path} cannot be read ({error.strerror}): restore it from the backup.") from error
    except (TypeError, ValueError) as error:
        raise KeysUnusable(
            f"{path} cannot be decrypted, because KEY_SECRET is not the one it was made with or the file is damaged:"
            " set KEY_SECRET to the old value (it was SECRET_KEY if KEY_SECRET was not set; on a machine that bin/serve"
            f" set up, leave both unset: {settings.DATA_DIR / 'secret_key'} is used then), or restore the backup."
        ) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey | Ed25519PrivateKey):
        raise KeysUnusable(f"{path} holds another type of key than the portal made: restore it from the backup.")
    return key


def load_certificate(folder: Path, name: str) -> x509.Certificate:
    """Read one certificate; say what is wrong where that fails."""
    path = folder / f"{name}.crt.pem"
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except OSError as error:
        raise KeysUnusable(f"{path} cannot be read ({error.strerror}): restore it from the backup.") from error
    except ValueError as error:
        raise KeysUnusable(f"{path} is damaged: restore it from the backup.") from error


def _create(folder: Path, now: datetime) -> None:
    """Make the whole authority aside and rename it into place: processes that race all end with the first one's."""
    aside = folder.parent / f".new-{secrets.token_hex(8)}"
    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        aside.mkdir(mode=0o700)
        _write_authority(aside, now)
        try:
            aside.rename(folder)  # refused by the system when another process was first
        except OSError as error:
            if error.errno not in {errno.ENOTEMPTY, errno.EEXIST}:
                raise
        _sync_folder(folder.parent)
    except OSError as error:
        raise KeysUnusable(f"{folder} cannot be made ({error.strerror}): let the portal write to KEY_DIR.") from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _write_authority(folder: Path, now: datetime) -> None:
    root = certificates.make_root(settings.COMPANY_NAME, now)
    issuing = certificates.make_issuing(settings.COMPANY_NAME, root, now)
    # The chain of what the issuing authority signs is issuing, then root.
    issuing = CertifiedKey(issuing.key, issuing.certificate, (root.certificate,))
    seal = certificates.make_leaf(certificates.subject(settings.COMPANY_NAME, "Licence Desk seal"), issuing, now)
    for name, certified in ((ROOT, root), (ISSUING, issuing), (SEAL, seal)):
        _write(folder / f"{name}.crt.pem", certified.certificate.public_bytes(PEM))
        _write(folder / f"{name}.key.pem", _encrypted(certified.key))
    for name in (LOG, DSSE):
        _write(folder / f"{name}.key.pem", _encrypted(Ed25519PrivateKey.generate()))
    for name, certified in ((ROOT, root), (ISSUING, issuing)):
        _write(folder / f"{name}.crl.pem", certificates.make_empty_crl(certified, now).public_bytes(PEM))
    _sync_folder(folder)


def _encrypted(key: ec.EllipticCurvePrivateKey | Ed25519PrivateKey) -> bytes:
    encryption = serialization.BestAvailableEncryption(settings.KEY_SECRET.encode())
    return key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, encryption)


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@lru_cache(maxsize=1)
def _load(folder: Path, secret: str) -> Authority:
    root = load_certificate(folder, ROOT)
    issuing = CertifiedKey(_curve_key(folder, ISSUING, secret), load_certificate(folder, ISSUING), (root,))
    seal_chain = (issuing.certificate, root)
    return Authority(
        root=root,
        issuing=issuing,
        seal=CertifiedKey(_curve_key(folder, SEAL, secret), load_certificate(folder, SEAL), seal_chain),
        log=_edwards_key(folder, LOG, secret),
        dsse=_edwards_key(folder, DSSE, secret),
        crls=tuple(_crl(folder, name) for name in (ROOT, ISSUING)),
    )


def _curve_key(folder: Path, name: str, secret: str) -> ec.EllipticCurvePrivateKey:
    key = load_private_key(folder, name, secret)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise KeysUnusable(f"{folder / name}.key.pem is not an elliptic curve key: restore it from the backup.")
    return key


def _edwards_key(folder: Path, name: str, secret: str) -> Ed25519PrivateKey:
    key = load_private_key(folder, name, secret)
    if not isinstance(key, Ed25519PrivateKey):
        raise KeysUnusable(f"{folder / name}.key.pem is not an Ed25519 key: restore it from the backup.")
    return key


def _crl(folder: Path, name: str) -> x509.CertificateRevocationList:
    path = folder / f"{name}.crl.pem"
    try:
        return x509.load_pem_x509_crl(path.read_bytes())
    except (OSError, ValueError) as error:
        raise KeysUnusable(f"{path} cannot be read: restore it from the backup.") from error
