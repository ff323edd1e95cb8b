"""Taking back what was just sent; a plain button on the page after it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from backoffice.access import AgentRequest, agent_page
from backoffice.acts import ACTS
from backoffice.neighbours import with_list
from backoffice.undoing import withdraw_offer
from backoffice.views.requests import WORKERS, find_request
from requests import actions
from requests.enums import Verb
from requests.exceptions import RequestError
from requests.models import Sending


@require_POST
@agent_page(*WORKERS)
def undo(request: AgentRequest, reference: str, sending_id: int) -> HttpResponse:
    """Undo a sending and go back to its words; too late, say so plainly."""
    sr = find_request(request, reference)
    if not sr.sendings.filter(pk=sending_id, author=request.user).exists():
        raise Http404
    withdraw_offer(request)
    try:
        sending: Sending = actions.undo_sending(sending_id=sending_id, actor=request.user)
    except RequestError as refusal:
        messages.error(request, str(refusal))
        return redirect(with_list(sr.get_absolute_url(), request.GET))
    messages.success(request, _("Envoi annulé : rien n’est parti, et la demande est comme avant."))
    act = ACTS.get(sending.act)
    if act is None or act.verb == Verb.SIGN:  # somebody else's words
        return redirect(with_list(sr.get_absolute_url(), request.GET))
    return redirect(
        with_list(reverse("backoffice:act", args=[sr.reference, act.slug]), request.GET)
    )
