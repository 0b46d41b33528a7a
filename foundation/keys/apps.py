from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class KeysConfig(AppConfig):
    name = "foundation.keys"
    label = "keys"

    def ready(self) -> None:
        from foundation.audit.checkpoint_log import use_log_key
        from foundation.keys import checks  # noqa: F401 - importing registers the checks

        use_log_key(_log_key)


def _log_key() -> Ed25519PublicKey:
    """The log knows no keys, so it hears what is wrong with them as an error of its own."""
    from foundation.audit.errors import AuditError
    from foundation.keys.authority import known_log_key
    from foundation.keys.errors import KeysUnusable

    try:
        return known_log_key()
    except KeysUnusable as error:
        raise AuditError(f"{str(error).rstrip('.')}, or give --key with the public key of the log.") from error
