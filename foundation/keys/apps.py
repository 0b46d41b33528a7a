from django.apps import AppConfig


class KeysConfig(AppConfig):
    name = "foundation.keys"
    label = "keys"

    def ready(self) -> None:
        from foundation.audit.checkpoint_log import use_log_key
        from foundation.keys import checks  # noqa: F401 - importing registers the checks
        from foundation.keys.authority import log_key

        use_log_key(lambda: log_key().public_key())
