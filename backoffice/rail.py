"""The rail beside the lists: the queue's own views and the saved ones, each with its count."""

from datetime import datetime
from typing import Any

from backoffice.models import SavedView
from backoffice.queues import base_rows, counts_of, views_for
from backoffice.saved_views import address_of, rows_of, saved_views
from massy_grc.users.models import User


def rail(
    user: User, now: datetime, *, active: str = "", opened: SavedView | None = None
) -> list[dict[str, Any]]:
    """The views as `base_agent.html` shows them.

    Args:
        active: the slug of the view that is shown.
        opened: the saved view that is shown, in place of it.
    """
    views = [view for view in views_for(user) if not view.behind_figures]
    kept = saved_views(user)
    visible = base_rows(user)
    lists = {view.slug: view.rows(visible, user, now) for view in views if view.counted}
    counts = counts_of(lists | {_key(one): rows_of(one, user, now) for one in kept})
    own = [
        {
            "slug": view.slug,
            "own": view.own,
            "label": view.label,
            "url": view.url(),
            "count": counts.get(view.slug),
            "icon": view.icon,
            "active": opened is None and view.slug == active,
        }
        for view in views
    ]
    saved = [
        {
            "slug": _key(one),
            "own": one.owner_id == user.pk,
            "label": one.name,
            "url": address_of(one),
            "count": counts.get(_key(one)),
            "icon": "users" if one.is_shared else "bookmark",
            "active": one == opened,
            "saved": True,
        }
        for one in kept
    ]
    return own + saved


def _key(saved: SavedView) -> str:
    return f"enregistree-{saved.pk}"
