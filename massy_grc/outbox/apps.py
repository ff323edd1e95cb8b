from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class OutboxConfig(AppConfig):
    name = "massy_grc.outbox"
    label = "outbox"

    def ready(self) -> None:
        """Make the Celery application the one in use, then load every app's `handlers` module.

        Not in `massy_grc/__init__.py`, as is Celery's custom: the embedded servers and their
        supervisor would wait for it at each start.
        """
        import_module("massy_grc.celery")
        autodiscover_modules("handlers")
