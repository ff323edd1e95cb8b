"""Who may open which staff page. Each view declares its rights here; a test reads them all."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Protocol, cast
from urllib.parse import urlencode

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from backoffice.posts import post_of
from backoffice.rail import forget_counts
from backoffice.withdrawn import withdrawn
from requests.permissions import Right, scope_of

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from massy_grc.users.models import User


class AgentRequest(HttpRequest):
    """What a view behind `agent_page` receives: somebody is logged in. For the types only."""

    user: User
    htmx: HtmxDetails


class DeclaredView(Protocol):
    """A staff page with the rights of which one opens it; a test reads them all."""

    agent_rights: frozenset[Right]

    def __call__(self, request: HttpRequest, *args, **kwargs) -> HttpResponse: ...


def agent_page(*rights: Right, needs_post: bool = True) -> Callable:
    """Let in agents holding at least one of `rights` (any agent when none is named).

    An anonymous visitor is sent to the log-in page; a person without the right gets 403, and what
    they have just typed. A
    front-office agent who has not said yet at which post they sit is asked first (S29), except
    where `needs_post` is false.
    """

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            scope = scope_of(request.user)
            if not scope.roles or (rights and not scope.rights.intersection(rights)):
                if request.method == "POST":  # the role may have been there with the form
                    return withdrawn(request, HTTPStatus.FORBIDDEN, role_lost=True)
                raise PermissionDenied
            if (
                needs_post
                and request.method == "GET"
                and scope.may(Right.FRONT_OFFICE)
                and post_of(request) is None
            ):
                chosen = reverse("backoffice:choose_post")
                return redirect(f"{chosen}?{urlencode({'next': request.get_full_path()})}")
            answer = view(request, *args, **kwargs)
            if request.method == "POST":
                forget_counts(request.user)
            return answer

        declared = cast("DeclaredView", guarded)
        declared.agent_rights = frozenset(rights)
        return declared

    return decorate


def asked_by_itself(view: Callable) -> Callable:
    """Let in any agent's log-in, for what open pages ask for again and again: no right is read."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if request.user.is_citizen:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    declared = cast("DeclaredView", guarded)
    declared.agent_rights = frozenset()
    return declared
