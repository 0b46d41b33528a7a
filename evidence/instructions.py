"""VERIFY.md: what an auditor types, without this software and with it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

TEXT = """# How to verify this pack

Record of licence review {review}, edition {edition}, of {company}.

Sealed by this portal's own key; time from its clock, not independently stamped. The seal shows that nothing changed
since the portal made these files. It is a decision of the company about its own use: no legal advice, and no warranty
or permission from Meta.

## 1. Trust the root, once

Compare the fingerprint with the one that you were given by another way: on paper, by telephone, from an earlier pack.

    openssl x509 -in root.pem -noout -fingerprint -sha256

It must be

    {fingerprint}

## 2. Every file is the one that was sealed

    sha256sum -c {sums}

## 3. The PDF

Poppler's pdfsig with an NSS database needs no software of ours:

    mkdir nss
    certutil -N -d sql:nss --empty-password
    certutil -A -d sql:nss -n "Licence Desk root" -t "CT,C,C" -i root.pem
    pdfsig -nssdir sql:nss {pdf}

It must say of exactly one signature: "Signature is Valid.", "Certificate is Trusted." and "Total document signed".
pdfsig ends without an error also when a signature is broken, so read its words. The record inside the PDF is the one
beside it:

    pdfdetach -save 1 -o attached.json {pdf}
    cmp attached.json record.json

With pyHanko's command line instead:

    pyhanko sign validate --pretty-print --trust root.pem --trust-replace {pdf}

## 4. The envelope over the list of digests

{seal} is a DSSE envelope (payload type {sums_type}) signed with Ed25519. Its public key is in the sealed record, under
seal.envelope_key, as 32 bytes in base64. With OpenSSL 3, jq and xxd:

    jq -r .payload {seal} | base64 -d | cmp - {sums}
    (printf '302a300506032b6570032100' | xxd -r -p; jq -r .seal.envelope_key record.json | base64 -d) > key.der
    size=$(wc -c < {sums})
    (printf 'DSSEv1 {type_length} {sums_type} %d ' "$size"; cat {sums}) > signed.bin
    jq -r '.signatures[0].sig' {seal} | base64 -d > signature.bin
    openssl pkeyutl -verify -pubin -keyform DER -inkey key.der -rawin -in signed.bin -sigfile signature.bin

## 5. The licence texts

texts/ holds the exact files relied on. Their SHA-256 stand in the record and in the signatures; compare them with
copies that you get yourself.

## 6. The log

log/events.jsonl holds the lines of the audit log that concern this review: each with its number, the digest before it,
its own digest, and the exact text that was hashed. A digest is the SHA-256 of version (1 byte), previous digest (32
bytes), number (8 bytes, big endian) and text.{proofs}

## All of it at once

On any machine with Licence Desk, without a database of its own:

    python manage.py verify_evidence PACK.zip --root root.pem

It names every problem in a sentence with its file, and ends with 1 if there is one.
"""
PROOFS = """

log/checkpoint.txt is a signed root of the whole log (C2SP tlog-checkpoint); its key is in the sealed record under
seal.log_key. log/proofs.json proves for each line that it is in that log (RFC 9162, 2.1.3). Keep checkpoints: two of
them show later whether the log was rewritten in between."""


def verify_text(record: Mapping[str, Any], *, pdf: str, sums: str, seal: str, sums_type: str, with_proofs: bool) -> str:
    """The instructions for this pack."""
    fingerprint = bytes.fromhex(record["seal"]["root_sha256"]).hex(":").upper()
    return TEXT.format(
        review=record["review"],
        edition=record["edition"],
        company=" ".join(str(record["company"]).split()),
        fingerprint=fingerprint,
        pdf=pdf,
        sums=sums,
        seal=seal,
        sums_type=sums_type,
        type_length=len(sums_type),
        proofs=PROOFS if with_proofs else "",
    )
