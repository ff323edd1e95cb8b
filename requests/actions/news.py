"""Verbs of news that an agent tells: put on the list, told, or nobody answered."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from citizens.enums import NewsChannel
from requests.exceptions import NotAllowed
from requests.models import ServiceRequest, SpokenNews
from requests.permissions import Right, scope_of


def news_to_tell(
    *, service_request: ServiceRequest, way: str, subject: str, key: str, now: datetime
) -> None:
    """Put one letter among what agents tell; the same key twice is told once.

    Args:
        way: by telephone, or at the counter.
        subject: the letter's.
    """
    SpokenNews.objects.get_or_create(
        key=key,
        defaults={
            "request": service_request,
            "way": way,
            "subject": subject[:300],
            "created_at": now,
        },
    )


@transaction.atomic
def note_news_told(*, request_id: int, actor, now: datetime | None = None) -> int:
    """All that waited to be told of a request was told, in one call or at one visit.

    Returns:
        How many news; 0 when a colleague was faster.

    Raises:
        NotAllowed: the person does not receive the public, or may not see the request.
    """
    waiting = _waiting(request_id, actor)
    return waiting.update(told_at=now or timezone.now(), told_by=actor)


@transaction.atomic
def note_news_missed(*, request_id: int, actor, now: datetime | None = None) -> int:
    """Nobody answered the call: the news wait for another one.

    Raises:
        NotAllowed: the person does not receive the public, or may not see the request.
    """
    waiting = _waiting(request_id, actor).filter(way=NewsChannel.TELEPHONE)
    return waiting.update(tries=F("tries") + 1, tried_at=now or timezone.now())


def _waiting(request_id: int, actor):
    if not scope_of(actor).may(Right.LOG_REQUEST):
        raise NotAllowed
    if not ServiceRequest.objects.visible_to(actor).filter(pk=request_id).exists():
        raise NotAllowed
    return SpokenNews.objects.filter(request=request_id, told_at=None)
