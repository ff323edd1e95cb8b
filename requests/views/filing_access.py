"""Whose draft is it, and is it a person: what every filing view asks first."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from citizens.access import session_over
from massy_grc.common.throttle import Limit, client_address, spend
from prestations.enums import Channel, PrestationStatus
from prestations.models import Prestation
from requests import actions
from requests.drafts import SESSION_KEY, begun_here, own_drafts
from requests.models import FilingDraft
from requests.typed import keep_typed

SESSION_MAXIMUM = 20
TRAP = "site_internet"
BY_SCRIPT = ("autosave", "upload")  # the page itself stays in the browser

# Generous: a library, a school or a mobile operator share one address.
START_LIMIT = Limit("filing-start", attempts=120, window=timedelta(minutes=10))
# Nobody reads a page, fills in a form and checks it in two seconds; three times is a robot.
FAST_LIMIT = Limit("filing-fast", attempts=60, window=timedelta(minutes=10))
FASTEST = timedelta(seconds=2)


class NotOpenHere(Http404):
    """No draft of this visitor's."""


def open_prestation(slug: str) -> Prestation:
    """Return a prestation the catalogue knows, open or not; nobody knows a draft.

    Raises:
        Http404: unknown.
    """
    known = Prestation.objects.select_related("team", "category", "expert_department", "processing")
    return get_object_or_404(known.exclude(status=PrestationStatus.DRAFT), pk=slug)


def closed_page(request: HttpRequest, prestation: Prestation, status: int | None = None):
    """Say why nothing can be filed here, and what to do instead.

    410 for a prestation that is over; 200 for one that goes by other channels only.
    """
    over = not prestation.is_open
    context = {
        "prestation": prestation,
        "over": over,
        "channels": other_channels(prestation),
        "sites": prestation.sites.all(),
    }
    return render(
        request, "requests/filing_closed.html", context, status=status or (410 if over else 200)
    )


def other_channels(prestation: Prestation) -> list[str]:
    """Channels a visitor may choose instead, in the catalogue's order."""
    offered = (Channel.GUICHET, Channel.TELEPHONE, Channel.COURRIER, Channel.EMAIL)
    return [channel.value for channel in offered if prestation.open_on(channel)]


def remember_draft(request: HttpRequest, draft: FilingDraft) -> None:
    """Give the draft to this browser's session, long enough to come back to it."""
    if draft.account_id is not None:
        return  # it waits in its owner's space, on any device
    tokens = [token for token in begun_here(request) if token != str(draft.token)]
    request.session[SESSION_KEY] = [*tokens, str(draft.token)][-SESSION_MAXIMUM:]
    if not request.user.is_authenticated:
        request.session.set_expiry(actions.DRAFT_LIFE)


def own_draft(request: HttpRequest, slug: str, token: UUID) -> FilingDraft:
    """Return a draft of this browser or of whoever is signed in.

    Raises:
        NotOpenHere: unknown, purged, of another prestation or somebody else's: all the same.
    """
    drafts = own_drafts(request).select_related("prestation", "form_version")
    try:
        return drafts.get(token=token, prestation_id=slug)
    except FilingDraft.DoesNotExist:
        raise NotOpenHere from None


def for_whom_it_waits(view: Callable) -> Callable:
    """On a page of a draft: whoever is not signed in (any more) is told how to find it again.

    What was posted waits for its owner's log-in, and then stands in its place on that page. The
    answer is the same for a draft of somebody else and for none.
    """

    @wraps(view)
    def guarded(request: HttpRequest, slug: str, token: UUID, **kwargs) -> HttpResponse:
        try:
            return view(request, slug, token, **kwargs)
        except NotOpenHere:
            if request.user.is_authenticated:
                raise
        by_script = request.POST.get("action") in BY_SCRIPT
        is_posted = request.method == "POST"
        return session_over(
            request,
            back=request.get_full_path(),
            is_kept=is_posted and not by_script and keep_typed(request, token),
            anew=reverse("requests:file", args=[slug]),
            status=403 if is_posted else 404,
        )

    return guarded


def start_wait(request: HttpRequest) -> int:
    """Seconds this visitor must wait before another form is begun; 0 almost always."""
    return spend(START_LIMIT, client_address(request), timezone.now())


def looks_like_robot(request: HttpRequest, draft: FilingDraft) -> bool:
    """Whether to ask to send once more: the hidden field is filled in, or much is sent too fast.

    Nothing is lost by it: the answers are kept, and a person who sends again gets through.
    """
    if request.POST.get(TRAP):
        return True
    now = timezone.now()
    if now - draft.created_at > FASTEST:
        return False
    return bool(spend(FAST_LIMIT, client_address(request), now))


def busy_page(request: HttpRequest, seconds: int) -> HttpResponse:
    """Too many forms begun from one address: say when to come back."""
    minutes = -(-seconds // 60)
    response = render(request, "requests/filing_busy.html", {"minutes": minutes}, status=429)
    response["Retry-After"] = str(seconds)
    return response
