"""From one request of a list to the next one, or to the one before."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.neighbours import LIST, list_behind, neighbour_of, with_list
from backoffice.views.requests import WORKERS
from requests.models import ServiceRequest


@require_safe
@agent_page(*WORKERS)
def neighbour(request: AgentRequest, reference: str, *, backwards: bool = False) -> HttpResponse:
    """Open the next request of the list that `?liste=` carries; the list, where it says nothing."""
    behind = list_behind(request.GET)
    query = request.GET[LIST] if behind else ""
    found = neighbour_of(reference, query, request.user, timezone.now(), backwards=backwards)
    if found:
        return redirect(found)
    back = behind.get("list_url", reverse("backoffice:queue"))
    if found is None:
        messages.info(request, _("Cette demande n’est plus dans la liste."))
        return redirect(back)
    if backwards:
        messages.info(request, _("C’est la première demande de la liste."))
    else:
        messages.info(request, _("C’est la dernière demande de la liste."))
    seen = ServiceRequest.objects.visible_to(request.user).filter(reference=reference).first()
    if seen is None:  # passed on to somebody else meanwhile
        return redirect(back)
    return redirect(with_list(seen.get_absolute_url(), request.GET))
