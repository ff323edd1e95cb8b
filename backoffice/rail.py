"""The rail beside the lists: the queue's own views, promised calls and saved views, with counts.

The counts are half of what a list costs. They are kept for a few seconds, less than an open list
waits before it asks again; what one does oneself is counted at once, and a list that is shown whole
brings its own number.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.core.cache import cache
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backoffice.models import SavedView
from backoffice.queues import base_rows, counts_of, short_count, views_for
from backoffice.saved_views import address_of, rows_of
from massy_grc.users.models import User
from requests.models import CallBack
from requests.permissions import Right, scope_of

KEPT_SECONDS = 10
CALLS, MENTIONS = "rappels", "mentions"


def rail(
    user: User,
    now: datetime,
    kept: Sequence[SavedView],
    *,
    active: str = "",
    opened: SavedView | None = None,
    number: int | None = None,
) -> list[dict[str, Any]]:
    """The views as `base_agent.html` shows them.

    Args:
        kept: the saved views that stand below the queue's own.
        active: the slug of the view that is shown.
        opened: the saved view that is shown, in place of it.
        number: how many requests the list shown holds; None when only a part of it is shown.
    """
    views = [view for view in views_for(user) if not (view.behind_figures or view.from_home)]
    visible = base_rows(user)
    lists: dict[str, Callable[[], QuerySet]] = {
        view.slug: partial(view.rows, visible, user, now) for view in views if not view.endless
    }
    lists |= {_key(one): partial(rows_of, one, user, now) for one in kept}
    calls = scope_of(user).may(Right.LOG_REQUEST)
    if calls:
        lists[CALLS] = CallBack.objects.visible_to(user).waiting().filter(owner=user).all
    counts = _counts(user, lists)
    shown = _key(opened) if opened else active
    if number is not None and shown in lists:
        counts[shown] = short_count(number)
    own = [
        {
            "slug": view.slug,
            "own": view.own,
            "label": view.label,
            "url": view.url(),
            "count": counts.get(view.slug),
            "unit": _unit(view.slug, counts.get(view.slug)),
            "icon": view.icon,
            "active": opened is None and view.slug == active,
        }
        for view in views
    ]
    if calls:
        own.insert(sum(view.own for view in views[:2]), _calls(counts[CALLS]))
    saved = [
        {
            "slug": _key(one),
            "own": one.owner_id == user.pk,
            "label": one.name,
            "url": address_of(one),
            "count": counts.get(_key(one)),
            "unit": _unit(_key(one), counts.get(_key(one))),
            "icon": "users" if one.is_shared else "bookmark",
            "active": one == opened,
            "saved": True,
        }
        for one in kept
    ]
    return own + saved


def _calls(count: str) -> dict[str, Any]:
    """The calls that one has promised; their list is a page of its own."""
    return {
        "slug": CALLS,
        "own": True,
        "label": _("À rappeler"),
        "url": f"{reverse('backoffice:call_backs')}?qui=moi",
        "count": count,
        "unit": _unit(CALLS, count),
        "icon": "phone-call",
        "active": False,
    }


def _unit(slug: str, count: str | None) -> str:
    """What a list counts, in words."""
    number = int((count or "0").rstrip("+"))
    if slug == CALLS:
        return ngettext("rappel", "rappels", number)
    if slug == MENTIONS:
        return ngettext("mention", "mentions", number)
    return ngettext("demande", "demandes", number)


def forget_counts(user: User) -> None:
    """Count again for this person's next page: they have just changed something."""
    cache.delete(_kept_under(user))


def _counts(user: User, lists: Mapping[str, Callable[[], QuerySet]]) -> dict[str, str]:
    """Return each list's count, of these seconds."""
    known: dict[str, str] = cache.get(_kept_under(user)) or {}
    if lists.keys() - known:
        known = counts_of({name: rows() for name, rows in lists.items()})
        cache.set(_kept_under(user), known, KEPT_SECONDS)
    return known


def _kept_under(user: User) -> str:
    return f"rail:{user.pk}"


def _key(saved: SavedView) -> str:
    return f"enregistree-{saved.pk}"
