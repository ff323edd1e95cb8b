"""What every staff page shows: navigation by rights, and the post of the session."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from backoffice.navigation import entries_for
from backoffice.posts import post_of
from backoffice.undoing import undoable_of
from requests.models import Notice
from requests.permissions import Right, Scope, scope_of

STAFF_PREFIXES = ("/agent/", "/pilotage/", "/technique/")


def workplace(request: HttpRequest) -> dict:
    """What staff pages show around their own matter; nothing elsewhere.

    `error_base` is the look of the pages that say 403 or 404.
    """
    user = getattr(request, "user", None)
    if user is None or not request.path.startswith(STAFF_PREFIXES) or not user.is_authenticated:
        return {}
    scope = scope_of(user)
    return {
        "agent_nav": entries_for(scope, request),
        "agent_post": post_of(request),
        "scope": scope,
        "may_be_absent": bool(scope.rights & {Right.FRONT_OFFICE, Right.EXPERT_WORK}),
        "undoable": undoable_of(request),
        # counted where it is shown: a page renders several templates
        "unread_notices": SimpleLazyObject(Notice.objects.unread(user).count),
        "search_words": _search_words(scope),
        "error_base": "backoffice/base.html" if scope.roles else "base_citizen.html",
    }


def _search_words(scope: Scope) -> str:
    """What the search box finds for this person."""
    if scope.may(Right.LOG_REQUEST):
        return _("Chercher une personne, une demande, un numéro")
    if scope.everything or scope.departments:
        return _("Chercher une demande, une rue, un numéro")
    return _("Chercher une prestation")
