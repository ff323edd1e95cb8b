"""What a citizen's space shows: their requests in one line each, conversations, documents."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Value, When

from citizens.models import CitizenAccount, OrganisationAccount
from prestations.translation import catalogue_text
from requests.actions import kept_until
from requests.drafts import resume_url, right_asked
from requests.enums import FINAL_STATES, PAUSED_STATES, MessageDirection, Outcome, State, Verb
from requests.models import (
    Document,
    FilingDraft,
    Message,
    PieceRequest,
    ReportFollower,
    RequestEvent,
    ServiceRequest,
)
from requests.reports import PublicReport, public_report
from requests.tracking_page import Progress, progress

EXCERPT = 160  # characters of a message in the list of conversations


@dataclass(frozen=True)
class Line:
    """A request as the lists of the space show it."""

    request: ServiceRequest
    progress: Progress
    unread: bool

    @property
    def title(self) -> str:
        return catalogue_text(self.request.prestation.label)


@dataclass(frozen=True)
class Begun:
    """A form begun: where it goes on, until when it is kept, and the right that it exercises."""

    draft: FilingDraft
    url: str
    until: datetime
    right: str


def requests_of(owner: CitizenAccount | OrganisationAccount) -> QuerySet[ServiceRequest]:
    """A space's requests with all that their lines say; two queries for any number of rows."""
    answers = RequestEvent.objects.filter(request=OuterRef("pk"), verb=Verb.ANSWER)
    missing = PieceRequest.objects.filter(received_at=None)
    return (
        _of(owner)
        .select_related("prestation", "department", "team", "site", "closing_reason")
        .annotate(
            unread=Exists(_unread_messages()),
            last_outcome=Subquery(answers.order_by("-number").values("data__outcome")[:1]),
        )
        .prefetch_related(Prefetch("pieces", queryset=missing, to_attr="missing_pieces"))
    )


def _of(owner: CitizenAccount | OrganisationAccount) -> QuerySet[ServiceRequest]:
    if isinstance(owner, OrganisationAccount):
        return ServiceRequest.objects.of_organisation(owner)
    return ServiceRequest.objects.of_account(owner)


def under_way(account: CitizenAccount) -> QuerySet[ServiceRequest]:
    """The open ones: first what waits for the citizen, then the latest."""
    states = [*PAUSED_STATES, State.A_RETIRER]
    waits = Case(When(state__in=states, then=Value(0)), default=Value(1))
    rows = requests_of(account).exclude(state__in=FINAL_STATES)
    return rows.order_by(waits, "-arrived_at", "-pk")


def conversations_of(account: CitizenAccount, *, unread: bool) -> QuerySet[ServiceRequest]:
    """The requests about which something was written, with the last message of each.

    Args:
        unread: those where the town wrote something that was not read yet, or all others.
    """
    last = Message.objects.filter(request=OuterRef("pk")).order_by("-at", "-pk")
    return (
        ServiceRequest.objects.of_account(account)
        .select_related("prestation")
        .annotate(
            unread=Exists(_unread_messages()),
            last_at=Subquery(last.values("at")[:1]),
            last_body=Subquery(last.values("body")[:1]),
            last_direction=Subquery(last.values("direction")[:1]),
        )
        .filter(last_at__isnull=False, unread=unread)
    )


def documents_of(account: CitizenAccount) -> QuerySet[Document]:
    """Every document that the town made about the account's requests."""
    own = ServiceRequest.objects.of_account(account)
    return Document.objects.filter(request__in=own).select_related("request__prestation")


def followed_reports(account: CitizenAccount) -> list[PublicReport]:
    """The public reports that the account follows, the latest first."""
    followed = ReportFollower.objects.of_account(account).values("request")
    rows = ServiceRequest.objects.public_reports().filter(pk__in=followed)
    return [public_report(row) for row in rows.order_by("-arrived_at", "-pk")]


def lines(requests: Iterable[ServiceRequest], now: datetime) -> list[Line]:
    """Say where each of `requests_of` stands."""
    return [
        Line(
            one,
            # both are annotated by requests_of
            progress(one, one.missing_pieces, now, refused=_is_refused(one)),  # type: ignore[attr-defined]
            unread=one.unread,  # type: ignore[attr-defined]
        )
        for one in requests
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
        message.direction == MessageDirection.OUTBOUND and (read_at is None or message.at > read_at)
        for message in thread
    )


def _is_refused(service_request: ServiceRequest) -> bool:
    outcome = service_request.last_outcome  # type: ignore[attr-defined]  # annotated by requests_of
    return service_request.state == State.CLOSE and outcome == Outcome.NEGATIVE


def _unread_messages() -> QuerySet[Message]:
    """Messages of the town that came since the citizen last opened the request."""
    from_town = Message.objects.filter(request=OuterRef("pk"), direction=MessageDirection.OUTBOUND)
    return from_town.filter(
        Q(request__account_read_at=None) | Q(at__gt=F("request__account_read_at"))
    )
