from celery.signals import task_postrun, task_prerun
from django.apps import AppConfig
from django.core.signals import request_finished, request_started

from prestations.translation import begin_page, end_page


class PrestationsConfig(AppConfig):
    name = "prestations"

    def ready(self) -> None:
        """Make known what of the configuration is recorded, in the order in which it refers."""
        from prestations.configuration import (
            agreements,
            calendar,
            campaigns,
            knowledge,
            offer,
            organisation,
            regimes,
            register,
            signatories,
            streets,
            texts,
            treatments,
        )

        others = (agreements, campaigns, streets)
        # closures before prestations: where there are none yet, delays count them at once
        places = (organisation, calendar, treatments, texts)
        for module in (*places, offer, signatories, knowledge, regimes, *others):
            register(*module.KINDS)

        for begins in (request_started, task_prerun):
            begins.connect(begin_page)
        for ends in (request_finished, task_postrun):
            ends.connect(end_page)
