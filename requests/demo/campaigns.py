"""The demo's two living campaigns (S49, S64): what they say, whom they draw, what they counted."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from massy_grc.users.models import User
from prestations.actions import count_campaign, write_campaign
from prestations.calendars import PARIS
from prestations.enums import CampaignChannel, Channel, Role
from prestations.models import Campaign, Department, KnowledgeArticle, Prestation, Team
from requests.demo.people import Staff
from requests.demo.shop import Offer
from requests.models import ServiceRequest

DRAWN = 0.05  # of a day's requests that a campaign makes
TRACED = 0.45  # of its prestations' online requests that came through its address


@dataclass
class Campaigns:
    """Those that run, as the lives need them: days, offers, the address's share."""

    running: list[tuple[Campaign, list[str]]] = field(default_factory=list)

    def offer(self, random: Random, day: date, drawn: Offer, offers: Iterable[Offer]) -> Offer:
        """Return `drawn`, or now and then what a campaign of that day makes people ask for."""
        for campaign, codes in self.running:
            if campaign.first_day <= day <= campaign.last_day and random.random() < DRAWN:
                pointed = [one for one in offers if one.prestation.pk in codes]
                return random.choice(pointed) if pointed else drawn
        return drawn

    def of(self, random: Random, prestation: str, channel: str, at: datetime) -> Campaign | None:
        """Return the campaign whose address led to a request, if one did."""
        day = at.astimezone(PARIS).date()
        for campaign, codes in self.running:
            if (
                channel == Channel.WEB
                and prestation in codes
                and campaign.first_day <= day <= campaign.last_day
                and random.random() < TRACED
            ):
                return campaign
        return None


def make_campaigns(staff: Staff, now: datetime) -> Campaigns:
    """Write the two campaigns; those that exist already are left alone, and draw nobody."""
    author = User.objects.filter(pk=staff.demo.get(Role.ADMINISTRATEUR, 0)).first()
    if author is None or Campaign.objects.exists():
        return Campaigns()
    made = [
        write_campaign(actor=author, now=now, **one) for one in _campaigns(now.astimezone(PARIS))
    ]
    return Campaigns([(one, [p.pk for p in one.prestations.all()]) for one in made])


def count_visits(random: Random, campaigns: Campaigns) -> None:
    """Count the visits and the forms begun that the requests filed let one suppose."""
    for campaign, _codes in campaigns.running:
        moments = ServiceRequest.objects.filter(campaign=campaign)
        filed = Counter(
            at.astimezone(PARIS).date() for at in moments.values_list("arrived_at", flat=True)
        )
        day, last = campaign.first_day, campaign.changed_at.astimezone(PARIS).date()
        while day <= min(last, campaign.last_day):
            begun = filed[day] + sum(random.random() < 0.3 for _ in range(filed[day]))
            visits = begun + random.randrange(3, 12)
            count_campaign(campaign_id=campaign.pk, visits=visits, begun=begun, today=day)
            day += timedelta(days=1)


def _campaigns(now: datetime) -> list[dict[str, Any]]:
    today = now.date()
    prestations, articles = Prestation.objects, KnowledgeArticle.objects.published()
    return [
        {
            "code": "mes-actes",
            "name": "Votre acte de naissance sans vous déplacer",
            "text": "Demandez votre acte en ligne : il arrive chez vous par courrier, sans frais.",
            "name_en": "Your birth certificate without coming in",
            "text_en": "Ask for it online: it reaches you by post, free of charge.",
            "first_day": today - timedelta(days=40),
            "last_day": today + timedelta(days=20),
            "channels": [CampaignChannel.POSTER, CampaignChannel.MAGAZINE, CampaignChannel.WEB],
            "prestations": prestations.filter(
                pk__in=["acte-naissance-filiation", "acte-naissance-sans-filiation"]
            ),
            "articles": articles.filter(prestations__in=["acte-naissance-filiation"]).distinct(),
            "departments": Department.objects.filter(pk__in=["etat-civil", "communication"]),
            "teams": Team.objects.filter(pk="eas"),
        },
        {
            "code": "rue-propre",
            "name": "Une rue à nettoyer ? Dites-le en deux minutes",
            "text": "Dépôt sauvage, graffiti, poubelle cassée : signalez-le avec une photo.",
            "name_en": "A street to clean? Tell us in two minutes",
            "text_en": "Fly-tipping, graffiti, a broken bin: report it with a photograph.",
            "first_day": today - timedelta(days=21),
            "last_day": today + timedelta(days=40),
            "channels": [CampaignChannel.POSTER, CampaignChannel.NEWSLETTER, CampaignChannel.SMS],
            "prestations": prestations.filter(
                pk__in=["proprete-depot-sauvage", "proprete-nettoyage", "voirie-graffitis"]
            ),
            "departments": Department.objects.filter(pk__in=["proprete-urbaine", "communication"]),
            "teams": Team.objects.filter(pk="proximite"),
        },
    ]
