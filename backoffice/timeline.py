"""The life of a request as agents read it: acts, messages, notes and documents in one line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from backoffice.event_words import event_icon, event_words, names_of
from backoffice.merged_records import record_changes
from massy_grc.users.models import User
from requests.enums import Verb
from requests.models import (
    RequestEvent,
    ServiceRequest,
)

TOLD_BY_THEIR_TEXT = {Verb.WRITE, Verb.RECEIVE, Verb.NOTE}


@dataclass(frozen=True)
class Item:
    """One line. `kind` is event, message or note; `what` the row it comes from.

    `quote`: the words that an event brought, where it stands alone. `absent`: the colleague in
    whose stead it was done.
    """

    at: datetime
    rank: int
    kind: str
    what: Any
    words: str = ""
    icon: str = ""
    quote: str = ""
    absent: str = ""

    @property
    def signed(self) -> str:
        """Who of the staff did or wrote it, and in whose stead; empty for nobody of the staff."""
        who = self.what.actor if self.kind == "event" else self.what.author
        name = who.get_full_name() if who else ""
        if name and self.absent:
            return _("%(name)s, en l’absence de %(absent)s") % {
                "name": name,
                "absent": self.absent,
            }
        return name


def timeline_of(sr: ServiceRequest) -> list[Item]:
    """Everything that happened, oldest first. The same few queries however long the life."""
    events = list(sr.events.select_related("actor").order_by("number"))
    names = names_of(sr, events)
    absent = {
        one.pk: names["users"].get(one.data["acting_for"], "")
        for one in events
        if (one.data or {}).get("acting_for")
    }
    items = [
        Item(
            event.at,
            0,
            "event",
            event,
            event_words(event, names),
            event_icon(event),
            absent=absent.get(event.pk, ""),
        )
        for event in events
        if event.verb not in TOLD_BY_THEIR_TEXT
    ]
    texts: dict[str, Any] = {
        "message": sr.messages.select_related("author"),
        "note": sr.notes.select_related("author").prefetch_related("mentions__person"),
    }
    for kind, rows in texts.items():
        stead = {
            one.data[kind]: absent[one.pk]
            for one in events
            if one.pk in absent and one.data.get(kind)
        }
        items += [Item(one.at, 1, kind, one, absent=stead.get(one.pk, "")) for one in rows]
    items += [Item(one.at, 0, "event", one, one.words, "merge") for one in record_changes(sr)]
    items.sort(key=lambda item: (item.at, item.rank))
    return items


def events_since(sr: ServiceRequest, number: int) -> list[Item]:
    """What happened after the event `number`: shown to the agent whose page was stale."""
    events = list(sr.events.filter(number__gt=number).select_related("actor").order_by("number"))
    return _lines(sr, events, _quotes(sr, events))


def news_since(sr: ServiceRequest, number: int, reader: User, most: int) -> list[Item]:
    """The last acts of others after the event `number`, without what they wrote.

    The program's own acts are no news.
    """
    others = sr.events.filter(number__gt=number).exclude(actor=reader)
    people = others.filter(Q(by_requester=True) | Q(actor__isnull=False))
    events = list(people.select_related("actor").order_by("-number")[:most])
    return _lines(sr, events[::-1], {})


def _lines(
    sr: ServiceRequest, events: Sequence[RequestEvent], quotes: Mapping[int, str]
) -> list[Item]:
    names = names_of(sr, events) if events else {}
    return [
        Item(
            event.at,
            0,
            "event",
            event,
            event_words(event, names),
            event_icon(event),
            quotes.get(event.pk, ""),
        )
        for event in events
    ]


def _quotes(sr: ServiceRequest, events: Sequence[RequestEvent]) -> dict[int, str]:
    """The words of the messages and notes that `events` brought, by event."""
    found: dict[int, str] = {}
    for kind, rows in (("message", sr.messages), ("note", sr.notes)):
        named = {event.pk: event.data[kind] for event in events if (event.data or {}).get(kind)}
        bodies = dict(rows.filter(pk__in=named.values()).values_list("pk", "body")) if named else {}
        found |= {event: bodies[row] for event, row in named.items() if row in bodies}
    return found
