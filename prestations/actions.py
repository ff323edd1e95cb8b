"""The verbs of the catalogue's app: what readers tell us, what is asked for most, for whom it is.

The catalogue itself is written by its loader.
"""

import datetime as dt
import re
from collections.abc import Mapping

from django.db import connection, transaction
from django.utils import timezone

from massy_grc.common.text import fold
from prestations.audiences import applied, possible_audiences
from prestations.enums import Audience
from prestations.exceptions import LastAudience, UnfitForm
from prestations.models import (
    AudienceChoice,
    FruitlessSearch,
    KnowledgeArticle,
    Prestation,
)
from prestations.searching import without_addresses

MOST_CHARACTERS = 60
FORGOTTEN_AFTER = dt.timedelta(days=365)
_SAID = re.compile(r"[a-z']+")

_OPINION = """
INSERT INTO prestations_articleopinion (article_id, day, helpful, count) VALUES (%s, %s, %s, 1)
ON CONFLICT (article_id, day, helpful) DO UPDATE
SET count = prestations_articleopinion.count + 1
"""
_FRUITLESS = """
INSERT INTO prestations_fruitlesssearch (words, count, first_on, last_on) VALUES (%s, 1, %s, %s)
ON CONFLICT (words) DO UPDATE
SET count = prestations_fruitlesssearch.count + 1, last_on = EXCLUDED.last_on
"""


def count_opinion(*, slug: str, helpful: bool, today: dt.date | None = None) -> None:
    """Count one reader's answer to « Cette page vous a-t-elle aidé ? »; nobody is named.

    Raises:
        KnowledgeArticle.DoesNotExist: unknown, or not for the public.
    """
    article = KnowledgeArticle.objects.published().get(slug=slug)
    with connection.cursor() as cursor:
        cursor.execute(_OPINION, [article.pk, today or timezone.localdate(), helpful])


def note_fruitless(*, query: str, today: dt.date | None = None) -> str:
    """Keep the words of a search that found nothing, for the knowledge manager.

    Digits, mail and web addresses are dropped first: only folded words are kept, at most 60
    characters of them, and not who typed them.

    Returns:
        The words kept; blank when none was left.
    """
    folded = fold(without_addresses(query.replace("\x00", " ")))
    named = [word for word in folded.split() if not any(char.isdigit() for char in word)]
    words = " ".join(_SAID.findall(" ".join(named)))[:MOST_CHARACTERS].strip(" '")
    if words:
        day = today or timezone.localdate()
        with connection.cursor() as cursor:
            cursor.execute(_FRUITLESS, [words, day, day])
    return words


def forget_old_searches(*, today: dt.date | None = None) -> int:
    """Delete the fruitless searches nobody repeated for a year; return how many."""
    before = (today or timezone.localdate()) - FORGOTTEN_AFTER
    return FruitlessSearch.objects.filter(last_on__lt=before).delete()[0]


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
