"""What a citizen's space shows: their requests in one line each, conversations, documents."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

from django.db.models import (
    Case,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.functions import RowNumber
from django.utils import timezone

from citizens.models import CitizenAccount, OrganisationAccount
from prestations.translation import catalogue_text
from requests.actions import as_told, kept_until
from requests.drafts import resume_url, right_asked
from requests.enums import PAUSED_STATES, MessageDirection, Outcome, State, Verb
from requests.models import (
    Document,
    FilingDraft,
    Message,
    PieceRequest,
    ReportFollower,
    RequestEvent,
    ServiceRequest,
)
from requests.querysets import ServiceRequestQuerySet
from requests.reports import PublicReport, told_reports
from requests.tracking_page import Progress, progress


class Told(TypedDict):
    """What is read along with a space's rows."""

    unread: bool
    last_outcome: str | None
    missing_pieces: list[PieceRequest]


if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    ToldRequest = WithAnnotations[ServiceRequest, Told]


EXCERPT = 160  # characters of a message in the list of conversations
EACH = 5  # requests of each organisation on the home page; the others are in its own space


@dataclass(frozen=True)
class Line:
    """A request as the lists of the space show it."""

    request: ServiceRequest
    progress: Progress
    unread: bool

    @property
    def title(self) -> str:
        return catalogue_text(self.request.prestation.told_label)


@dataclass(frozen=True)
class Shared:
    """What an organisation has under way, as the home page of a member's space shows it."""

    organisation: OrganisationAccount
    lines: list[Line]


@dataclass(frozen=True)
class Begun:
    """A form begun: where it goes on, until when it is kept, and the right that it exercises."""

    draft: FilingDraft
    url: str
    until: datetime
    right: str


def requests_of(
    owner: CitizenAccount | OrganisationAccount,
) -> "QuerySet[ToldRequest]":
    """A space's requests with all that their lines say; two queries for any number of rows."""
    return _with_lines(_of(owner))


def _with_lines(
    rows: QuerySet[ServiceRequest],
) -> "QuerySet[ToldRequest]":
    now = timezone.now()
    answers = RequestEvent.objects.told(now).filter(request=OuterRef("pk"), verb=Verb.ANSWER)
    missing = PieceRequest.objects.told(now).filter(received_at=None)
    return (
        rows.select_related(
            *("prestation", "department", "team", "site", "closing_reason", "forwarded_to"),
            *("merged_into__department", "merged_into__team", "merged_into__prestation"),
        )
        .annotate(
            unread=Exists(_unread_messages()),
            last_outcome=Subquery(answers.order_by("-number").values("data__outcome")[:1]),
        )
        .prefetch_related(Prefetch("pieces", queryset=missing, to_attr="missing_pieces"))
    )


def _of(owner: CitizenAccount | OrganisationAccount) -> ServiceRequestQuerySet:
    if isinstance(owner, OrganisationAccount):
        return ServiceRequest.objects.of_organisation(owner)
    return ServiceRequest.objects.of_account(owner)


def under_way(account: CitizenAccount) -> "QuerySet[ToldRequest]":
    """The open ones: first what waits for the citizen, then the latest."""
    rows = _with_lines(_of(account).as_told(timezone.now()).told_open())
    return rows.order_by(*_waiting_first())


def shared_with(account: CitizenAccount, now: datetime) -> list[Shared]:
    """The open ones of each organisation that the account acts for: by name, a few of each."""
    spaces = OrganisationAccount.objects.of_account(account).order_by("name", "pk")
    rank = Window(
        RowNumber(), partition_by=F("organisation_account"), order_by=list(_waiting_first())
    )
    rows = ServiceRequest.objects.followed_by(account).exclude(organisation_account=None)
    rows = _with_lines(rows.as_told(now).told_open())
    rows = rows.annotate(rank=rank).filter(rank__lte=EACH).order_by(*_waiting_first())
    by_space: dict[int, list[Line]] = {}
    for line in lines(rows, now):
        by_space.setdefault(line.request.organisation_account_id or 0, []).append(line)
    return [Shared(one, by_space[one.pk]) for one in spaces if one.pk in by_space]


def _waiting_first() -> tuple:
    states = [*PAUSED_STATES, State.A_RETIRER]
    waits = Case(When(told_state__in=states, then=Value(0)), default=Value(1))
    return waits.asc(), F("arrived_at").desc(), F("pk").desc()


def conversations_of(
    owner: CitizenAccount | OrganisationAccount, *, unread: bool
) -> QuerySet[ServiceRequest]:
    """The requests about which something was written, with the last message of each.

    Args:
        unread: those where the town wrote something that was not read yet, or all others.
    """
    last = (
        Message.objects.told(timezone.now()).filter(request=OuterRef("pk")).order_by("-at", "-pk")
    )
    return (
        _of(owner)
        .select_related("prestation")
        .annotate(
            unread=Exists(_unread_messages()),
            last_at=Subquery(last.values("at")[:1]),
            last_body=Subquery(last.values("body")[:1]),
            last_direction=Subquery(last.values("direction")[:1]),
        )
        .filter(last_at__isnull=False, unread=unread)
    )


def documents_of(owner: CitizenAccount | OrganisationAccount) -> QuerySet[Document]:
    """Every document that the town made about a space's requests."""
    return Document.objects.filter(request__in=_of(owner)).select_related("request__prestation")


def followed_reports(account: CitizenAccount) -> list[PublicReport]:
    """The public reports that the account follows, the latest first."""
    followed = ReportFollower.objects.of_account(account).values("request")
    rows = ServiceRequest.objects.public_reports().filter(pk__in=followed)
    return told_reports(rows.order_by("-arrived_at", "-pk"))


def lines(requests: "Iterable[ToldRequest]", now: datetime) -> list[Line]:
    """Say where each of `requests_of` stands."""
    return [
        Line(
            one,
            progress(one, one.missing_pieces, now, refused=_is_refused(one)),
            unread=one.unread,
        )
        for one in as_told(requests, now)
    ]


def begun(drafts: Iterable[FilingDraft]) -> list[Begun]:
    """What the space says of forms begun and not sent."""
    return [
        Begun(
            draft,
            resume_url(draft),
            kept_until(draft),
            right_asked(draft.form_version, draft.answers),
        )
        for draft in drafts
    ]


def excerpt(message: str) -> str:
    """The beginning of a message, on one line."""
    text = " ".join(message.split())
    return text if len(text) <= EXCERPT else f"{text[:EXCERPT].rstrip()}…"


def unread_in(service_request: ServiceRequest, thread: Iterable[Message]) -> bool:
    """Whether the town wrote since the requester last opened the request."""
    read_at = service_request.account_read_at
    return any(
        message.direction == MessageDirection.OUTBOUND
        and (read_at is None or (message.told_from or message.at) > read_at)
        for message in thread
    )


def _is_refused(service_request: "ToldRequest") -> bool:
    closed = service_request.state == State.CLOSE
    return closed and service_request.last_outcome == Outcome.NEGATIVE


def _unread_messages() -> QuerySet[Message]:
    """Messages of the town that came since the citizen, or a member, last opened the request."""
    told = Message.objects.told(timezone.now())
    from_town = told.filter(request=OuterRef("pk"), direction=MessageDirection.OUTBOUND)
    return from_town.filter(
        Q(request__account_read_at=None)
        | Q(at__gt=F("request__account_read_at"))
        | Q(told_from__gt=F("request__account_read_at"))
    )
