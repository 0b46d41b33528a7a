"""Makes an NSS database that trusts one root, as `certutil -A -t CT,C,C` does, where certutil itself is not installed.

pdfsig reads trust from such a database. It brings NSS's library along but not its command, so this calls the library.
Run as a program of its own: NSS is set up once per process.
"""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path

NO_OBJECT = ctypes.c_ulong(0)  # CK_INVALID_HANDLE
TRUSTED = b"CT,C,C"


class Trust(ctypes.Structure):
    """CERTCertTrust: flags for servers, mail and code."""

    _fields_ = [("server", ctypes.c_uint), ("mail", ctypes.c_uint), ("code", ctypes.c_uint)]


def trust(folder: Path, root: bytes) -> None:
    """Make the database in `folder` and let it trust this certificate (PEM)."""
    nss, smime = ctypes.CDLL("libnss3.so"), ctypes.CDLL("libsmime3.so")
    for function in (nss.PK11_GetInternalKeySlot, nss.CERT_GetDefaultCertDB, smime.CERT_DecodeCertFromPackage):
        function.restype = ctypes.c_void_p
    require(nss.NSS_InitReadWrite(f"sql:{folder}".encode()), "make the database")
    slot = ctypes.c_void_p(nss.PK11_GetInternalKeySlot())
    require(nss.PK11_InitPin(slot, None, b""), "set the empty password")
    certificate = ctypes.c_void_p(smime.CERT_DecodeCertFromPackage(root, len(root)))
    if not certificate:
        raise SystemExit("NSS could not read the certificate.")
    require(nss.PK11_ImportCert(slot, certificate, NO_OBJECT, b"root", 0), "import the certificate")
    flags = Trust()
    require(nss.CERT_DecodeTrustString(ctypes.byref(flags), TRUSTED), "read the trust flags")
    database = ctypes.c_void_p(nss.CERT_GetDefaultCertDB())
    require(nss.CERT_ChangeCertTrust(database, certificate, ctypes.byref(flags)), "trust the certificate")
    nss.CERT_DestroyCertificate(certificate)
    nss.PK11_FreeSlot(slot)
    require(nss.NSS_Shutdown(), "close the database")


def require(status: int, what: str) -> None:
    if status != 0:
        raise SystemExit(f"NSS could not {what}.")


if __name__ == "__main__":
    trust(Path(sys.argv[1]), Path(sys.argv[2]).read_bytes())
