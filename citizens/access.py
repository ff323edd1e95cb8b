"""Who may open a page of the citizen's space: whoever is signed in with an open account."""

from collections.abc import Callable
from functools import wraps
from typing import cast
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from citizens.models import CitizenAccount, OrganisationAccount
from massy_grc.users.models import User

WRITTEN = 20  # characters: shorter answers are codes, or quickly typed again


class CitizenRequest(HttpRequest):
    """What a view behind `citizen_required` receives. For the types only."""

    user: User
    account: CitizenAccount


class _Known(HttpRequest):
    """What a request is once it was asked whose it is. For the types only."""

    account: CitizenAccount | None


def account_of(request: HttpRequest) -> CitizenAccount | None:
    """Return the open account of whoever is signed in, with its citizen; None for anybody else.

    Asked once a request.
    """
    known = cast("_Known", request)
    if not hasattr(known, "account"):
        user = request.user
        is_citizen = isinstance(user, User) and user.is_citizen
        accounts = CitizenAccount.objects.open().select_related("citizen", "user")
        found = accounts.filter(user=user).first() if is_citizen else None
        known.account = found
    return known.account


def account_email(request: HttpRequest) -> str:
    """Return the proven address of whoever is signed in with an open account; "" for all others."""
    account = account_of(request)
    return (account.user.email or "") if account else ""


def own_organisation(request: CitizenRequest, organisation_id: int) -> OrganisationAccount:
    """Return an organisation in which the reader is a member.

    Raises:
        Http404: any other, known or not.
    """
    mine = OrganisationAccount.objects.of_account(request.account)
    return get_object_or_404(mine, pk=organisation_id)


def session_over(
    request: HttpRequest,
    *,
    back: str = "",
    is_kept: bool = False,
    anew: str = "",
    status: int = 403,
) -> HttpResponse:
    """Say that the session has ended, and give back what was written: nothing is lost.

    The same whatever the address names: it tells nothing of what exists.

    Args:
        back: where the log-in leads; the page one came from by default.
        is_kept: whether what was written waits there, in its place.
        anew: where somebody without an account begins again.
    """
    hidden = ("csrfmiddlewaretoken", "password")
    written = [
        value
        for name, values in request.POST.lists()
        if not any(part in name for part in hidden)
        for value in values
        if len(value) >= WRITTEN
    ]
    came_from = urlsplit(request.headers.get("Referer", ""))
    left = came_from.path if came_from.netloc == request.get_host() else ""
    context = {
        "written": written,
        "back": back or left or reverse("citizens:account"),
        "is_kept": is_kept,
        "lost_files": list(request.FILES.values()) if is_kept or anew else [],
        "anew": anew,
    }
    return render(request, "citizens/session_over.html", context, status=status)


def citizen_required(view: Callable) -> Callable:
    """Let in citizens with an open account, as `request.account`.

    An anonymous visitor is sent to the log-in page and comes back; an agent gets 403: an agent
    who lives in the town has a citizen account under their private address.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            if request.method == "POST":
                return session_over(request)
            return redirect_to_login(request.get_full_path())
        if account_of(request) is None:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded
