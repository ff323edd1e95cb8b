"""What the home of the citizen's space says of their requests."""

from typing import Any

from django import template
from django.utils import timezone

from requests import actions, space
from requests.drafts import unfiled_drafts

register = template.Library()
MOST = 20  # requests on the home page; the others are on the page of all requests

register.filter("excerpt", space.excerpt)


@register.inclusion_tag("requests/space_overview.html", takes_context=True)
def space_overview(context: template.Context) -> dict[str, Any]:
    """Requests under way (one's own and the organisations'), forms begun, what is unread."""
    request = context["request"]
    account = request.account  # the page is behind `citizen_required`
    now = timezone.now()
    rows = list(space.under_way(account)[: MOST + 1])
    drafts = space.begun(unfiled_drafts(request))
    return {
        "lines": space.lines(rows[:MOST], now),
        "more": len(rows) > MOST,
        "drafts": drafts,
        "shared": space.shared_with(account, now),
        "earlier": actions.earlier_requests(account).exists(),
        "reports": space.followed_reports(account),
        "unread": space.conversations_of(account, unread=True).count(),
        "csrf_token": context.get("csrf_token"),
    }
