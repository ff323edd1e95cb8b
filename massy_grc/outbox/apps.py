from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class OutboxConfig(AppConfig):
    name = "massy_grc.outbox"
    label = "outbox"

    def ready(self) -> None:
        """Load every app's `handlers` module, so that its subscriptions are known."""
        autodiscover_modules("handlers")
