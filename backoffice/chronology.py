"""All dealings with one person in one list, whatever the channel: what their record shows (S69)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from backoffice.enums import Dealing
from backoffice.presenting import CHANNEL_ICONS, icon_word, merged_badge, state_badge
from citizens.models import Citizen
from massy_grc.common.empties import may_hold
from massy_grc.common.merged_paging import Dated, Source, merged_page
from massy_grc.common.paging import Page
from massy_grc.common.words import date_words
from massy_grc.users.models import User
from prestations.enums import Channel
from prestations.models import Prestation
from prestations.translation import catalogue_html
from requests.enums import ContactOutcome, MessageDirection
from requests.models import (
    CallBack,
    Contact,
    HandOver,
    Message,
    PersonalLetter,
    ServiceRequest,
)
from requests.permissions import Right, scope_of

SIZE = 25
EXTRACT = 140  # characters of a message
SPOKEN_OR_WRITTEN = {
    Dealing.CALL: (Channel.TELEPHONE, Channel.SVI),
    Dealing.VISIT: (Channel.GUICHET,),
    Dealing.LETTER: (Channel.COURRIER,),
    Dealing.MESSAGE: (Channel.EMAIL, Channel.SMS, Channel.WEB, Channel.API),
}
KIND_ICONS = {
    Dealing.REQUEST: "file-text",
    Dealing.CALL: "phone",
    Dealing.VISIT: "store",
    Dealing.LETTER: "mail",
    Dealing.MESSAGE: "message-square",
}


@dataclass(frozen=True)
class Entry:
    """One dealing, in words.

    Attributes:
        kind: an icon and a word.
        reference: of the request it belongs to.
        who: the agent, if any.
    """

    at: datetime
    kind: SafeString
    title: str | SafeString
    detail: str = ""
    reference: str = ""
    who: str = ""
    url: str = ""
    badge: SafeString | str = ""
    prestation: Prestation | None = None

    @property
    def about(self) -> str:
        """The name of the prestation, where the title does not say it."""
        label = self.prestation.label if self.prestation else ""
        return "" if self.title in (label, catalogue_html(label)) else label

    @property
    def is_reserved(self) -> bool:
        """Whether only named right-holders read it (L7)."""
        return bool(self.prestation and self.prestation.restricted)


def chronology(citizen: Citizen, user: User, params: QueryDict, kind: Dealing | None) -> Page:
    """Return a page of `Entry`: what `user` may see of the dealings with a person, newest first.

    One query for each table that holds some of `kind` (all kinds without): seven at most.

    Args:
        citizen: `know_empties` was told what to look at; without, each table is asked.
    """
    page = merged_page(list(_sources(citizen, user, kind)), params=params, size=SIZE)
    _lead_to_calls(page, user)
    entries = [_ENTRIES[one.source](one) for one in page.rows]
    return Page(entries, page.previous_query, page.next_query)


def _lead_to_calls(page: Page, user: User) -> None:
    """A question that nobody has qualified leads to its call, for who may qualify it."""
    rows = [one.row for one in page.rows if one.source == "contact"]
    waiting = [row for row in rows if row.conversation and row.outcome == ContactOutcome.OPEN]
    if waiting and scope_of(user).may(Right.LOG_REQUEST):
        calls = Contact.objects.of_calls(user).filter(pk__in=[row.pk for row in waiting])
        at_hand = set(calls.values_list("pk", flat=True))
        for row in waiting:
            row.leads_to_call = row.pk in at_hand


def reserved_prestations(page: Page) -> list[str]:
    """The codes of the restricted prestations of which a page shows something."""
    return sorted({one.prestation.pk for one in page.rows if one.is_reserved})


def _sources(citizen: Citizen, user: User, kind: Dealing | None) -> Iterable[Source]:
    """Those of `kind` that hold something of the person (`know_empties`)."""
    requests = ServiceRequest.objects.visible_to(user).filter(citizen=citizen)
    of_requests = Q(request__in=requests.order_by())
    by_channel = Q(channel__in=SPOKEN_OR_WRITTEN[kind]) if kind in SPOKEN_OR_WRITTEN else Q()
    columns: tuple[str, ...]
    if kind in (None, Dealing.REQUEST) and may_hold(citizen, "requests"):
        columns = ("reference", "subject", "state", "channel", "merged_into", "arrived_at")
        noted = Contact.objects.filter(request=OuterRef("pk"), at=OuterRef("arrived_at"))
        found = _slim(requests, *columns, *_PRESTATION).annotate(was_noted=Exists(noted))
        yield Source("demande", found, "arrived_at")
    if kind != Dealing.REQUEST and may_hold(citizen, "contacts"):
        seen = ServiceRequest.objects.visible_to(user).order_by()
        told = Q(request=None) | Q(request__in=seen)
        contacts = Contact.objects.visible_to(user).filter(told, by_channel, citizen=citizen)
        if kind is None:  # what a request was opened from is told by the request's own entry
            contacts = contacts.exclude(request__citizen=citizen, request__arrived_at=F("at"))
        joined = ("agent", "prestation", "request__prestation", "call_back")
        yield Source("contact", contacts.select_related(*joined), "at")
    if kind != Dealing.REQUEST and may_hold(citizen, "requests__messages"):
        messages = Message.objects.filter(of_requests, by_channel)
        columns = ("direction", "channel", "subject", "body", "at", *_named("author"))
        yield Source("message", _slim(messages, *columns, *_REQUEST), "at")
    # two lists: each follows an index, which an "or" of both would not
    made = CallBack.objects.filter(done_at__isnull=False)
    if kind in (None, Dealing.CALL) and may_hold(citizen, "requests__call_backs"):
        columns = ("about", "done_at", *_named("done_by"))
        yield Source("rappel", _slim(made.filter(of_requests), *columns, *_REQUEST), "done_at")
    if kind in (None, Dealing.CALL) and may_hold(citizen, "contacts__call_back"):
        answered = Contact.objects.visible_to(user).filter(citizen=citizen).order_by()
        after = made.filter(contact__in=answered).select_related("contact__prestation", "done_by")
        yield Source("rappel-contact", after, "done_at")
    if kind in (None, Dealing.VISIT) and may_hold(citizen, "requests__hand_overs"):
        handed = HandOver.objects.filter(of_requests)
        columns = ("collected_by", "at", *_named("by"))
        yield Source("remise", _slim(handed, *columns, *_REQUEST), "at")
    if kind in (None, Dealing.LETTER) and may_hold(citizen, "letters"):
        letters = PersonalLetter.objects.filter(citizen=citizen)
        yield Source("lettre", letters, "created_at")


_PRESTATION = ("prestation__label", "prestation__restricted")
_REQUEST = ("request__reference", *(f"request__{column}" for column in _PRESTATION))


def _named(person: str) -> tuple[str, str]:
    return f"{person}__first_name", f"{person}__last_name"


def _slim(rows: QuerySet, *columns: str) -> QuerySet:
    """`rows` with what an entry says alone: a request has seventy columns, and most are texts."""
    joined = {column.rpartition("__")[0] for column in columns} - {""}
    return rows.select_related(*joined).only(*columns)


def _kind_of(channel: str) -> Dealing:
    return next(kind for kind, channels in SPOKEN_OR_WRITTEN.items() if channel in channels)


def _of_request(sr: ServiceRequest) -> dict[str, Any]:
    """What an entry takes from the request it belongs to."""
    return {
        "url": sr.get_absolute_url(),
        "reference": sr.reference,
        "prestation": sr.prestation,
    }


def _request(one: Dated) -> Entry:
    sr = one.row
    ways = [Dealing.REQUEST, *([_kind_of(sr.channel)] if sr.was_noted else [])]
    kind = " · ".join(str(way.label) for way in ways)
    words = _of_request(sr) | {
        "kind": icon_word(CHANNEL_ICONS[Channel(sr.channel)], kind),
        "badge": merged_badge() if sr.merged_into_id else state_badge(sr),
    }
    return Entry(one.at, title=catalogue_html(sr.subject), **words)


def _contact(one: Dated) -> Entry:
    contact = one.row
    about: dict[str, Any] = {"prestation": contact.prestation}
    if contact.request:
        about = _of_request(contact.request)
    promised = getattr(contact, "call_back", None)
    badge: SafeString | str = ""
    if getattr(contact, "leads_to_call", False):
        about["url"] = reverse("backoffice:call_questions", args=[contact.conversation])
    if contact.outcome == ContactOutcome.OPEN:
        badge = icon_word("circle-dashed", _("Pas encore qualifiée"))
    elif promised and promised.done_at is None:  # once made, it has an entry of its own
        badge = icon_word("phone-call", f"{_('Rappel promis :')} {promised.slot_words}")
    said = " ".join(contact.answer.split())  # of a question that waits, the words themselves
    return Entry(
        one.at,
        _spoken(contact.channel),
        contact.question,
        detail="" if said == contact.question else contact.answer,
        who=contact.agent.get_full_name(),
        badge=badge,
        **about,
    )


def _message(one: Dated) -> Entry:
    message = one.row
    inbound = message.direction == MessageDirection.INBOUND
    text = " ".join(message.body.split())
    extract = text if len(text) <= EXTRACT else f"{text[:EXTRACT].rstrip()}…"
    words = _of_request(message.request) | {
        "kind": _spoken(message.channel),
        "badge": icon_word("arrow-down-left", _("reçu"))
        if inbound
        else icon_word("arrow-up-right", _("envoyé")),
        "who": message.author.get_full_name() if message.author and not inbound else "",
    }
    return Entry(one.at, title=message.subject or extract, **words)


def _call(one: Dated) -> Entry:
    made = one.row
    if one.source == "rappel":
        about = _of_request(made.request)
    else:
        about = {"prestation": made.contact.prestation}
    return Entry(
        one.at,
        icon_word(KIND_ICONS[Dealing.CALL], str(Dealing.CALL.label)),
        made.about or _("Rappel promis, fait"),
        who=made.done_by.get_full_name() if made.done_by else "",
        **about,
    )


def _hand_over(one: Dated) -> Entry:
    given = one.row
    title = _("Document remis à %(name)s") % {"name": given.collected_by}
    kind = icon_word(KIND_ICONS[Dealing.VISIT], str(Dealing.VISIT.label))
    return Entry(one.at, kind, title, who=given.by.get_full_name(), **_of_request(given.request))


def _letter(one: Dated) -> Entry:
    letter = one.row
    state, url = _("non envoyé : ni adresse électronique ni adresse postale"), ""
    if letter.printed_at:
        state = _("posté le %(day)s") % {"day": date_words(letter.printed_at)}
    elif letter.address:
        state, url = _("à poster"), reverse("backoffice:letters")
    kind = icon_word(KIND_ICONS[Dealing.LETTER], str(Dealing.LETTER.label))
    return Entry(one.at, kind, letter.subject.capitalize(), detail=state, url=url)


def _spoken(channel: str) -> SafeString:
    kind = _kind_of(channel)
    icon_name = CHANNEL_ICONS[Channel(channel)]
    return icon_word(icon_name, str(kind.label))


_ENTRIES: dict[str, Callable[[Dated], Entry]] = {
    "demande": _request,
    "contact": _contact,
    "message": _message,
    "rappel": _call,
    "rappel-contact": _call,
    "remise": _hand_over,
    "lettre": _letter,
}
