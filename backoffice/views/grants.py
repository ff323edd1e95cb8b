"""Accesses given and withdrawn: what administrators did, readable by who watches over them."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.shown_grants import grants, shown_grants
from massy_grc.common.paging import Order, keyset_page
from massy_grc.common.posted import posted_id
from massy_grc.users.models import User
from requests.permissions import Right, scope_of

SIZE = 50
NEWEST = Order("at", descending=True)


@require_safe
@agent_page(Right.ADMINISTER, Right.PROTECT_DATA, needs_post=False)
def access_grants(request: AgentRequest) -> HttpResponse:
    """Each act on the access of an agent, newest first; of one of them with ``?agent=``."""
    asked = posted_id(request.GET.get("agent"))
    person = get_object_or_404(User.objects.agents(), pk=asked) if asked else None
    rows = grants(person.pk if person else None)
    page = keyset_page(rows, order=NEWEST, params=request.GET, size=SIZE)
    context = {
        "person": person,
        "page": page,
        "rows": shown_grants(page.rows),
        "administers": scope_of(request.user).may(Right.ADMINISTER),
    }
    return render(request, "backoffice/access_grants.html", context)
