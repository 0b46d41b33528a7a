from django.apps import AppConfig


class OutboundConfig(AppConfig):
    name = "foundation.outbound"
    label = "outbound"
