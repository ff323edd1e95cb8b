"""The verbs of the catalogue's app: what readers tell us, what is asked for most, for whom it is,
which campaigns tell of it.

The catalogue itself is written by its loader.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping

from django.db import connection, transaction
from django.utils import timezone

from massy_grc.audit.models import AccessRecord
from massy_grc.common.text import fold
from massy_grc.outbox.api import publish
from prestations.audiences import applied, possible_audiences
from prestations.enums import Audience, Channel
from prestations.exceptions import (
    LastAudience,
    RegimeMoved,
    UnfitForm,
)
from prestations.models import (
    ArticleRemark,
    AudienceChoice,
    Campaign,
    Department,
    KnowledgeArticle,
    MissingAnswer,
    Prestation,
    RegimeConfirmation,
    Team,
)
from prestations.searching import without_addresses

MOST_CHARACTERS = 60
FORGOTTEN_AFTER = dt.timedelta(days=365)
_SAID = re.compile(r"[a-z']+")
_WRITTEN = re.compile(r"(?:[^\W\d_]|')+")

_OPINION = """
INSERT INTO prestations_articleopinion (article_id, day, helpful, count) VALUES (%s, %s, %s, 1)
ON CONFLICT (article_id, day, helpful) DO UPDATE
SET count = prestations_articleopinion.count + 1
"""
_CAMPAIGN = """
INSERT INTO prestations_campaignday (campaign_id, day, visits, begun) VALUES (%s, %s, %s, %s)
ON CONFLICT (campaign_id, day) DO UPDATE
SET visits = prestations_campaignday.visits + EXCLUDED.visits,
    begun = prestations_campaignday.begun + EXCLUDED.begun
"""
_MISSING = """
INSERT INTO prestations_missinganswer
    (words, written, channel, count, first_on, last_on, fate, article_id)
SELECT %(words)s, %(written)s, %(channel)s, 1, %(day)s, %(day)s,
    COALESCE(known.fate, ''), known.article_id
FROM (SELECT 1) AS one LEFT JOIN (
    SELECT fate, article_id FROM prestations_missinganswer
    WHERE words = %(words)s AND fate <> '' LIMIT 1
) AS known ON true
ON CONFLICT (words, channel) DO UPDATE
SET count = prestations_missinganswer.count + 1, last_on = EXCLUDED.last_on,
    written = GREATEST(prestations_missinganswer.written, EXCLUDED.written)
