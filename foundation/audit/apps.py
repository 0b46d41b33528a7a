from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "foundation.audit"
    label = "audit"

    def ready(self) -> None:
        from foundation.audit import checks  # noqa: F401 - importing registers the checks
