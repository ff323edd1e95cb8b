"""The notification centre: what an agent is told of, read or not, for thirty days."""

from django.db.models import Q
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from backoffice.access import AgentRequest, agent_page, asked_by_itself
from backoffice.shown_notices import shown_notices
from massy_grc.common.paging import Order, keyset_page
from requests import actions
from requests.models import Notice

NEWEST = Order("at", descending=True)
PAGE_SIZE = 50
UNREAD = "non-lues"


@require_safe
@agent_page(needs_post=False)
def notices(request: AgentRequest) -> HttpResponse:
    """What this person was told of, the newest first; ``?non-lues`` keeps the unread."""
    only_unread = UNREAD in request.GET
    mine = Notice.objects.filter(Q(user=request.user), Q(read_at=None) if only_unread else Q())
    page = keyset_page(
        mine.select_related("actor"), order=NEWEST, params=request.GET, size=PAGE_SIZE
    )
    return render(
        request,
        "backoffice/notice_list.html",
        {
            "notices": shown_notices(page.rows, request.user),
            "page": page,
            "only_unread": only_unread,
        },
    )


@require_POST
@agent_page(needs_post=False)
def notices_read(request: AgentRequest) -> HttpResponse:
    """All that this person was told of is read."""
    actions.read_notices(user=request.user)
    return redirect("backoffice:notices")


@require_POST
@agent_page(needs_post=False)
def notice_read(request: AgentRequest, notice_id: int) -> HttpResponse:
    """One notice is read, or kept for later; somebody else's is left as it is."""
    if request.POST.get("lue") == "non":
        actions.unread_again(user=request.user, notice_id=notice_id)
    else:
        actions.read_notices(user=request.user, notice_id=notice_id)
    return redirect("backoffice:notices")


@require_safe
@asked_by_itself
def notice_count(request: AgentRequest) -> JsonResponse:
    """How many wait to be read: an open page asks again and again. One query."""
    return JsonResponse({"unread": Notice.objects.unread(request.user).count()})
