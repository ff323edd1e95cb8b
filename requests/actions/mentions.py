"""Naming colleagues in an internal note, watching a request (S85), keeping it at hand.

None of it changes the request: there is no event but the note's own.
"""

import re
from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from massy_grc.common.text import fold
from massy_grc.users.models import User
from requests.enums import NoticeKind
from requests.exceptions import MissingInput
from requests.models import InternalNote, Mention, Notice, Pin, ServiceRequest, Watcher
from requests.readers import readers_of
from requests.standing_in import work_of

SIGN = "@"


def mentioned_in(
    service_request: ServiceRequest, actor, body: str, people: Collection[User]
) -> list[User]:
    """Return whom a note names: those chosen, and those written « @Prénom Nom ».

    Raises:
        MissingInput: one of them may not see the request.
    """
    named = {one.pk: one for one in [*people, *_written(body, people)]}
    named.pop(actor.pk, None)
    if not named:
        return []
    allowed = set(readers_of(service_request).filter(pk__in=named).values_list("pk", flat=True))
    refused = [one.get_full_name() for pk, one in named.items() if pk not in allowed]
    if refused:
        raise MissingInput(
            _("%(names)s ne peut pas voir cette demande : la mention n’est pas possible.")
            % {"names": ", ".join(refused)}
        )
    return list(named.values())


def keep_mentions(note: InternalNote, people: Collection[User], now: datetime) -> None:
    """Each person named finds the request among their mentions until they have seen it."""
    Mention.objects.bulk_create(Mention(note=note, person=one, at=now) for one in people)


@transaction.atomic
def see_mentions(*, service_request: ServiceRequest, user, now: datetime | None = None) -> int:
    """Somebody has seen where they are named, or where whom they stand in for is."""
    now = now or timezone.now()
    told = Notice.objects.unread(user).filter(kind=NoticeKind.MENTION, request=service_request)
    told.update(read_at=now)
    waiting = Mention.objects.waiting(work_of(user)).filter(note__request=service_request)
    return waiting.update(seen_at=now)


def pin_request(*, service_request: ServiceRequest, user, on: bool) -> None:
    """Keep a request at the head of one's own, or no longer."""
    if on:
        Pin.objects.get_or_create(request=service_request, user=user)
    else:
        Pin.objects.filter(request=service_request, user=user).delete()


def watch_request(*, service_request: ServiceRequest, user, at_once: bool) -> Watcher:
    """Be told of what happens to a request that one may see; anew to change how.

    Args:
        at_once: by a mail at each event; otherwise in the daily mail.
    """
    watcher, _new = Watcher.objects.update_or_create(
        request=service_request, user=user, defaults={"at_once": at_once}
    )
    return watcher


def stop_watching(*, service_request: ServiceRequest, user) -> None:
    """Be told no more."""
    Watcher.objects.filter(request=service_request, user=user).delete()


def _written(body: str, chosen: Collection[User]) -> list[User]:
    """The agents named in words; a namesake of somebody chosen is not meant."""
    if SIGN not in body:
        return []
    text = fold(body)
    known = {fold(one.get_full_name()) for one in chosen}
    agents = User.objects.agents().filter(is_active=True)
    return [
        one
        for one in agents
        if (name := fold(one.get_full_name())) not in known
        and re.search(rf"{SIGN}{re.escape(name)}(?![\w-])", text)
    ]
