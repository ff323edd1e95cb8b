"""SQL vocabulary of the catalogue."""

import datetime as dt

from django.db import models

from prestations.enums import ArticleState


class PrestationQuerySet(models.QuerySet):
    """Which prestations whom may see or file."""

    def listed(self):
        """In use: active ones and historical ones that only inform."""
        return self.filter(is_active=True)

    def open_to(self, audience: str):
        """Those for an audience (a code of `Audience`): the catalogue's, as the town chose it."""
        return self.filter(audiences__contains=[audience])

    def open_on(self, channel: str):
        """Those by which a request may arrive on `channel` (a code of `Channel`)."""
        return self.filter(is_active=True, status="active", channels__contains=[channel])


class ArticleQuerySet(models.QuerySet):
    """Which articles whom may read."""

    def published(self):
        """Those the public may read: in use, meant for it, validated."""
        return self.filter(
            is_active=True, public=True, state=ArticleState.PUBLIE, verified_on__isnull=False
        )


class CampaignQuerySet(models.QuerySet):
    """Campaigns by their days."""

    def between(self, first: dt.date, last: dt.date):
        """Those that run on one of these days, both included."""
        return self.filter(first_day__lte=last, last_day__gte=first)
