from django.apps import AppConfig


class BackofficeConfig(AppConfig):
    name = "backoffice"

    def ready(self) -> None:
        """Make known what of the configuration is recorded here."""
        from backoffice.configured.contracts import with_second_person
        from backoffice.configured.handover import with_handover
        from backoffice.configured.holders import KINDS, with_officers_told
        from backoffice.configured.newsletters import KINDS as NEWSLETTERS
        from backoffice.configured.opening_views import KINDS as OPENING_VIEWS
        from backoffice.configured.users import with_users
        from prestations.configuration import register

        register(*KINDS, *NEWSLETTERS, *OPENING_VIEWS)
        register(*with_second_person(), *with_handover(), *with_users())
        register(*with_officers_told())
