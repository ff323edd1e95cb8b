from django.apps import AppConfig


class PrestationsConfig(AppConfig):
    name = "prestations"

    def ready(self) -> None:
        """Make known what of the configuration is recorded, in the order in which it refers."""
        from prestations.configuration import agreements, offer, organisation, register, texts

        for module in (organisation, texts, offer, agreements):
            register(*module.KINDS)
