"""Replies the town has ready, which a text box offers while one types."""

from dataclasses import asdict

from django.http import Http404, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.actions.accesses import VIEW, record_access
from backoffice.views.requests import WORKERS, find_request
from prestations.enums import LetterUse
from requests.letters.canned import canned_replies


@require_safe
@agent_page(*WORKERS)
def replies(request: AgentRequest, reference: str, use: str) -> JsonResponse:
    """What may be put into a message, or an answer, about this request.

    They hold values of the request: a look at it.
    """
    sr = find_request(request, reference)
    if use not in LetterUse.values:
        raise Http404
    record_access(user=request.user, action=VIEW, object_type="request", object_id=sr.pk)
    found = canned_replies(sr, LetterUse(use), timezone.now())
    return JsonResponse({"replies": [asdict(one) for one in found]})
