"""What is new for somebody today: notices, calls they promised, questions noted, rights to give."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from backoffice.shown_notices import shown_notices
from massy_grc.users.models import User
from prestations.privacy import RIGHTS_PRESTATION
from requests.models import CallBack, Contact, Notice, ServiceRequest
from requests.permissions import Right, scope_of

NEWS_SHOWN = 5


def day_of(user: User) -> dict[str, Any]:
    """Return the newest unread notices, and a tile for what waits besides requests."""
    unread = Notice.objects.unread(user).select_related("actor")
    day: dict[str, Any] = {
        "news": shown_notices(unread.order_by("-at", "-id")[:NEWS_SHOWN], user),
        "more_tiles": [],
    }
    tiles: list[tuple[str, int, str]] = []
    if scope_of(user).may(Right.PROTECT_DATA):
        rights = ServiceRequest.objects.filter(prestation=RIGHTS_PRESTATION).open()
        tiles.append((_("Droits exercés, en cours"), rights.count(), "backoffice:privacy"))
    if scope_of(user).may(Right.LOG_REQUEST):
        calls = CallBack.objects.visible_to(user).waiting().filter(owner=user)
        noted = Contact.objects.of_calls(user).to_qualify()
        own = noted.kept_by(user).count()
        tiles += [
            (_("À rappeler"), calls.count(), "backoffice:call_backs"),
            (_("Questions à qualifier"), own, "backoffice:call_log"),
        ]
        if scope_of(user).may(Right.SUPERVISE):
            others = noted.count() - own
            tiles.append((_("Questions à reprendre"), others, "backoffice:call_log"))
    day["more_tiles"] = [
        {"label": label, "count": str(count), "url": reverse(name)}
        for label, count, name in tiles
        if count
    ]
    return day
