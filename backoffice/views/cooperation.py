"""A request's small buttons: a mention seen, watching it, keeping it at hand."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from backoffice.access import AgentRequest, agent_page
from backoffice.neighbours import with_list
from backoffice.views.requests import WORKERS, find_request
from requests.actions.mentions import pin_request, see_mentions, stop_watching, watch_request
from requests.actions.snoozing import end_snooze
from requests.standing_in import is_ones_own


@require_POST
@agent_page(*WORKERS)
def mentions_seen(request: AgentRequest, reference: str) -> HttpResponse:
    """The notes that name this person, or whom they stand in for, have been read."""
    sr = find_request(request, reference)
    see_mentions(service_request=sr, user=request.user)
    return redirect(with_list(sr.get_absolute_url(), request.GET))


@require_POST
@agent_page(*WORKERS)
def snooze_over(request: AgentRequest, reference: str) -> HttpResponse:
    """What this person had set aside is theirs to work on again; or they saw that it came back."""
    sr = find_request(request, reference)
    end_snooze(request_id=sr.pk, actor=request.user)
    return redirect(with_list(sr.get_absolute_url(), request.GET))


@require_POST
@agent_page(*WORKERS)
def watch(request: AgentRequest, reference: str) -> HttpResponse:
    """Watch the request, once a day or at each event, or stop."""
    sr = find_request(request, reference)
    how = request.POST.get("how")
    if how == "stop":
        stop_watching(service_request=sr, user=request.user)
        messages.success(request, _("Vous ne suivez plus cette demande."))
    elif how in ("day", "now"):
        watch_request(service_request=sr, user=request.user, at_once=how == "now")
        messages.success(request, _("Vous suivez cette demande."))
    else:
        raise Http404
    return redirect(with_list(sr.get_absolute_url(), request.GET))


@require_POST
@agent_page(*WORKERS)
def pin(request: AgentRequest, reference: str) -> HttpResponse:
    """Keep the request at the head of this person's own, or no longer."""
    on = request.POST.get("pin") == "on"
    sr = find_request(request, reference)
    if on and not is_ones_own(sr, request.user):
        raise PermissionDenied
    pin_request(service_request=sr, user=request.user, on=on)
    messages.success(
        request,
        _("Épinglée : elle est en tête de vos demandes.") if on else _("Elle n’est plus épinglée."),
    )
    return redirect(with_list(sr.get_absolute_url(), request.GET))
