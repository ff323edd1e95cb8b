"""SQL vocabulary of the catalogue."""

import datetime as dt
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from prestations.enums import UNDER_WAY, ArticleState, PrestationStatus, VersionState


class PrestationQuerySet(models.QuerySet):
    """Which prestations whom may see or file."""

    def listed(self):
        """In use: active ones and historical ones that only inform."""
        return self.filter(is_active=True)

    def offered(self):
        """Those that may be asked for: in use, and not for information only."""
        return self.listed().filter(status=PrestationStatus.ACTIVE)

    def offered_or_made(self):
        """Those that may be asked for, and drafts, which are settled before they are opened."""
        return self.offered() | self.being_made()

    def listed_or_made(self):
        """Those in use, and drafts."""
        return self.listed() | self.being_made()

    def being_made(self):
        """Drafts: nobody sees them yet."""
        return self.filter(status=PrestationStatus.DRAFT)

    def open_to(self, audience: str):
        """Those for an audience (a code of `Audience`): the catalogue's, as the town chose it."""
        return self.filter(audiences__contains=[audience])

    def naming(self, software: str):
        """Those in use, or being made, whose requests are typed again in a program."""
        return self.listed_or_made().filter(legacy_software=software)

    def typed_again(self):
        """Those whose requests are typed again in a program that no connector joins."""
        software: Any = apps.get_model("prestations", "Software")
        return self.filter(legacy_software__in=software.objects.double_entry().values("pk"))

    def restricted(self):
        """Those whose requests only named right-holders read."""
        return self.exclude(restricted="")

    def silence_unconfirmed(self):
        """Those of which neither the catalogue nor anybody since is sure what silence does (L4)."""
        confirmations: Any = self.model._meta.get_field("regime_confirmations").related_model
        known = confirmations._default_manager.filter(
            prestation=OuterRef("pk"),
            silence_effect=OuterRef("silence_effect"),
            silence_value=Coalesce(OuterRef("silence_value"), 0),
            silence_unit=OuterRef("silence_unit"),
        )
        return self.filter(~Exists(known), legal_confirmed=False)

    def open_on(self, channel: str):
        """Those by which a request may arrive on `channel` (a code of `Channel`)."""
        return self.offered().filter(channels__contains=[channel])


class SoftwareQuerySet(models.QuerySet):
    """The departments' own programs."""

    def double_entry(self):
        """Those in use where requests are typed again."""
        return self.filter(is_active=True, double_entry=True)

    def ever_typed_in(self):
        """Those where requests are typed again, or were."""
        rekeyings: Any = self.model._meta.get_field("rekeyings").related_model
        typed = rekeyings._default_manager.filter(software=OuterRef("pk"))
        return self.filter(Q(double_entry=True) | Exists(typed))


class RightHolderQuerySet(models.QuerySet):
    """Who is named for which restricted prestation."""

    def current(self, today: dt.date | None = None):
        """Those that hold today: begun, not withdrawn, not past their last day."""
        last_day = Q(until=None) | Q(until__gte=today or timezone.localdate())
        return self.filter(last_day, withdrawn_at=None)


class AbsenceQuerySet(models.QuerySet):
    """Who is away."""

    def on(self, day: dt.date):
        """Those that hold on `day`."""
        return self.filter(first_day__lte=day, last_day__gte=day)

    def not_over(self, today: dt.date):
        """Those that hold today or are still to come."""
        return self.filter(last_day__gte=today)


class FacilityQuerySet(models.QuerySet):
    """Public places other than the sites."""

    def outside_sites(self):
        """Those in use that are no site, open or closed, and in none."""
        sites = apps.get_model("prestations", "Site").objects.values("pk")
        return self.filter(is_active=True, site=None).exclude(pk__in=sites)


class ClosureQuerySet(models.QuerySet):
    """Which days the town is closed, and which of them its delays count."""

    def announced(self):
        """Those that stand: the file names them, or an administrator added them."""
        return self.filter(removed_at=None)

    def whole_town(self):
        """Whole days of every site: the only ones that a delay in working days may count."""
        return self.filter(site=None, opens_at=None, closes_at=None)

    def to_decide(self, today: dt.date):
        """Those that a load added or took out, whose effect on delays nobody has decided yet."""
        added = Q(removed_at=None, counted=False)
        taken_out = Q(removed_at__isnull=False, counted=True)
        return self.whole_town().filter(added | taken_out, end__gte=today)


class LetterQuerySet(models.QuerySet):
    """Which letters may leave."""

    def made_here(self):
        """Those that no file brought: somebody of the town wrote their first text."""
        versions: Any = self.model._meta.get_field("versions").related_model
        first = versions._default_manager.filter(template=OuterRef("pk"), number=1)
        return self.filter(Exists(first.filter(author__isnull=False)))

    def awaited(self):
        """New here, and out of use until a second person approves their first text."""
        versions: Any = self.model._meta.get_field("versions").related_model
        known = versions._default_manager.filter(template=OuterRef("pk"))
        return self.filter(
            Exists(known.filter(state__in=UNDER_WAY)),
            ~Exists(known.filter(state=VersionState.VALIDATED)),
            is_active=False,
        )


class ArticleQuerySet(models.QuerySet):
    """Which articles whom may read."""

    def begun(self):
        """All but those given up before they were ever in force."""
        return self.exclude(is_active=False, verified_on=None)

    def in_force(self):
        """Those that agents may rely on: in use, validated."""
        return self.filter(is_active=True, state=ArticleState.PUBLIE, verified_on__isnull=False)

    def published(self):
        """Those the public may read: in force and meant for it."""
        return self.in_force().filter(public=True)

    def late(self, today):
        """Those in force whose review date has passed."""
        return self.in_force().filter(review_on__lt=today)


class CampaignQuerySet(models.QuerySet):
    """Campaigns by their days."""

    def between(self, first: dt.date, last: dt.date):
        """Those that run on one of these days, both included."""
        return self.filter(first_day__lte=last, last_day__gte=first)
