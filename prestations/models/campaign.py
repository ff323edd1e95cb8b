"""Campaigns that tell people of prestations and articles, and what came of them (S64, S49)."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from prestations.enums import CampaignChannel
from prestations.models.catalogue import Prestation
from prestations.models.knowledge import KnowledgeArticle
from prestations.models.organisation import Department, Team
from prestations.querysets import CampaignQuerySet


class Campaign(models.Model):
    """A poster, a page of the town's magazine…: it bears a short address, /c/<code>/.

    Written by `prestations.actions.write_campaign`. The code, once given, stays: it is in print.
    """

    code = models.SlugField(_("adresse courte"), max_length=30, unique=True)
    name = models.CharField(_("nom"), max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    text = models.TextField(_("texte"))
    text_en = models.TextField(blank=True)
    first_day = models.DateField(_("premier jour"))
    last_day = models.DateField(_("dernier jour"))
    announced = models.BooleanField(
        default=False, help_text="its address says its name and its first day before that day"
    )
    channels = ArrayField(models.CharField(max_length=12, choices=CampaignChannel.choices))
    prestations = models.ManyToManyField(Prestation, related_name="campaigns", blank=True)
    articles = models.ManyToManyField(KnowledgeArticle, related_name="+", blank=True)
    departments = models.ManyToManyField(Department, related_name="+", blank=True)
    teams = models.ManyToManyField(Team, related_name="+", blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campagne")
        ordering = ["-first_day", "-id"]
        constraints = [
            models.CheckConstraint(
                name="campaign_ends_after_it_begins",
                condition=models.Q(last_day__gte=models.F("first_day")),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """Its name in the language of the page; in French while it has no other."""
        return self.name if _in_french() else self.name_en or self.name

    @property
    def shown_text(self) -> str:
        """Its text in the same way."""
        return self.text if _in_french() else self.text_en or self.text

    @property
    def shown_language(self) -> str:
        """In which language `shown_text` is."""
        return "en" if self.text_en and not _in_french() else "fr"


class CampaignDay(models.Model):
    """How often a campaign's address was opened on one day, and forms begun after it. Only counts.

    Attributes:
        visits: once for each browser session; programs that read pages are left out.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    visits = models.PositiveIntegerField(default=0)
    begun = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "day"], name="one_campaign_count_per_day")
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.day}"


def _in_french() -> bool:
    return (get_language() or "fr").startswith("fr")
