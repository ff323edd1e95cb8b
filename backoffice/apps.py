from django.apps import AppConfig


class BackofficeConfig(AppConfig):
    name = "backoffice"

    def ready(self) -> None:
        """Make known what of the configuration is recorded here."""
        from backoffice.configured.holders import KINDS
        from prestations.configuration import register

        register(*KINDS)