"""


@transaction.atomic
def confirm_regime(
    *,
    prestation_id: str,
    regime: str,
    confirmed_by: str,
    confirmed_on: dt.date,
    source: str,
    actor,
    now: dt.datetime | None = None,
) -> RegimeConfirmation:
    """Note that somebody of the town confirmed what silence does to a prestation (L4).

    Args:
        regime: `Prestation.regime` as it was read.
        actor: who notes it, whose right the caller has checked.

    Raises:
        Prestation.DoesNotExist: unknown.
        RegimeMoved: the catalogue says something else by now.
    """
    prestation = Prestation.objects.select_for_update(no_key=True).get(pk=prestation_id)
    if prestation.regime != regime:
        raise RegimeMoved
    return RegimeConfirmation.objects.create(
        prestation=prestation,
        silence_effect=prestation.silence_effect,
        silence_value=prestation.silence_value or 0,
        silence_unit=prestation.silence_unit,
        confirmed_by=confirmed_by,
        confirmed_on=confirmed_on,
        source=source,
        actor=actor,
        at=now or timezone.now(),
    )


def count_opinion(*, slug: str, helpful: bool, today: dt.date | None = None) -> None:
    """Count one reader's answer to « Cette page vous a-t-elle aidé ? »; nobody is named.

    Raises:
        KnowledgeArticle.DoesNotExist: unknown, or not for the public.
    """
    article = KnowledgeArticle.objects.published().get(slug=slug)
    with connection.cursor() as cursor:
        cursor.execute(_OPINION, [article.pk, today or timezone.localdate(), helpful])


@transaction.atomic
def note_remark(*, slug: str, text: str, now: dt.datetime | None = None) -> ArticleRemark:
    """Keep what a reader of the portal finds out of date in an article; nobody is named.

    Raises:
        KnowledgeArticle.DoesNotExist: unknown, or not for the public.
    """
    article = KnowledgeArticle.objects.published().get(slug=slug)
    remark = ArticleRemark.objects.create(article=article, text=text, at=now or timezone.now())
    publish("article.remark", key=f"article.remark:{remark.pk}", remark_id=remark.pk)
    return remark


def note_missing(*, text: str, channel: str = Channel.WEB, today: dt.date | None = None) -> str:
    """Keep the words of a search or a question that nothing answers, for the knowledge manager.

    Digits, mail and web addresses are dropped first: only words are kept, at most 60 characters
    of them, folded and as they were written, and not who asked.

    Returns:
        The words kept; blank when none was left.
    """
    text = without_addresses(text.replace("\x00", " "))
    words = _kept(_SAID, fold(text))
    written = _kept(_WRITTEN, text.lower().replace("’", "'").replace("-", " "))
    if fold(written) != words:  # cut elsewhere, or in another script
        written = words
    if words:
        day = today or timezone.localdate()
        with connection.cursor() as cursor:
            values: dict[str, str | dt.date] = {"words": words, "written": written}
            values |= {"channel": str(channel), "day": day}
            cursor.execute(_MISSING, values)
    return words


def _kept(sort: re.Pattern[str], text: str) -> str:
    """The words of one sort in a text, without those that hold a digit; `MOST_CHARACTERS`."""
    named = [word for word in text.split() if not any(char.isdigit() for char in word)]
    return " ".join(sort.findall(" ".join(named)))[:MOST_CHARACTERS].strip(" '")


def forget_unrepeated(*, today: dt.date | None = None) -> int:
    """Delete what was asked in vain and that nobody repeated for a year, and old remarks.

    Returns:
        How many rows.
    """
    before = (today or timezone.localdate()) - FORGOTTEN_AFTER
    remarks = ArticleRemark.objects.filter(answered_at__date__lt=before)
    return MissingAnswer.objects.filter(last_on__lt=before).delete()[0] + remarks.delete()[0]


@transaction.atomic
def record_demand(*, counts: Mapping[str, int]) -> None:
    """Note how often each prestation was asked for lately, for « Le plus demandé ».

    Args:
        counts: number of requests by code; a prestation that is not named was not asked for.
    """
    changed = []
    for prestation in Prestation.objects.exclude(demand=0) | Prestation.objects.filter(
        pk__in=counts
    ):
        if prestation.demand != counts.get(prestation.pk, 0):
            prestation.demand = counts.get(prestation.pk, 0)
            changed.append(prestation)
    Prestation.objects.bulk_update(changed, ["demand"])


@transaction.atomic
def choose_audience(
    *,
    prestation_id: str,
    audience: Audience | str,
    is_open: bool,
    actor,
    now: dt.datetime | None = None,
) -> bool:
    """Open a prestation to an audience, or close it to it: at once, and whatever is loaded later.

    Args:
        actor: the administrator, whose right the caller has checked.

    Returns:
        Whether it changed something.

    Raises:
        Prestation.DoesNotExist: unknown.
        UnfitForm: the form's requester block does not know this audience.
        LastAudience: it would be for nobody any more.
    """
    locked = Prestation.objects.select_for_update(no_key=True, of=("self",))
    prestation = locked.select_related("current_form").get(pk=prestation_id)
    if (audience in prestation.audiences) == is_open:
        return False
    if is_open and audience not in possible_audiences(prestation):
        raise UnfitForm
    audiences = applied(prestation.audiences, {str(audience): is_open})
    if not audiences:
        raise LastAudience
    AudienceChoice.objects.create(
        prestation=prestation,
        audience=audience,
        is_open=is_open,
        actor=actor,
        at=now or timezone.now(),
    )
    prestation.audiences = audiences
    prestation.save(update_fields=["audiences"])
    return True


@transaction.atomic
def write_campaign(
    *,
    actor,
    code: str,
    name: str,
    text: str,
    first_day: dt.date,
    last_day: dt.date,
    channels: Iterable[str],
    prestations: Iterable[Prestation] = (),
    articles: Iterable[KnowledgeArticle] = (),
    departments: Iterable[Department] = (),
    teams: Iterable[Team] = (),
    name_en: str = "",
    text_en: str = "",
    announced: bool = False,
    campaign_id: int | None = None,
    now: dt.datetime | None = None,
) -> Campaign:
    """Make a campaign or change one; the audit log keeps who did (S64).

    Args:
        actor: whose right the caller has checked.
        code: of its short address; that of a known campaign stays, it is in print.
        departments, teams: whose campaign it is (S49).
        announced: whether its address says before the first day when it opens.
        campaign_id: None for a new one.

    Raises:
        Campaign.DoesNotExist: unknown.
    """
    if campaign_id is None:
        campaign = Campaign(code=code)
    else:
        campaign = Campaign.objects.select_for_update().get(pk=campaign_id)
    campaign.name, campaign.name_en = name, name_en
    campaign.text, campaign.text_en = text, text_en
    campaign.first_day, campaign.last_day = first_day, last_day
    campaign.channels, campaign.announced = list(channels), announced
    campaign.changed_at, campaign.changed_by = now or timezone.now(), actor
    campaign.save()
    campaign.prestations.set(prestations)
    campaign.articles.set(articles)
    campaign.departments.set(departments)
    campaign.teams.set(teams)
    AccessRecord.objects.create(
        user=actor,
        action="campaign:change" if campaign_id else "campaign:make",
        object_type="campaign",
        object_id=campaign.pk,
    )
    return campaign


def count_campaign(
    *, campaign_id: int, visits: int = 0, begun: int = 0, today: dt.date | None = None
) -> None:
    """Add to what one day counts of a campaign; nobody is named."""
    with connection.cursor() as cursor:
        cursor.execute(_CAMPAIGN, [campaign_id, today or timezone.localdate(), visits, begun])
