"""The certificates and revocation lists of the built-in authority (RFC 5280).

Pure: takes `now`. No certificate carries a CRL or OCSP address: an auditor verifies offline, where validators call a
certificate with an address that cannot be reached invalid. The lists themselves travel in the evidence pack.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

YEAR = timedelta(days=365, hours=6)
ROOT_LIFE, ISSUING_LIFE = 20 * YEAR, 10 * YEAR
CLOCK_DIFFERENCE = timedelta(minutes=5)  # a verifier whose clock is behind ours must not call a certificate too new
LONGEST_NAME = 64  # RFC 5280, appendix A.1: ub-common-name and ub-organization-name


@dataclass(frozen=True, slots=True)
class CertifiedKey:
    """A private key with its certificate and the certificates above it, the nearest first."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]


def make_root(organisation: str, now: datetime) -> CertifiedKey:
    """Make the root: P-384, 20 years, signs the issuing authority only."""
    key = ec.generate_private_key(ec.SECP384R1())
    name = subject(organisation, "Licence Desk root authority")
    builder = _builder(name, name, key, now, now + ROOT_LIFE, authority=True, path_length=1)
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())
    return CertifiedKey(key, builder.add_extension(identifier, critical=False).sign(key, hashes.SHA384()), ())


def make_issuing(organisation: str, root: CertifiedKey, now: datetime) -> CertifiedKey:
    """Make the issuing authority: P-256, 10 years."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = subject(organisation, "Licence Desk issuing authority")
    return _issued(name, key, root, now, now + ISSUING_LIFE, authority=True, path_length=0)


def make_leaf(name: x509.Name, issuing: CertifiedKey, now: datetime) -> CertifiedKey:
    """Make a signing certificate with a new key: P-256, valid as long as the issuing authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    return _issued(name, key, issuing, now, issuing.certificate.not_valid_after_utc, authority=False, path_length=None)


def make_empty_crl(issuer: CertifiedKey, now: datetime) -> x509.CertificateRevocationList:
    """State that nothing was revoked, for as long as the issuer lives, so that an archive stays verifiable."""
    return (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(now - CLOCK_DIFFERENCE)
        .next_update(issuer.certificate.not_valid_after_utc)
        .add_extension(x509.CRLNumber(1), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.certificate.public_key()),  # type: ignore[arg-type]
            critical=False,
        )
        .sign(issuer.key, hashes.SHA384() if isinstance(issuer.key.curve, ec.SECP384R1) else hashes.SHA256())
    )


def subject(organisation: str, common_name: str, uid: str = "") -> x509.Name:
    """Name the holder of a certificate. Names that are too long for a certificate are cut; the uid never is."""
    attributes = [
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, _fitting(organisation)),
        x509.NameAttribute(NameOID.COMMON_NAME, _fitting(common_name)),
    ]
    if uid:
        attributes.append(x509.NameAttribute(NameOID.USER_ID, uid))
    return x509.Name(attributes)


def _fitting(name: str) -> str:
    printable = "".join(character if character.isprintable() else " " for character in name)
    # Cut by UTF-8 length: validators differ in whether the limit counts characters or bytes.
    return " ".join(printable.split()).encode()[:LONGEST_NAME].decode(errors="ignore").strip() or "unnamed"


def _issued(
    name: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer: CertifiedKey,
    now: datetime,
    until: datetime,
    *,
    authority: bool,
    path_length: int | None,
) -> CertifiedKey:
    builder = _builder(
        name, issuer.certificate.subject, key, now, until, authority=authority, path_length=path_length
    ).add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.certificate.public_key()),  # type: ignore[arg-type]
        critical=False,
    )
    digest = hashes.SHA384() if isinstance(issuer.key.curve, ec.SECP384R1) else hashes.SHA256()
    return CertifiedKey(key, builder.sign(issuer.key, digest), (issuer.certificate, *issuer.chain))


def _builder(
    name: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    now: datetime,
    until: datetime,
    *,
    authority: bool,
    path_length: int | None,
) -> x509.CertificateBuilder:
    usage = x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCK_DIFFERENCE)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=path_length), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
