from django.apps import AppConfig


class PrestationsConfig(AppConfig):
    name = "prestations"

    def ready(self) -> None:
        """Make known what of the configuration is recorded, in the order in which it refers."""
        from prestations.configuration import (
            agreements,
            calendar,
            campaigns,
            offer,
            organisation,
            regimes,
            register,
            texts,
        )

        for module in (organisation, texts, offer, regimes, agreements, calendar, campaigns):
            register(*module.KINDS)
